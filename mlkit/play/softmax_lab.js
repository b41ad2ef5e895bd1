// The softmax lab in the browser: keeps the position in the widget's model, draws on every change.

class Lab extends View {
  constructor(model, root) {
    super(model, root, "softmax-lab", ["logits", "temperature", "precision"]);
  }

  /** `ghosts` is what the dashed lines remember. */
  set(changes, ghosts) {
    this.ghosts = ghosts;
    this.page.classList.toggle("settling", Boolean(ghosts));
    if (ghosts) this.limit = undefined;
    super.set(changes);
  }

  setLogits(logits, ghosts) {
    const bounded = logits.map((score) => Number(
      Math.min(Math.max(score, -LARGEST_SCORE), LARGEST_SCORE).toFixed(6)));
    this.set({ logits: bounded }, ghosts);
  }

  /** One score moved by slider, key or drag; `free` lets the axis follow. */
  setScore(index, score, free = false) {
    this.active = index;
    this.held = !free;
    this.setLogits(this.model.get("logits").with(index, score));
  }

  /** A button's change: the bars glide, and dashed lines stay where they were. */
  jump(changes) {
    const before = compute(this.state());
    this.active = undefined;
    this.held = false;
    this.set(changes, before);
  }

  each(change) {
    const before = compute(this.state());
    this.held = false;
    this.setLogits(this.model.get("logits").map(change), before);
  }

  release() {
    this.held = false;
    this.redraw();
  }

  resize(change) {
    const logits = this.model.get("logits");
    this.jump({ logits: change > 0 ? [...logits, 0] : logits.slice(0, -1) });
    if (this.more.disabled) this.fewer.focus(); // a disabled button would lose the focus
    if (this.fewer.disabled) this.more.focus();
  }

  reset() {
    this.prediction.restart();
    this.jump(START);
    this.ghosts = undefined;
    this.redraw();
  }

  predict(guess) {
    this.set(START);
    const before = compute(START);
    this.each((score) => score + 100);
    return verdict(guess, before, compute(this.state()));
  }

  build(root) {
    this.prediction = predictionForm(`${this.id}-guess`, (guess) => this.predict(guess));
    this.sliders = element("div", { class: "sliders" });
    this.scores = element("div", { class: "scores" });
    this.charts = element("div", { class: "charts" });
    this.formulas = element("div", { class: "formulas" });
    this.numbers = numbersTable();
    this.page = element("div", { class: "page" },
      this.prediction.card,
      element("div", { class: "left" }, this.presets(), this.scores, this.sliders),
      this.charts, this.settings(),
      group("Formulas and numbers", { class: "words", tabindex: 0, ...KEYS }, // scrolls if narrow
        this.formulas, this.numbers.table),
      tryThis(), this.spoken);
    root.replaceChildren(group("Softmax lab", { class: "mlkit-lab softmax-lab" }, this.page));
  }

  presets() {
    return group("Examples", { class: "presets" },
      ...PRESETS.map(({ name, state }) => button(name, () => this.jump(state))),
      button("Reset", () => this.reset(), { class: "reset" }));
  }

  settings() {
    this.temperature = temperatureSlider(`${this.id}-temperature`,
      (temperature) => this.set({ temperature }));
    this.precision = precisionChoice(`${this.id}-precision`,
      (precision) => this.set({ precision }));
    this.fewer = button("Remove a class", () => this.resize(-1));
    this.more = button("Add a class", () => this.resize(+1));
    return element("div", { class: "settings" }, this.temperature.row, this.precision.field,
      group("Change every score", { class: "pairs" },
        numberButton(`${this.id}-c`, "c", 10, "Add c to all", (c) => this.each((z) => z + c)),
        numberButton(`${this.id}-k`, "k", 10, "Multiply all by k", (k) => this.each((z) => z * k))),
      group("Classes", { class: "pairs" }, this.fewer, this.more));
  }

