// The Jacobian lab in the browser: keeps z and dz in the widget's model, draws on every change.

const SCORES = { low: -10, high: 10, grain: 0.1 };
const PUSHES = { low: -2, high: 2, grain: 0.05 };

const within = ({ low, high }, number) => Number(Math.min(Math.max(number, low), high).toFixed(6));

/** An axis that is as wide above zero as below it. */
function evenAxis(limits, numbers) {
  const largest = Math.max(...numbers.filter(Number.isFinite).map(Math.abs), 0);
  const limit = limits.find((one) => largest <= 0.95 * one) ?? limits.at(-1);
  return { low: -limit, high: limit, ticks: [-limit, 0, limit] };
}

class Lab extends View {
  constructor(model, root) {
    super(model, root, "jacobian-lab", ["logits", "nudge"]);
  }

  /** One number moved by slider, key or drag. */
  move(which, index, number) {
    this.before = undefined;
    const range = which === "logits" ? SCORES : PUSHES;
    this.set({ [which]: this.model.get(which).with(index, within(range, number)) });
  }

  /** A button's change: the bars glide. */
  jump(changes, before) {
    this.before = before;
    this.page.classList.add("settling");
    this.set(changes);
  }

  halve() {
    const nudge = this.model.get("nudge").map((push) => push / 2);
    this.jump({ nudge }, this.result.gap);
  }

  resize(change) {
    const resized = (numbers) => (change > 0 ? [...numbers, 0] : numbers.slice(0, -1));
    const { logits, nudge } = this.state();
    this.jump({ logits: resized(logits), nudge: resized(nudge) });
    if (this.more.disabled) this.fewer.focus(); // a disabled button would lose the focus
    if (this.fewer.disabled) this.more.focus();
  }

  build(root) {
    this.inputs = element("div", { class: "inputs" });
    this.outcome = element("div", { class: "outcome" });
    this.numbers = numbersTable();
    this.page = element("div", { class: "page" },
      this.buttons(), this.inputs, this.outcome,
      group("Numbers", { class: "words", tabindex: 0, ...KEYS }, this.numbers.table),
      element("details", {}, element("summary", KEYS, "Try this"),
        element("ol", {}, ...TRY_THIS.map((line) => element("li", {}, line)))),
      this.spoken);
    root.replaceChildren(group("Jacobian lab", { class: "mlkit-lab jacobian-lab" }, this.page));
  }

  buttons() {
    this.fewer = button("Remove a class", () => this.resize(-1));
    this.more = button("Add a class", () => this.resize(+1));
    const alike = () => this.jump({ nudge: this.model.get("nudge").map(() => 0.5) });
    return group("Examples and pushes", { class: "presets" },
      ...PRESETS.map(({ name, state }) => button(name, () => this.jump(state))),
      button("halve dz", () => this.halve()), button("push all alike", alike),
      this.fewer, this.more,
      button("Reset", () => this.jump(START), { class: "reset" }));
  }

  /** New charts, sliders and cells, when the number of classes is not what they were made for. */
  rebuild(count) {
    this.count = count;
    const chart = (title, formula) => barChart(title, formula, count, this.id);
    this.charts = {
      logits: chart("Scores z", "yours to drag"),
      nudge: chart("Push dz", "drag it too"),
      change: chart("Change of a", "bars J·dz, dashed: the true change"),
    };
    this.charts.logits.drawing.prepend(patterns(this.id));
    this.sliders = {
      logits: this.slidersFor("logits", "z", SCORES), nudge: this.slidersFor("nudge", "dz", PUSHES),
    };
    this.heat = heatMap(count);
    this.inputs.replaceChildren(...["logits", "nudge"].map((which) => group(
      which === "logits" ? "Scores" : "Push", {}, this.charts[which].figure,
      ...this.sliders[which].map(({ row }) => row))));
    this.outcome.replaceChildren(this.heat.figure, this.charts.change.figure);
    this.fewer.disabled = count <= 2;
    this.more.disabled = count >= 5;
  }

  slidersFor(which, letter, range) {
    const round = (number) => Math.round(number / range.grain) * range.grain;
    dragBars(this.charts[which], this.count, (index, share) => {
      this.held = true;
      const { low, high } = this.axes[which];
      this.move(which, index, round(low + share * (high - low)));
    }, () => {
      this.held = false;
      this.redraw();
    });
    return Array.from({ length: this.count }, (_, index) => numberSlider(
      `${this.id}-${which}-${index}`, `${letter} ${CLASSES[index]}`, range,
      (number) => this.move(which, index, number)));
  }

  draw() {
    const state = this.state();
    if (state.logits.length !== state.nudge.length) return; // the other half is on its way
    if (state.logits.length !== this.count) this.rebuild(state.logits.length);
    this.result = compute(state, this.matrix());
    if (!this.held) {
      this.axes = { logits: evenAxis([5, 10], state.logits), nudge: evenAxis([1, 2], state.nudge) };
    }
    for (const [which, name] of [["logits", "Scores z"], ["nudge", "Push dz"]]) {
      this.charts[which].update({
        values: state[which], axis: this.axes[which], label: `${name}: ${list(state[which])}`,
        texts: state[which].map((number) => show(number, 3)), note: "",
      });
      this.sliders[which].forEach((slider, index) => slider.update(state[which][index]));
    }
    if (!this.answered()) this.drawOutcome(state); // else when the student's matrix is here
  }

  drawOutcome({ logits, nudge }) {
    const { a, jacobian, predicted, change } = this.result;
    this.heat.update(jacobian);
    say(this.heat.note, noteOnMatrix(this.result));
    this.note = noteOnChange(this.result, nudge, this.before);
    this.charts.change.update({
      values: predicted, ghosts: change, note: this.note,
      axis: evenAxis([0.02, 0.05, 0.1, 0.2, 0.5, 1, 2], [...predicted, ...change]),
      label: `J times dz: ${list(predicted)}. True change: ${list(change)}. ${this.note}`,
      texts: predicted.map((number) => show(number, this.count > 3 ? 1 : 2)),
    });
    this.numbers.update([["z", logits], ["dz", nudge], ["a", a], ["J·dz", predicted],
      ["true change", change]]);
  }

  /** The student's latest matrix, or undefined: then the browser's own is drawn. */
  matrix() {
    const yours = this.answered();
    const { length } = this.model.get("logits");
    if (yours?.values.length !== length ** 2) return undefined;
    return Array.from({ length }, (_, i) => yours.values.slice(i * length, (i + 1) * length));
  }

  /** Until the kernel has answered for this position, what it said before stays. */
  drawYours(late = false) {
    const yours = this.answered();
    if (!yours || !(yours.current || late)) return;
    this.result = compute(this.state(), this.matrix());
    this.drawOutcome(this.state());
    say(this.heat.yours, noteOnYours(yours));
    this.heat.yours.classList.toggle("bad",
      !yours.sentence.startsWith("It agrees") || !yours.current);
  }

  summary() {
    return summary(this.state(), this.result, this.note, this.answered());
  }
}

export default shownBy(Lab);
