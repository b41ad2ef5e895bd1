// The drawings of the staircase: two charts over one weight axis, and the images in a row.

const CHART = { width: 320, height: 176, left: 44, right: 312, top: 12, bottom: 146 };

const across = (weight) => CHART.left
  + ((weight - WEIGHTS.low) / (WEIGHTS.high - WEIGHTS.low)) * (CHART.right - CHART.left);
const weightAt = (x) => WEIGHTS.low
  + ((x - CHART.left) / (CHART.right - CHART.left)) * (WEIGHTS.high - WEIGHTS.low);

/**
 * A chart of one curve, with a dot and a tangent where the weight stands.
 * update({weight, value, slope, shown, label, words}): shown is the slope as text, words the note.
 */
function curveChart({ title, unit, high, ticks, path, name }) {
  const up = (value) => CHART.bottom - (value / high) * (CHART.bottom - CHART.top);
  const drawing = shape("svg", { role: "img", viewBox: `0 0 ${CHART.width} ${CHART.height}` });
  const cursor = shape("path", { class: "cursor" });
  const tangent = shape("path", { class: "tangent" });
  const dot = shape("circle", { class: "dot", r: 6 });
  drawing.append(
    shape("g", { class: "grid" },
      ...ticks.flatMap((tick) => [
        shape("path", { d: `M${CHART.left} ${up(tick)}H${CHART.right}` }),
        shape("text", { x: CHART.left - 5, y: up(tick) + 4, "text-anchor": "end" }, unit(tick)),
      ]),
      ...[0, 10, 20, 30, 40].map((tick) => shape("text",
        { x: across(tick), y: CHART.bottom + 14, "text-anchor": "middle" }, String(tick))),
      shape("text", { x: CHART.right, y: CHART.bottom + 28, "text-anchor": "end" }, "weight w")),
    shape("path", { class: `curve ${name}`, d: path(up) }), cursor, tangent, dot);
  const slope = element("strong", { class: "slope" });
  const note = element("p", { class: "note" });
  const figure = element("figure", {}, element("figcaption", {}, element("strong", {}, title),
    element("span", {}, "slope here: ", slope)), drawing, note);

  function update({ weight, value, slope: steep, label, shown, words }) {
    const x = across(weight);
    const y = up(value);
    const rise = (steep * 6) / high * (CHART.bottom - CHART.top); // over six units of weight
    const run = across(6) - across(0);
    move(cursor, { d: `M${x} ${CHART.bottom}V${y}` });
    move(tangent, { d: `M${x - run} ${y + rise}L${x + run} ${y - rise}` });
    move(dot, { cx: x, cy: y });
    drawing.setAttribute("aria-label", label);
    say(slope, shown);
    say(note, words);
  }
  return { figure, drawing, update };
}

/** Straight lines, and for the accuracy level ones from step to step. */
function smoothPath(values) {
  return (up) => `M${values.map(([w, v]) => `${across(w).toFixed(2)} ${up(v).toFixed(2)}`)
    .join("L")}`;
}
function stairPath(values) {
  return (up) => `M${across(values[0][0])} ${up(values[0][1])}`
    + values.slice(1).map(([w, v]) => `H${across(w).toFixed(2)}V${up(v).toFixed(2)}`).join("");
}

/** One digit as a small picture of 8 by 8 pixels, dark ink on white paper. */
function thumbnail(pixels) {
  const canvas = element("canvas", { width: 8, height: 8 });
  const context = canvas.getContext("2d");
  const data = context.createImageData(8, 8);
  pixels.forEach((ink, i) => data.data.set([0, 1, 2].map(() => 255 - ink * 15.9).concat(255), 4 * i));
  context.putImageData(data, 0, 0);
  return canvas.toDataURL();
}

/** The images by growing foot: each with a bar for p, what the neuron says, and a mark. */
function imageRow({ pixels, digits }) {
  const cards = pixels.map((ink, index) => {
    const bar = element("span", { class: "fill" });
    const ring = element("span", { class: "ring", hidden: true });
    const verdict = element("span", { class: "verdict" });
    const card = element("li", {},
      element("span", { class: "bar" }, bar, ring),
      element("img", { src: thumbnail(ink), alt: `a ${digits[index]}` }), verdict);
    return { card, bar, ring, verdict };
  });
  const row = element("ul", { class: "images" }, ...cards.map(({ card }) => card));
  return {
    row,
    /** Rings where the student's probabilities are; none without any, or for NaN. */
    rings(values) {
      cards.forEach(({ ring }, i) => {
        ring.hidden = !values || Number.isNaN(values[i]);
        if (!ring.hidden) ring.style.bottom = `${100 * Math.min(Math.max(values[i], 0), 1)}%`;
      });
    },
    update({ probabilities, hits }) {
      cards.forEach(({ card, bar, verdict }, i) => {
        const p = probabilities[i];
        bar.style.height = `${100 * p}%`;
        card.classList.toggle("wrong", !hits[i]);
        card.classList.toggle("first", p >= 0.5 && !(probabilities[i - 1] >= 0.5));
        say(verdict, `${hits[i] ? "✓" : "✗"} ${says(p)}`);
      });
    },
  };
}

/** The numbers once more as text. */
function imagesTable({ foot, digits }) {
  const heads = ["image", "foot", "p", "the neuron says", "right?"];
  const body = element("tbody", {}, ...digits.map((digit, i) => element("tr", {},
    element("th", { scope: "row" }, `a ${digit}`), element("td", {}, fixed(foot[i], 3)),
    element("td"), element("td"), element("td"))));
  const table = element("table", {}, element("thead", {}, element("tr", {},
    ...heads.map((head) => element("th", { scope: "col" }, head)))), body);
  return {
    table,
    update({ probabilities, hits }) {
      probabilities.forEach((p, i) => {
        const { cells } = body.rows[i];
        say(cells[2], fixed(p, 4));
        say(cells[3], says(p));
        say(cells[4], hits[i] ? "yes" : "no");
      });
    },
  };
}
