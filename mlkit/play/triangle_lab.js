// The triangle lab in the browser: keeps truth and prediction in the widget's model, draws them.

class Lab extends View {
  constructor(model, root) {
    super(model, root, "triangle-lab", ["y", "y_hat"]);
  }

  build(root) {
    this.map = triangleMap(this.id);
    this.makeDraggable(this.map.drawing);
    this.sliders = [..."ABC"].map((letter, index) => shareSlider(`${this.id}-${index}`,
      `ŷ of ${letter}`, (share) => this.set({ y_hat: moved(this.model.get("y_hat"), index, share) })));
    this.sum = element("p", { class: "sums" });
    this.note = element("p", { class: "note" });
    this.yours = element("p", { class: "yours" });
    this.numbers = numbersTable();
    this.page = element("div", { class: "page" },
      element("figure", {}, this.map.drawing, element("figcaption", {},
        "Lines: equal loss, in nats; more colour is dearer. Diamond: the truth. Circle: the "
        + "prediction, yours to drag. Arrow: downhill; thick: by your gradient.")),
      element("div", { class: "side" }, this.truths(), ...this.sliders.map(({ row }) => row),
        group("Steps", { class: "presets" },
          button("Step downhill", () => this.set({ y_hat: stepped(this.state()) })),
          button("Reset", () => this.set(START), { class: "reset" })),
        this.sum, this.note, this.yours,
        group("Numbers", { class: "words", tabindex: 0, ...KEYS }, this.numbers.table)),
      element("details", {}, element("summary", KEYS, "Try this"),
        element("ol", {}, ...TRY_THIS.map((line) => element("li", {}, line)))),
      this.spoken);
    root.replaceChildren(group("Triangle lab", { class: "mlkit-lab triangle-lab" }, this.page));
  }

  truths() {
    this.radios = TRUTHS.map(({ name, y }) => {
      const input = element("input", { type: "radio", name: `${this.id}-truth`, value: name, ...KEYS });
      input.addEventListener("change", () => this.set({ y }));
      return input;
    });
    return element("fieldset", { class: "choice" }, element("legend", {}, "The truth y"),
      ...this.radios.map((input) => element("label", {}, input, input.value)));
  }

  /** Mouse, pen and finger: the prediction under the pointer, until it is let go. */
  makeDraggable(drawing) {
    let held = false;
    const follow = (event) => {
      const box = drawing.getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width) * MAP.width;
      const y = ((event.clientY - box.top) / box.height) * MAP.height;
      this.set({ y_hat: toShares([x, y]) });
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
    const state = this.state();
    this.result = compute(state);
    const { surprises, loss, gradient } = this.result;
    if (String(state.y) !== this.drawn) this.map.surface(state.y);
    this.drawn = String(state.y);
    this.sliders.forEach((slider, index) => slider.update(state.y_hat[index]));
    this.radios.forEach((input, index) => {
      input.checked = String(TRUTHS[index].y) === String(state.y);
    });
    say(this.sum, `Cross-entropy = ${brief(loss)} nats`);
    say(this.note, noteOnLoss(this.result));
    this.numbers.update([["y", state.y], ["ŷ", state.y_hat], ["−log ŷ", surprises],
      ["slope −y/ŷ", gradient]]);
    this.drawPoint();
  }

  drawPoint() {
    const state = this.state();
    const yours = this.answered();
    const slopes = yours?.current && yours.values.length === 4 ? yours.values.slice(1) : undefined;
    this.map.place(state, this.result, slopes, `Map of the loss. Truth: ${list(state.y)}. `
      + `Prediction: ${list(state.y_hat)}. Loss ${brief(this.result.loss)}. `
      + way(this.result));
  }

  /** Until the kernel has answered for this position, the line keeps the answer before. */
  drawYours(late = false) {
    const yours = this.answered();
    this.drawPoint();
    if (!yours || !(yours.current || late)) return;
    say(this.yours, noteOnYours(yours));
    this.yours.classList.toggle("bad", !yours.sentence.startsWith("It agrees"));
  }

  summary() {
    return summary(this.state(), this.result, this.answered());
  }
}

export default shownBy(Lab);
