// The arithmetic of the staircase; no drawing. staircase_model.py says the same in NumPy, and a
// browser test holds the two together.

const BIAS = -5;
const WEIGHTS = { low: 0, high: 40 };

/** Logistic curve; e to a positive number is never taken, so nothing overflows. */
function sigmoid(z) {
  return z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
}

/** log(1 + e^z) without overflow. */
const softplus = (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));

const mean = (numbers) => numbers.reduce((total, number) => total + number, 0) / numbers.length;

/** Everything that is shown at one weight. */
function compute(weight, { foot, labels }) {
  const scores = foot.map((x) => weight * x + BIAS);
  const probabilities = scores.map(sigmoid);
  const hits = scores.map((z, i) => (z >= 0) === (labels[i] === 1));
  return {
    scores,
    probabilities,
    hits,
    right: hits.filter(Boolean).length,
    accuracy: mean(hits.map(Number)),
    loss: mean(scores.map((z, i) => softplus(z) - labels[i] * z)),
    lossSlope: mean(probabilities.map((p, i) => (p - labels[i]) * foot[i])),
    nextStep: nextStep(weight, foot, labels),
  };
}

/** The next weight at which an answer flips, and whether it gains or loses one; or undefined. */
function nextStep(weight, foot, labels) {
  const flips = foot.map((x, i) => ({ at: -BIAS / x, change: 2 * labels[i] - 1 }));
  return flips.reverse().find(({ at }) => at > weight); // foot grows, so flips come last to first
}
