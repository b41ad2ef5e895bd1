// The bar charts of the softmax lab: made once for a number of classes, then only moved.

const CHART = { width: 200, top: 24, bottom: 164, height: 188, left: 26, right: 194 };
const NONE_TOP = CHART.top + 14; // of the box that stands where a bar would be

/** The axis of shares: 0 to 1, or wider when a share is no probability. */
function shareAxis(shares) {
  const inside = shares.every((share) => !(share < 0 || share > 1));
  return inside
    ? { low: 0, high: 1, ticks: [0, 0.5, 1] } : { low: -1, high: 2, ticks: [-1, 0, 1, 2] };
}

/** The axis of scores: up to 5, 10, 20, 50, ...; `limit` holds it still during a drag. */
function scoreAxis(logits, limit) {
  const low = Math.min(...logits) < -0.23 * limit ? -limit : -limit / 4;
  return { low, high: limit, ticks: low === -limit ? [-limit, 0, limit] : [0, limit / 2, limit] };
}

/** The smallest limit of that series with a little room above the largest score. */
function limitFor(logits) {
  const largest = Math.max(...logits.map(Math.abs));
  for (let ten = 1; ; ten *= 10) {
    for (const limit of [5 * ten, 10 * ten, 20 * ten]) if (largest <= 0.95 * limit) return limit;
  }
}

/** What an arrow key adds to a score, and what a drag rounds to. */
const grain = (limit) => Math.max(limit / 100, 0.1);

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
    if (note.textContent !== words) note.textContent = words;
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
  if (node.textContent !== text) node.textContent = text;
  node.setAttribute("y", y);
}
