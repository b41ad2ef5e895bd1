// The arithmetic of the softmax lab, in three precisions; no drawing.
// softmax_model.py says the same in NumPy, and a browser test holds the two together.

const LARGEST_SCORE = 5000; // at temperature 0.1 this is 50000, which float16 can still hold
const LARGEST_EXPONENT = { float16: 11.09, float32: 88.72, float64: 709.78 };

// Adding and taking away 1.5 * 2^52 leaves a whole number, ties to even.
const WHOLE = 1.5 * 2 ** 52;

/** The float16 nearest to a float32 number: 11 significant bits, largest 65504, smallest 2^-24. */
function roundToHalf(number) {
  if (!Number.isFinite(number) || number === 0) return number;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(number))), -14);
  const spacing = 2 ** (exponent - 10);
  const nearest = (number / spacing + WHOLE - WHOLE) * spacing;
  return Math.abs(nearest) > 65504 ? Math.sign(nearest) * Infinity : nearest;
}

/** How each precision rounds one result; NumPy reaches float16 by way of float32. */
const ROUND = {
  float16: (number) => roundToHalf(Math.fround(number)),
  float32: Math.fround,
  float64: (number) => number,
};

/** Sum as NumPy forms it: float16 adds in float32 and rounds once at the end. */
function sumIn(precision, numbers) {
  const step = ROUND[precision === "float16" ? "float32" : precision];
  return ROUND[precision](numbers.reduce((total, number) => step(total + number), 0));
}

function shares(precision, numbers) {
  const sum = sumIn(precision, numbers);
  return numbers.map((number) => ROUND[precision](number / sum));
}

/** Softmax as the formula reads: its powers, their sum, and their shares of the sum. */
function naiveSoftmax(precision, scores) {
  const powers = scores.map((score) => ROUND[precision](Math.exp(score)));
  return { powers, sum: sumIn(precision, powers), values: shares(precision, powers) };
}

/** Everything the lab shows at one position of its controls. */
function compute({ logits, temperature, precision }) {
  const round = ROUND[precision];
  const scores = logits.map(round);
  const scaled = scores.map((score) => round(score / round(temperature)));
  const largest = Math.max(...scaled);
  const shifted = scaled.map((score) => round(score - largest));
  return {
    scores,
    scaled,
    shifted,
    largest,
    sum: sumIn(precision, scores),
    normalise: shares(precision, scores),
    naive: naiveSoftmax(precision, scaled),
    stable: naiveSoftmax(precision, shifted),
  };
}