  /** New charts and sliders, when the number of classes is not what they were made for. */
  rebuild(count) {
    this.count = count;
    const chart = (title, formula) => barChart(title, formula, count, this.id);
    this.score = chart("Scores", "z, yours to drag");
    this.score.drawing.prepend(patterns(this.id));
    this.outcomes = {
      normalise: chart("Normalise", "z / Σ z"),
      naive: chart("Naive softmax", "eᶻ / Σ eᶻ"),
      stable: chart("Stable softmax", "first z − max z"),
    };
    const title = this.answered()?.title;
    this.yours = title && chart(title[0].toUpperCase() + title.slice(1), "dashed: mlkit's");
    this.scores.replaceChildren(this.score.figure);
    this.charts.replaceChildren(...Object.values(this.outcomes).map(({ figure }) => figure),
      ...(this.yours ? [this.yours.figure] : []));
    this.rows = Array.from({ length: count }, (_, index) => scoreSlider(`${this.id}-score-${index}`,
      CLASSES[index], () => grain(this.limit), (score, free) => this.setScore(index, score, free)));
    this.sliders.replaceChildren(...this.rows.map(({ row }) => row));
    for (const { input } of this.rows) input.addEventListener("change", () => this.release());
    this.makeDraggable(this.score);
    this.fewer.disabled = count <= 2;
    this.more.disabled = count >= CLASSES.length;
  }

  makeDraggable(chart) {
    const follow = (index, share) => {
      const { low, high } = this.axis;
      const score = low + share * (high - low);
      this.setScore(index, Math.round(score / grain(this.limit)) * grain(this.limit));
    };
    dragBars(chart, this.count, follow, () => this.release());
  }

  draw() {
    const state = this.state();
    if (state.logits.length !== this.count) this.rebuild(state.logits.length);
    this.result = compute(state);
    if (!this.held || !this.limit) this.limit = limitFor(state.logits);
    this.axis = this.held && this.axis ? this.axis : scoreAxis(state.logits, this.limit);
    this.drawScores(state);
    this.drawOutcomes(state);
    const largest = state.logits.indexOf(Math.max(...state.logits));
    this.formulas.innerHTML = formulas(this.result,
      this.active < this.count ? this.active : largest); // the class last moved, if still here
    this.temperature.update(state.temperature);
    this.precision.update(state.precision);
  }

  drawScores(state) {
    this.score.update({
      values: state.logits, axis: this.axis, label: `Scores: ${list(state.logits)}`,
      texts: state.logits.map((score) => show(score, 5)), note: noteOnScores(state, this.ghosts),
    });
    this.rows.forEach((row, index) => row.update(state.logits[index], this.axis));
  }

  drawOutcomes({ precision }) {
    const { normalise, naive, stable } = this.result;
    const same = this.ghosts?.normalise.length === this.count ? this.ghosts : undefined;
    const draw = (chart, values, ghosts, note, bad) => chart.update({
      values, ghosts, note, bad, axis: shareAxis(values),
      label: `${chart.figure.querySelector("strong").textContent}: ${list(values)}. ${note}`,
      texts: values.map((share) => showShare(share, this.count)),
    });
    draw(this.outcomes.normalise, normalise, same?.normalise, noteOnNormalise(this.result),
      normalise.some((share) => !(share >= 0 && share <= 1)));
    draw(this.outcomes.naive, naive.values, same?.naive.values,
      noteOnNaive(this.result, precision), naive.powers.includes(Infinity) || !(naive.sum > 0));
    draw(this.outcomes.stable, stable.values, same?.stable.values, noteOnStable(this.result));
  }

  /** Until the kernel has answered for this position, the chart keeps the answer before. */
  drawYours(late = false) {
    this.drawNumbers();
    const yours = this.answered();
    if (!yours || !(yours.current || late)) return;
    const { values, title, sentence } = yours;
    const stable = this.result.stable.values;
    const note = noteOnYours(yours, stable);
    const shown = values.length === this.count ? values : Array(this.count).fill(NaN);
    this.yours.update({
      values: shown, ghosts: stable, note, axis: shareAxis(shown),
      bad: note !== AGREES && note !== STANDS_IN,
      label: `${title}: ${sentence || list(values)}. ${note}`,
      texts: shown.map((share) => (shown === values ? showShare(share, this.count) : "–")),
    });
  }

  drawNumbers() {
    const { normalise, naive, stable } = this.result;
    const yours = this.answered();
    const none = Array(this.count).fill(NaN);
    this.numbers.update([
      ["score", this.model.get("logits")], ["normalise", normalise],
      ["naive softmax", naive.values], ["stable softmax", stable.values],
      ...(yours ? [[yours.title, yours.values.length === this.count ? yours.values : none]] : []),
    ]);
  }

  summary() {
    return summary(this.state(), this.result, this.answered());
  }
}

function tryThis() {
  return element("details", {}, element("summary", KEYS, "Try this"),
    element("ol", {}, ...TRY_THIS.map((line) => element("li", {}, line))));
}

export default shownBy(Lab);
