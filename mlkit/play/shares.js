// Probabilities that are moved: the arithmetic that keeps their sum at 1, and a slider for each.
// shares.py says the arithmetic in Python, and a browser test holds the two together.

const GRAIN = 0.01; // what an arrow key adds, and what a drag rounds to

const rounded = (share) => Math.round(share / GRAIN) * GRAIN;
const sumOf = (numbers) => numbers.reduce((total, number) => total + number, 0);

/** The distribution after one bar is dragged to a value: the others share what is left. */
function moved(distribution, index, wanted) {
  const value = Math.min(Math.max(wanted, 0), 1);
  const rest = distribution.reduce(
    (total, share, place) => (place === index ? total : total + share), 0);
  const left = 1 - value;
  return distribution.map((share, place) => {
    if (place === index) return value;
    return rest > 0 ? (share / rest) * left : left / (distribution.length - 1);
  });
}

/** A slider for one probability; its arrow keys move by a hundredth, page keys by a tenth. */
function shareSlider(id, name, setShare) {
  const input = element("input", { id, type: "range", min: 0, max: 1, step: "any", ...KEYS });
  const shown = element("span", { class: "value" });
  input.addEventListener("input", () => setShare(rounded(Number(input.value))));
  input.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const ends = { Home: 0, End: 1 };
    const next = STEPS[event.key]
      ? rounded(Number(input.dataset.share) + STEPS[event.key] * GRAIN) : ends[event.key];
    if (next === undefined) return;
    event.preventDefault(); // the browser's own step differs from browser to browser
    setShare(next);
  });
  const row = element("div", { class: "slider" },
    element("label", { for: id }, name), input, shown);
  return {
    row,
    update(share) {
      input.value = share;
      input.dataset.share = share;
      input.setAttribute("aria-valuetext", show(share));
      say(shown, show(share));
    },
  };
}
