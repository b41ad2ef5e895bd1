// The controls of the softmax lab: each makes its elements and calls back; none keeps state.

const TEMPERATURES = [
  0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10,
];

const PRESETS = [
  { name: "[1, 2]", state: { logits: [1, 2], temperature: 1 } },
  { name: "[10, 20]", state: { logits: [10, 20], temperature: 1 } },
  { name: "[11, 12]", state: { logits: [11, 12], temperature: 1 } },
  { name: "[20, 30]", state: { logits: [20, 30], temperature: 1 } },
  { name: "sharp", state: { logits: [1, 2, 3], temperature: 0.2 } },
  { name: "flat", state: { logits: [1, 2, 3], temperature: 10 } },
  { name: "overflow", state: { logits: [80, 85, 90], temperature: 1, precision: "float32" } },
];
const START = { logits: [1, 2], temperature: 1, precision: "float64" };

/** A slider for one score. Arrow keys move by `grainNow()`, page keys by ten times that. */
function scoreSlider(id, letter, grainNow, setScore) {
  const input = element("input", { id, type: "range", step: "any", ...KEYS });
  const shown = element("span", { class: "value" });
  input.addEventListener("input", () => {
    setScore(Math.round(input.value / grainNow()) * grainNow());
  });
  input.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const ends = { Home: Number(input.min), End: Number(input.max) };
    const next = STEPS[event.key]
      ? Number(input.dataset.score) + STEPS[event.key] * grainNow() : ends[event.key];
    if (next === undefined) return;
    event.preventDefault(); // the browser's own step differs from browser to browser
    setScore(next, true);
  });
  const row = element("div", { class: "slider" },
    element("label", { for: id }, `Score ${letter}`), input, shown);
  return {
    row,
    input,
    update(score, axis) {
      input.min = axis.low;
      input.max = axis.high;
      input.value = score;
      input.dataset.score = score;
      input.setAttribute("aria-valuetext", show(score, 6));
      shown.textContent = show(score, 6);
    },
  };
}

function temperatureSlider(id, setTemperature) {
  const input = element("input",
    { id, type: "range", min: 0, max: TEMPERATURES.length - 1, step: 1, ...KEYS });
  const shown = element("span", { class: "value" });
  input.addEventListener("input", () => setTemperature(TEMPERATURES[input.value]));
  const row = element("div", { class: "slider" },
    element("label", { for: id }, "Temperature"), input, shown);
  return {
    row,
    update(temperature) {
      const above = TEMPERATURES.findIndex((stop) => stop >= temperature - 1e-9);
      input.value = above;
      input.setAttribute("aria-valuetext", show(temperature));
      shown.textContent = show(temperature);
    },
  };
}

/** A button that does something with a number of the student's own. */
function numberButton(id, letter, start, text, action) {
  const input = element("input", { id, type: "number", step: "any", value: start, ...KEYS });
  const act = () => {
    if (input.value !== "" && Number.isFinite(input.valueAsNumber)) action(input.valueAsNumber);
  };
  input.addEventListener("keydown", (event) => event.key === "Enter" && act());
  return element("div", { class: "pair" },
    element("label", { for: id }, `${letter} =`), input, button(text, act));
}

function precisionChoice(name, setPrecision) {
  const radios = Object.keys(ROUND).map((precision) => {
    const input = element("input", { type: "radio", name, value: precision, ...KEYS });
    input.addEventListener("change", () => setPrecision(precision));
    return input;
  });
  const field = element("fieldset", { class: "choice" }, element("legend", {}, "Precision"),
    ...radios.map((input) => element("label", {}, input, input.value)));
  return {
    field,
    update(precision) {
      for (const input of radios) input.checked = input.value === precision;
    },
  };
}

/** The question before the first move; `answer(guess)` gives the verdict's text. */
function predictionForm(name, answer) {
  const heard = element("p", { class: "verdict", role: "status" });
  const radios = GUESSES.map(
    (guess) => element("input", { type: "radio", name, value: guess, ...KEYS }));
  const look = button("Add 100 and look", () => {
    heard.textContent = answer(radios.find((input) => input.checked).value);
    field.hidden = true;
    heard.tabIndex = -1;
    heard.focus({ preventScroll: true }); // the button that had the focus is gone
  }, { disabled: true });
  for (const input of radios) input.addEventListener("change", () => { look.disabled = false; });
  const field = element("fieldset", {}, element("legend", {}, QUESTION),
    ...radios.map((input) => element("label", {}, input, input.value)), look);
  return {
    card: element("div", { class: "predict" }, field, heard),
    restart() {
      field.hidden = false;
      heard.textContent = "";
      look.disabled = true;
      for (const input of radios) input.checked = false;
    },
  };
}
