// Bar charts: made once for a number of classes, then only moved; and bars that can be dragged.

const CHART = { width: 200, top: 24, bottom: 164, height: 188, left: 26, right: 194 };
const NONE_TOP = CHART.top + 14; // of the box that stands where a bar would be

/**
 * A bar chart with its heading and its note.
 * update({values, axis, label, texts, note, ghosts, bad}) moves it: ghosts are where the dashed
 * lines go, if anywhere, and bad says that the note must be seen.
 */
function barChart(title, formula, count, marks) {
  const step = (CHART.right - CHART.left) / count;
  const bars = Array.from({ length: count }, (_, index) => barParts(index, step, marks));
  const grid = shape("g", { class: "grid" });
  const zero = shape("path", { class: "zero" });
  const drawing = shape("svg",
    { role: "img", class: count > 4 ? "many" : "", viewBox: `0 0 ${CHART.width} ${CHART.height}` },
    grid, ...bars.map((bar) => bar.group), zero);
  const note = element("p", { class: "note" });
  const figure = element("figure", {}, element("figcaption", {},
    element("strong", {}, title), element("span", {}, formula)), drawing, note);
  let drawnAxis = "";

  function update({ values, axis, label, ghosts, texts, note: words, bad }) {
    const y = (value) => CHART.bottom
      - ((value - axis.low) / (axis.high - axis.low)) * (CHART.bottom - CHART.top);
    if (drawnAxis !== axis.ticks.join()) {
      grid.replaceChildren(...axis.ticks.flatMap((tick) => tickParts(tick, y(tick))));
      move(zero, { d: `M${CHART.left} ${y(0)}H${CHART.right}` });
      drawnAxis = axis.ticks.join();
    }
    bars.forEach((bar, index) =>
      moveBar(bar, values[index], axis, y, texts[index], ghosts?.[index]));
    drawing.setAttribute("aria-label", label);
    say(note, words);
    figure.classList.toggle("bad", Boolean(bad));
  }
  return { figure, drawing, update, step };
}

function tickParts(tick, height) {
  return [
    shape("path", { d: `M${CHART.left} ${height}H${CHART.right}` }),
    shape("text", { x: CHART.left - 4, y: height + 3, "text-anchor": "end" }, show(tick)),
  ];
}

function barParts(index, step, marks) {
  const middle = CHART.left + step * (index + 0.5);
  const width = Math.min(step * 0.72, 46);
  const left = middle - width / 2;
  const words = (name, y, ...text) =>
    shape("text", { class: name, x: middle, y, "text-anchor": "middle" }, ...text);
  const parts = {
    none: shape("rect",
      { class: "none", x: left, width, y: NONE_TOP, height: CHART.bottom - NONE_TOP }),
    bar: shape("rect", { class: "bar", x: left, width, fill: `url(#${marks}-mark-${index})` }),
    ghost: shape("path", { class: "ghost" }),
    knob: shape("rect", { class: "knob", x: left - 3, width: width + 6, height: 6, rx: 3 }),
    number: words("number", 0),
    cut: words("cut", 0),
    letter: words("letter", CHART.height - 6, CLASSES[index]),
  };
  const group = shape("g", {}, ...Object.values(parts));
  return { ...parts, group, lineAt: (y) => `M${left - 3} ${y}h${width + 6}` };
}

/** Puts one bar where its value says; NaN is an empty dashed box with the word in it. */
function moveBar(parts, value, axis, y, text, ghost) {
  const onAxis = (number) => Math.min(Math.max(number, axis.low), axis.high);
  const missing = Number.isNaN(value);
  const end = missing ? 0 : onAxis(value);
  const top = Math.min(y(end), y(0));
  move(parts.bar, { y: top, height: Math.abs(y(end) - y(0)) });
  move(parts.knob, { y: y(end) - 3 });
  parts.group.classList.toggle("missing", missing);
  write(parts.number, text, missing ? (CHART.top + CHART.bottom) / 2 : top - 8);
  const cut = missing || end === value ? "" : value > 0 ? "▲" : "▼"; // the bar goes on beyond
  write(parts.cut, cut, value > 0 ? y(end) + 12 : y(end) - 4);
  move(parts.ghost, { d: Number.isFinite(ghost) ? parts.lineAt(y(onAxis(ghost))) : "" });
}

function write(node, text, y) {
  say(node, text);
  node.setAttribute("y", y);
}

/**
 * Mouse, pen and finger: the bar under the pointer follows it until it is let go.
 * follow(index, share) gets the height as a share of the chart, 0 to 1; end() is called once.
 */
function dragBars({ drawing, step }, count, follow, end) {
  drawing.classList.add("draggable");
  let index;
  const moved = (event) => {
    const box = drawing.getBoundingClientRect();
    const height = ((event.clientY - box.top) / box.height) * CHART.height;
    const share = (CHART.bottom - height) / (CHART.bottom - CHART.top);
    follow(index, Math.min(Math.max(share, 0), 1));
  };
  drawing.addEventListener("pointerdown", (event) => {
    const box = drawing.getBoundingClientRect();
    const across = ((event.clientX - box.left) / box.width) * CHART.width - CHART.left;
    index = Math.min(Math.max(Math.floor(across / step), 0), count - 1);
    drawing.setPointerCapture(event.pointerId);
    event.preventDefault();
    moved(event);
  });
  drawing.addEventListener("pointermove", (event) => index !== undefined && moved(event));
  for (const last of ["pointerup", "pointercancel"]) {
    drawing.addEventListener(last, () => {
      if (index !== undefined) end();
      index = undefined;
    });
  }
}
