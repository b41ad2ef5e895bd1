// The life of one view of a lab, the same in every lab: listen, draw, wait, speak, let go.

const SETTLED_MS = 500; // after this long without a change the position is spoken
const LATE = "Waiting for Python: its kernel is busy or stopped.";

/** New text in a node, only where it differs: writing costs a layout. */
function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * A subclass gives build(root), which sets `page`, draw(), drawYours(late), which shows the
 * student's answer, and summary(), the position in words. `traits` are what makes a position.
 */
class View {
  constructor(model, root, name, traits) {
    this.model = model;
    this.traits = traits;
    this.id = `${name}-${Math.random().toString(36).slice(2)}`; // several labs, one page
    this.spoken = element("p", { class: "spoken", "aria-live": "polite" });
    this.build(root);
    this.listeners = [
      ...traits.map((trait) => [`change:${trait}`, () => this.redraw()]),
      ["change:yours", () => this.drawYours()],
    ];
    for (const [event, listener] of this.listeners) model.on(event, listener);
    this.redraw();
  }

  close() {
    clearTimeout(this.timer);
    for (const [event, listener] of this.listeners) this.model.off(event, listener);
  }

  state() {
    return Object.fromEntries(this.traits.map((trait) => [trait, this.model.get(trait)]));
  }

  /** The one way the controls change anything. */
  set(changes) {
    this.silent = true; // one drawing for the whole change, not one a trait
    for (const [name, value] of Object.entries(changes)) this.model.set(name, value);
    this.silent = false;
    this.model.save_changes(); // first: then the kernel works while the browser draws
    this.redraw();
  }

  redraw() {
    if (this.silent) return;
    this.draw();
    this.drawYours();
    this.page.setAttribute("aria-busy", "true");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.settle(), SETTLED_MS);
  }

  /** Movement has stopped: say where things stand, once. */
  settle() {
    this.page.classList.remove("settling");
    this.page.setAttribute("aria-busy", "false");
    this.drawYours(true);
    this.spoken.textContent = this.summary();
  }

  /** The student's answer and whether it is to this position; undefined without a function. */
  answered() {
    const yours = this.model.get("yours");
    if (!yours?.title) return undefined;
    const special = { nan: NaN, inf: Infinity, "-inf": -Infinity };
    const current = this.traits.every(
      (name) => String(yours[name]) === String(this.model.get(name)));
    const values = yours.values.map((text) => special[text] ?? Number(text));
    return { ...yours, current, values };
  }
}

/** What anywidget wants: a view of this class. */
const shownBy = (Lab) => ({
  render({ model, el }) {
    const lab = new Lab(model, el);
    return () => lab.close();
  },
});
