// What the labs share: making elements, marks, numbers in words, buttons, tables; no state.
// A lab's files travel joined into one module behind this one (see parts.py), so that there is no
// build step: functions are shared without import lines, and only the last file exports.

const CLASSES = "ABCDEF";
const SVG = "http://www.w3.org/2000/svg";
const COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]; // Okabe and Ito
// What tells the classes apart without colour, drawn over it: none, stripes, dots, ...
const MARKS = [
  "", "M-2 2l4 -4M0 8l8 -8M6 10l4 -4", "M4 4h.01", "M0 4h8", "M0 0l8 8M8 0l-8 8", "M4 0v8",
];

// JupyterLab takes arrow keys, Enter and Space for its cells unless the element that has the focus
// says this itself; on a parent it has no effect.
const KEYS = { "data-lm-suppress-shortcuts": "true" };
// What an arrow key adds, in steps.
const STEPS = {
  ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10,
};

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}
const element = (tag, attributes = {}, ...children) =>
  fill(document.createElement(tag), attributes, children);
const shape = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);
const move = (node, attributes) => fill(node, attributes, []);

/** A number in at most `figures` significant figures, with a real minus sign. */
function show(number, figures = 4) {
  if (Number.isNaN(number)) return "NaN";
  if (!Number.isFinite(number)) return number > 0 ? "inf" : "−inf";
  const size = Math.abs(number);
  const wide = size !== 0 && (size < 1e-3 || size >= 1e5);
  const text = wide ? number.toExponential(1) : String(Number(number.toPrecision(figures)));
  return text.replace("e+", "e").replaceAll("-", "−");
}

/** "A 0.2689, B 0.7311", for labels and for people who listen. */
function list(numbers) {
  return numbers.map((number, index) => `${CLASSES[index]} ${show(number)}`).join(", ");
}

/** Colour plus mark for each class, to be filled in by `url(#name-mark-index)`. */
function patterns(name) {
  return shape("defs", {}, ...COLOURS.map((colour, index) => shape("pattern",
    { id: `${name}-mark-${index}`, width: 8, height: 8, patternUnits: "userSpaceOnUse" },
    shape("rect", { width: 8, height: 8, fill: colour }),
    shape("path", {
      d: MARKS[index], stroke: index < 3 ? "#fff" : "#000", "stroke-opacity": 0.75,
      "stroke-width": index === 2 ? 3 : 1.4, "stroke-linecap": "round", fill: "none",
    }))));
}

function button(text, action, attributes = {}) {
  const node = element("button", { type: "button", ...KEYS, ...attributes }, text);
  node.addEventListener("click", action);
  return node;
}

function group(name, attributes, ...children) {
  return element("div", { role: "group", "aria-label": name, ...attributes }, ...children);
}

/** The numbers once more as text; update(columns) takes [heading, numbers] pairs. */
function numbersTable() {
  const head = element("tr");
  const body = element("tbody");
  const table = element("table", {},
    element("caption", {}, "The same numbers as text"), element("thead", {}, head), body);
  let made = "";
  function make(columns) {
    head.replaceChildren(...["class", ...columns.map(([name]) => name)].map(
      (name) => element("th", { scope: "col" }, name)));
    body.replaceChildren(...columns[0][1].map((_, index) => element("tr", {},
      element("th", { scope: "row" }, CLASSES[index]), ...columns.map(() => element("td")))));
  }
  return {
    table,
    update(columns) {
      const now = columns.map(([name, numbers]) => name + numbers.length).join();
      if (now !== made) make(columns);
      made = now;
      columns.forEach(([, numbers], place) => numbers.forEach((number, index) => {
        const cell = body.rows[index].cells[place + 1];
        const text = show(number, 6);
        if (cell.textContent !== text) cell.textContent = text;
      }));
    },
  };
}
