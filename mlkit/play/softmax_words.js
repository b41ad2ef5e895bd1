// What the softmax lab says: numbers, sentences and formulas; no drawing and no state.

/** The number over a bar: fewer decimals where there are more bars. */
function showShare(number, count) {
  const decimals = count > 4 ? 2 : count > 3 ? 3 : 4;
  const size = Math.abs(number);
  if (!Number.isFinite(number) || size >= 10 || number === 0 || number === 1) return show(number);
  if (size >= 0.5 * 10 ** -decimals) return number.toFixed(decimals).replace("-", "−");
  return count > 4 ? "≈0" : show(number);
}

function noteOnScores({ temperature, precision }, ghosts) {
  const dashed = ghosts ? " Dashed lines: before the last button." : "";
  const cooled = temperature === 1 ? "" : `, divided by T = ${show(temperature)} for softmax`;
  return `In ${precision}${cooled}.${dashed}`;
}

function noteOnNormalise(result) {
  if (result.sum === 0) return "The scores sum to 0: dividing by it gives inf or NaN.";
  if (result.normalise.some((share) => share < 0 || share > 1)) {
    return "Below 0 or above 1: shares, but not probabilities.";
  }
  return `Shares of the sum, ${show(result.sum)}.`;
}

/** Why the naive softmax broke, or how far it is from breaking. */
function noteOnNaive({ naive, largest }, precision) {
  const limit = `${precision} holds powers up to e^${LARGEST_EXPONENT[precision]}`;
  if (naive.powers.includes(Infinity)) {
    const others = naive.values.includes(0) ? ", anything else / inf = 0" : "";
    return `Overflow: e^${show(largest)} became inf (${limit}). inf / inf = NaN${others}.`;
  }
  if (naive.sum === 0) return "Underflow: every power became 0, and 0 / 0 = NaN.";
  if (naive.sum === Infinity) return `Overflow: the sum of the powers became inf (${limit}).`;
  return `Largest power: e^${show(largest)} = ${show(Math.max(...naive.powers))}; ${limit}.`;
}

function noteOnStable({ largest, stable }) {
  const lost = stable.values.includes(0) ? " A share too small to hold became 0." : "";
  return `First takes ${show(largest)} from every score: the largest power is e^0 = 1.${lost}`;
}

const AGREES = "Agrees with mlkit's.";
const STANDS_IN = "Stands in until yours is written; then run this cell again.";

/** How close the student's answer is, to the rounding of the precision. */
function noteOnYours({ title, sentence, values, current, precision }, stable) {
  if (!current) return LATE;
  if (sentence) return `${sentence[0].toUpperCase()}${sentence.slice(1)}.`;
  if (values.some((value) => !Number.isFinite(value))) return "Has NaN or inf in it.";
  const tolerance = { float16: 2e-3, float32: 1e-5, float64: 1e-9 }[precision];
  const gap = Math.max(...values.map((value, index) => Math.abs(value - stable[index])));
  if (gap <= tolerance) return title.startsWith("mlkit") ? STANDS_IN : AGREES;
  const sum = values.reduce((total, value) => total + value, 0);
  const off = Math.abs(sum - 1) > tolerance * values.length ? ` It sums to ${show(sum)}.` : "";
  return `Up to ${show(gap, 2)} away from mlkit's.${off}`;
}

/** One paragraph on the whole position, for the live region and for the drawing's label. */
function summary(state, result, yours) {
  const answer = yours?.current
    ? `${yours.title}: ${yours.sentence || list(yours.values)}.` : LATE;
  const broken = result.naive.values.some(Number.isNaN) ? "NaN, not a number: " : "";
  return [
    `Scores ${list(state.logits)}.`,
    `Normalise ${list(result.normalise)}.`,
    `Naive softmax ${broken}${list(result.naive.values)}.`,
    `Stable softmax ${list(result.stable.values)}.`,
    yours ? answer : "",
  ].join(" ").trim();
}

// Formulas are MathML, which browsers typeset and screen readers speak.
const mathNumber = (number) => (number < 0
  ? `<mrow><mo>−</mo><mn>${show(-number)}</mn></mrow>` : `<mn>${show(number)}</mn>`);
const mathPower = (exponent) => `<msup><mi>e</mi>${exponent}</msup>`;
const mathFraction = (top, bottom) => `<mfrac><mrow>${top}</mrow><mrow>${bottom}</mrow></mfrac>`;

/** Terms joined by plus signs; beyond four only the first, dots and the last. */
function mathSum(terms) {
  const shown = terms.length > 4 ? [terms[0], terms[1], "<mo>⋯</mo>", terms.at(-1)] : terms;
  return shown.join("<mo>+</mo>");
}

/** One row of the formulas: its name, then what it equals, step by step. */
function mathRow(name, letter, steps) {
  const left = `<mtd><msub><mtext>${name}</mtext><mi>${letter}</mi></msub></mtd>`;
  return `<mtr>${left}${steps.map((step) => `<mtd><mo>=</mo>${step}</mtd>`).join("")}</mtr>`;
}

/** The three ways to turn scores into shares, with the numbers of one class put in. */
function formulas(result, index) {
  const row = (name, terms, numbers, sum, share) => mathRow(name, CLASSES[index], [
    mathFraction(terms[index], mathSum(terms)),
    mathFraction(mathNumber(numbers[index]), mathNumber(sum)),
    mathNumber(share),
  ]);
  const away = result.largest < 0
    ? `<mo>+</mo>${mathNumber(-result.largest)}` : `<mo>−</mo>${mathNumber(result.largest)}`;
  const naive = result.scaled.map((score) => mathPower(mathNumber(score)));
  const stable = result.scaled.map(
    (score) => mathPower(`<mrow>${mathNumber(score)}${away}</mrow>`));
  const rows = [
    row("normalise", result.scores.map(mathNumber), result.scores, result.sum,
      result.normalise[index]),
    row("naive", naive, result.naive.powers, result.naive.sum, result.naive.values[index]),
    row("stable", stable, result.stable.powers, result.stable.sum, result.stable.values[index]),
  ];
  return `<math display="block"><mtable>${rows.join("")}</mtable></math>`;
}

const QUESTION = "Before you move anything: the scores are 1 and 2, and you add 100 to both. "
  + "Which of the two charts moves?";
const GUESSES = ["only normalise", "only softmax", "both", "neither"];

/** What really happened, said to someone who guessed. */
function verdict(guess, before, after) {
  const right = guess === GUESSES[0];
  return `${right ? "You were right" : `You said “${guess}”`}: normalise moved, from `
    + `${list(before.normalise)} to ${list(after.normalise)}. Softmax stayed at `
    + `${list(after.stable.values)}: adding 100 multiplies every power by the same e^100, and the `
    + "division cancels it. Now choose float32 below and look at the naive softmax again.";
}

const TRY_THIS = [
  "[1, 2], then [11, 12]: adding 10. Which chart moved, and why only that one?",
  "[1, 2], then [10, 20]: multiplying by 10. Now which one moved?",
  "From [10, 20], find the temperature that brings back the softmax of [1, 2].",
  "Overflow, then lower C slowly: at which score does the naive softmax come back? "
    + "Try the same in float16 and float64.",
  "Make a score negative. Is the result of normalise still a probability?",
  "Take the temperature to 0.1, then to 10. What does softmax become at each end?",
];
