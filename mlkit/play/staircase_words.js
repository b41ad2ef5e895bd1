// What the staircase says: numbers and sentences; no drawing and no state.

/** A number with `decimals` decimals and a real minus sign. */
const fixed = (number, decimals = 2) => number.toFixed(decimals).replace("-", "−");

/** A slope with its sign, and 0 as plain 0. */
const showSlope = (number) => {
  const text = fixed(number, 4);
  return Number(text.replace("−", "-")) === 0 ? "0.0000" : (number > 0 ? "+" : "") + text;
};

function noteOnAccuracy({ right, accuracy, nextStep }, count) {
  const next = nextStep
    ? ` Next step at w = ${fixed(nextStep.at)}: one ${nextStep.change > 0 ? "more" : "fewer"} right.`
    : " No step is left on this side.";
  return `${right} of ${count} right = ${fixed(100 * accuracy, 1)} %.${next}`;
}

function noteOnLoss({ loss, lossSlope }) {
  const small = Math.abs(lossSlope) < 0.00005;
  const way = small ? "the bottom." : lossSlope < 0 ? "more weight is better."
    : "less weight is better.";
  return `${fixed(loss, 4)} nats. The slope says: ${way}`;
}

const says = (p) => (p >= 0.5 ? "2" : "no");

/** Where things stand, for the live region. */
function summary(weight, result, count, yours) {
  return [
    `Weight ${fixed(weight, 1)}.`,
    `Accuracy: ${noteOnAccuracy(result, count)} Its slope is 0.`,
    `Cross-entropy ${fixed(result.loss, 4)}, slope ${showSlope(result.lossSlope)}.`,
    yours ? `${yours.title}: ${yours.sentence}` : "",
  ].join(" ").trim();
}

const SLOPE_NOTES = {
  stuck: "The slope of accuracy is 0, so its step is 20 × 0 = 0: the weight stays where it is.",
  moved: (from, to) => `The weight went from ${fixed(from, 1)} to ${fixed(to, 1)}: `
    + "20 times the slope, downhill.",
};

const TRY_THIS = [
  "From w = 6, press “Follow the slope of accuracy” three times. Then follow cross-entropy.",
  "Find the weight with the best accuracy by hand. How much luck did you need?",
  "Stand just left of a step. Which image flips when you cross it? Did its bar jump?",
  "Go to w = 40: every answer is “2”. Which curve still tells you to turn back?",
];
