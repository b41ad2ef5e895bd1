// The staircase in the browser: keeps the weight in the widget's model, draws on every change.

const RATE = 20; // how far a step follows a slope
const START = 6;
const GRAIN = 0.1; // what an arrow key adds, and what a drag rounds to

const rounded = (weight) => Math.round(weight / GRAIN) * GRAIN;

class Lab extends View {
  constructor(model, root) {
    super(model, root, "staircase", ["weight"]);
  }

  /** Where a control sends the weight. `said` is what a button had to say. */
  go(weight, said = "") {
    const bounded = Math.min(Math.max(weight, WEIGHTS.low), WEIGHTS.high);
    say(this.said, said);
    this.set({ weight: Number(bounded.toFixed(4)) });
  }

  follow() {
    const from = this.model.get("weight");
    const to = from - RATE * compute(from, this.examples).lossSlope;
    this.go(to, SLOPE_NOTES.moved(from, to));
  }

  build(root) {
    this.examples = this.model.get("examples");
    this.weight = this.slider();
    this.said = element("p", { class: "said", role: "status" });
    this.charts = this.makeCharts();
    this.images = imageRow(this.examples);
    this.numbers = imagesTable(this.examples);
    this.yours = element("p", { class: "yours" });
    for (const { drawing } of Object.values(this.charts)) this.makeDraggable(drawing);
    this.page = element("div", { class: "page" },
      element("p", { class: "neuron" }, "p = sigmoid( ", this.formula = element("strong"),
        " · foot − 5 )"),
      this.weight.row, this.buttons(), this.said,
      element("div", { class: "charts" },
        this.charts.accuracy.figure, this.charts.loss.figure),
      element("p", { class: "legend" }, "The images, by the share of ink in their foot. Bar: how "
        + "sure the neuron is of a 2. Below: what it says. The thick line: from here on it says 2."),
      this.images.row, this.yours,
      element("details", {}, element("summary", KEYS, "The same numbers as text"),
        this.numbers.table),
      element("details", {}, element("summary", KEYS, "Try this"),
        element("ol", {}, ...TRY_THIS.map((line) => element("li", {}, line)))),
      this.spoken);
    root.replaceChildren(group("Staircase", { class: "mlkit-lab staircase" }, this.page));
  }

  slider() {
    const id = `${this.id}-weight`;
    const input = element("input",
      { id, type: "range", step: "any", min: WEIGHTS.low, max: WEIGHTS.high, ...KEYS });
    const shown = element("span", { class: "value" });
    input.addEventListener("input", () => this.go(rounded(Number(input.value))));
    input.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const ends = { Home: WEIGHTS.low, End: WEIGHTS.high };
      const next = STEPS[event.key]
        ? this.model.get("weight") + STEPS[event.key] * GRAIN : ends[event.key];
      if (next === undefined) return;
      event.preventDefault(); // the browser's own step differs from browser to browser
      this.go(next);
    });
    const row = element("div", { class: "slider" },
      element("label", { for: id }, "Weight w"), input, shown);
    return {
      row,
      update(weight) {
        input.value = weight;
        input.setAttribute("aria-valuetext", fixed(weight, 1));
        say(shown, fixed(weight, 1));
      },
    };
  }

  buttons() {
    return group("Steps", { class: "presets" },
      button("Follow the slope of accuracy",
        () => this.go(this.model.get("weight"), SLOPE_NOTES.stuck)),
      button("Follow the slope of cross-entropy", () => this.follow()),
      ...[0, 18, 40].map((weight) => button(`w = ${weight}`, () => this.go(weight))),
      button("Reset", () => this.go(START), { class: "reset" }));
  }

  makeCharts() {
    const { foot } = this.examples;
    const at = (weight) => compute(weight, this.examples);
    const fine = Array.from({ length: 201 }, (_, i) => i / 5).map((w) => [w, at(w).loss]);
    const flips = foot.map((x) => -BIAS / x).reverse().filter((w) => w < WEIGHTS.high);
    const stairs = [WEIGHTS.low, ...flips, WEIGHTS.high].map((w) => [w, at(w + 1e-9).accuracy]);
    return {
      accuracy: curveChart({ title: "Accuracy", unit: (v) => `${100 * v} %`, high: 1,
        ticks: [0, 0.5, 1], path: stairPath(stairs), name: "stairs" }),
      loss: curveChart({ title: "Cross-entropy, in nats", unit: String, high: 3,
        ticks: [0, 1, 2, 3], path: smoothPath(fine), name: "smooth" }),
    };
  }

  /** Mouse, pen and finger: the weight under the pointer, until it is let go. */
  makeDraggable(drawing) {
    drawing.classList.add("draggable");
    let held = false;
    const follow = (event) => {
      const box = drawing.getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width) * CHART.width;
      this.go(rounded(weightAt(x)));
    };
    drawing.addEventListener("pointerdown", (event) => {
      held = true;
      drawing.setPointerCapture(event.pointerId);
      event.preventDefault();
      follow(event);
    });
    drawing.addEventListener("pointermove", (event) => held && follow(event));
    for (const end of ["pointerup", "pointercancel"]) {
      drawing.addEventListener(end, () => { held = false; });
    }
  }

  draw() {
    const weight = this.model.get("weight");
    this.result = compute(weight, this.examples);
    const { accuracy, loss, lossSlope } = this.result;
    this.weight.update(weight);
    say(this.formula, fixed(weight, 1));
    const words = noteOnAccuracy(this.result, this.examples.foot.length);
    this.charts.accuracy.update({ weight, value: accuracy, slope: 0, shown: "0", words,
      label: `Accuracy against the weight, a staircase. At ${fixed(weight, 1)}: ${words} Slope 0.` });
    this.charts.loss.update({ weight, value: loss, slope: lossSlope, shown: showSlope(lossSlope),
      words: noteOnLoss(this.result),
      label: `Cross-entropy against the weight, a smooth curve. At ${fixed(weight, 1)}: `
        + `${fixed(loss, 4)}, slope ${showSlope(lossSlope)}.` });
    this.images.update(this.result);
    this.numbers.update(this.result);
  }

  /** Until the kernel has answered for this weight, the rings stay where they were. */
  drawYours(late = false) {
    const yours = this.answered();
    if (!yours || !(yours.current || late)) return;
    this.images.rings(yours.current && yours.values.length ? yours.values : undefined);
    say(this.yours, yours.current ? `Rings: ${yours.title}. ${yours.sentence}` : LATE);
  }

  summary() {
    return summary(this.model.get("weight"), this.result, this.examples.foot.length,
      this.answered());
  }
}

export default shownBy(Lab);
