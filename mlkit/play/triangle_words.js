// What the triangle lab says: numbers and sentences; no drawing and no state.

const TRUTHS = [
  { name: "A", y: [1, 0, 0] },
  { name: "B", y: [0, 1, 0] },
  { name: "C", y: [0, 0, 1] },
  { name: "half A, half B", y: [0.5, 0.5, 0] },
  { name: "B, smoothed", y: [0.05, 0.9, 0.05] },
  { name: "undecided", y: [1 / 3, 1 / 3, 1 / 3] },
];
const START = { y: [0, 1, 0], y_hat: [0.5, 0.3, 0.2] };

/** "∞" for infinity, else four figures: what stands in a sum. */
const brief = (number) => (Math.abs(number) === Infinity
  ? `${number < 0 ? "−" : ""}∞` : show(number));

/** Where the arrow leads, in words. */
function way({ downhill, lowest }) {
  if (lowest) return "This is the lowest place.";
  const steepest = Math.max(...downhill);
  const steep = steepest > 20 ? ", very steep" : "";
  return `Downhill is towards ${CLASSES[downhill.indexOf(steepest)]}${steep}.`;
}

function noteOnLoss(result) {
  const { loss, entropy } = result;
  if (loss === Infinity) return `Infinite: what you called impossible is true. ${way(result)}`;
  const extra = Math.max(loss - entropy, 0);
  return `= entropy ${show(entropy)} + extra ${show(extra, 3)}. ${way(result)}`;
}

function noteOnYours({ title, sentence, values, current }) {
  if (!current) return LATE;
  if (!values.length) return `${sentence[0].toUpperCase()}${sentence.slice(1)}`;
  const [loss, ...slopes] = values.map(brief);
  const told = slopes.length ? `, gradient [${slopes.join(", ")}]` : "";
  return `${title[0].toUpperCase()}${title.slice(1)}: ${loss}${told}. ${sentence}`;
}

/** One paragraph on the whole position, for the live region. */
function summary({ y, y_hat: yHat }, result, yours) {
  return [
    `Truth: ${list(y)}. Prediction: ${list(yHat)}.`,
    `Cross-entropy ${brief(result.loss)} nats. ${way(result)}`,
    yours ? noteOnYours(yours) : "",
  ].join(" ").trim();
}

const TRY_THIS = [
  "Truth B: move the point along a line of the map. Which number of the prediction stays the same?",
  "Truth B: exchange the shares of A and C. Does the price change? Should it?",
  "Walk from the middle towards the side between A and C. How fast does the slope grow?",
  "Half A, half B: press “Step downhill” until it stands still. Which price is left, and why?",
  "Compare “B” with “B, smoothed”: where is the lowest place, and how deep is it?",
];
