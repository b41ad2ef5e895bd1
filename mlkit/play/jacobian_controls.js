// The matrix and the sliders of the Jacobian lab: each makes its elements; none keeps state.

const STEEPEST = 0.25; // no slope of softmax is further from zero

/** A slider for one number. Arrow keys move by its grain, page keys by ten times that. */
function numberSlider(id, name, { low, high, grain }, set) {
  const input = element("input", { id, type: "range", min: low, max: high, step: "any", ...KEYS });
  const shown = element("span", { class: "value" });
  const rounded = (number) => Math.round(number / grain) * grain;
  input.addEventListener("input", () => set(rounded(Number(input.value))));
  input.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const ends = { Home: low, End: high };
    const next = STEPS[event.key]
      ? rounded(Number(input.dataset.number) + STEPS[event.key] * grain) : ends[event.key];
    if (next === undefined) return;
    event.preventDefault(); // the browser's own step differs from browser to browser
    set(next);
  });
  const row = element("div", { class: "slider" }, element("label", { for: id }, name), input, shown);
  return {
    row,
    update(number) {
      input.value = number;
      input.dataset.number = number;
      input.setAttribute("aria-valuetext", show(number));
      say(shown, show(number));
    },
  };
}

/** The matrix as a table of colours: blue above zero, orange and striped below. */
function heatMap(count) {
  const letters = CLASSES.slice(0, count).split("");
  const cells = letters.map(() => letters.map(() => element("td")));
  const head = letters.map((letter) => element("th", { scope: "col" }, `z ${letter}`));
  const rows = letters.map((letter, i) => element("tr", {},
    element("th", { scope: "row" }, `a ${letter}`), ...cells[i]));
  const table = element("table", { class: count > 3 ? "heat many" : "heat" },
    element("caption", {}, element("strong", {}, "J"),
      " how each probability (row) moves with each score (column)"),
    element("thead", {}, element("tr", {}, element("td"), ...head)), element("tbody", {}, ...rows));
  const note = element("p", { class: "note" });
  const yours = element("p", { class: "yours" });
  return {
    figure: element("div", { class: "matrix" }, table, note, yours),
    note,
    yours,
    update(matrix) {
      matrix.forEach((row, i) => row.forEach((entry, j) => {
        const cell = cells[i][j];
        say(cell, slope(entry));
        cell.className = entry < 0 ? "below" : "";
        const strength = Number.isFinite(entry) ? Math.min(Math.abs(entry) / STEEPEST, 1) : 0;
        cell.style.setProperty("--strength", `${(60 * strength).toFixed(1)}%`);
      }));
    },
  };
}
