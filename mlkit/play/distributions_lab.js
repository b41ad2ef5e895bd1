// The distributions lab in the browser: keeps P and Q in the widget's model, draws on every change.

const SHARES = { low: 0, high: 1, ticks: [0, 0.5, 1] };
const NAMES = { p: "P", q: "Q" };

/** The axis of terms: none is below -0.37, and those above 0 may be as large as they like. */
function termAxis(...terms) {
  const largest = Math.max(...terms.filter(Number.isFinite));
  const high = [1, 2, 5, 10, 20, 1000].find((limit) => largest <= 0.95 * limit);
  return { low: -high / 2, high, ticks: [-high / 2, 0, high / 2, high] };
}

class Lab extends View {
  constructor(model, root) {
    super(model, root, "distributions-lab", ["p", "q"]);
  }

  /** One bar moved by slider, key or drag: the others of its chart make room. */
  setShare(which, index, share) {
    this.set({ [which]: moved(this.model.get(which), index, share) });
  }

  /** A button's change: the bars glide. */
  jump(changes) {
    this.page.classList.add("settling");
    this.set(changes);
  }

  build(root) {
    this.charts = element("div", { class: "charts" });
    this.numbers = numbersTable();
    this.sums = element("p", { class: "sums" });
    this.yours = element("p", { class: "yours" });
    this.page = element("div", { class: "page" },
      this.presets(), this.charts, this.sums, this.yours,
      group("Numbers", { class: "words", tabindex: 0, ...KEYS }, this.numbers.table),
      element("details", {}, element("summary", KEYS, "Try this"),
        element("ol", {}, ...TRY_THIS.map((line) => element("li", {}, line)))),
      this.spoken);
    root.replaceChildren(
      group("Distributions lab", { class: "mlkit-lab distributions-lab" }, this.page));
  }

  presets() {
    const { model } = this;
    return group("Examples", { class: "presets" },
      ...PRESETS.map(({ name, state }) => button(name, () => this.jump(state))),
      button("Make Q equal to P", () => this.jump({ q: model.get("p") })),
      button("Exchange P and Q", () => this.jump({ p: model.get("q"), q: model.get("p") })),
      button("Reset", () => this.jump(START), { class: "reset" }));
  }

  /** New charts and sliders, when the number of outcomes is not what they were made for. */
  rebuild(count) {
    this.count = count;
    const chart = (title, formula) => barChart(title, formula, count, this.id);
    this.shares = {
      p: chart("P", "what happens; yours to drag"), q: chart("Q", "what you believe; drag it too"),
    };
    this.shares.p.drawing.prepend(patterns(this.id));
    this.terms = {
      forward: chart("P log(P/Q)", "the terms of D(P‖Q)"),
      reverse: chart("Q log(Q/P)", "the terms of D(Q‖P)"),
    };
    this.sliders = {};
    for (const which of ["p", "q"]) this.sliders[which] = this.makeSliders(which, count);
    this.charts.replaceChildren(
      ...["p", "q"].map((which) => group(`Distribution ${NAMES[which]}`, {},
        this.shares[which].figure, ...this.sliders[which].map(({ row }) => row))),
      this.terms.forward.figure, this.terms.reverse.figure);
  }

  makeSliders(which, count) {
    dragBars(this.shares[which], count,
      (index, share) => this.setShare(which, index, rounded(share)), () => {});
    return Array.from({ length: count }, (_, index) => shareSlider(`${this.id}-${which}-${index}`,
      `${NAMES[which]} of ${CLASSES[index]}`, (share) => this.setShare(which, index, share)));
  }

  draw() {
    const state = this.state();
    if (state.p.length !== state.q.length) return; // the other half is on its way
    if (state.p.length !== this.count) this.rebuild(state.p.length);
    this.result = compute(state);
    for (const which of ["p", "q"]) this.drawShares(which, state[which]);
    const { forwardTerms, reverseTerms, forward, reverse } = this.result;
    const axis = termAxis(...forwardTerms, ...reverseTerms);
    this.drawTerms(this.terms.forward, forwardTerms, axis,
      noteOnTerms(forwardTerms, state.p, forward, "P", "Q"));
    this.drawTerms(this.terms.reverse, reverseTerms, axis,
      noteOnTerms(reverseTerms, state.q, reverse, "Q", "P"));
    say(this.sums, `D(P‖Q) = ${brief(forward)}   D(Q‖P) = ${brief(reverse)}   (nats)`);
    this.numbers.update([["P", state.p], ["Q", state.q],
      ["P log(P/Q)", forwardTerms], ["Q log(Q/P)", reverseTerms]]);
  }

  drawShares(which, shares) {
    this.shares[which].update({
      values: shares, axis: SHARES, label: `${NAMES[which]}: ${list(shares)}`,
      texts: shares.map((share) => show(share, this.count > 4 ? 2 : 3)), note: "",
    });
    this.sliders[which].forEach((slider, index) => slider.update(shares[index]));
  }

  drawTerms(chart, values, axis, note) {
    chart.update({
      values, axis, note, bad: values.includes(Infinity),
      label: `${chart.figure.querySelector("strong").textContent}: ${list(values)}. ${note}`,
      texts: values.map((term) => (term === Infinity ? "∞" : show(term, 2))),
    });
  }

  /** Until the kernel has answered for this position, the line keeps the answer before. */
  drawYours(late = false) {
    const yours = this.answered();
    if (!yours || !(yours.current || late)) return;
    say(this.yours, noteOnYours(yours));
    this.yours.classList.toggle("bad", !yours.sentence.startsWith("It agrees"));
  }

  summary() {
    return summary(this.state(), this.result, this.answered());
  }
}

export default shownBy(Lab);
