// What the Jacobian lab says: numbers and sentences; no drawing and no state.

const largestOf = (numbers) => Math.max(...numbers.map(Math.abs));

/** Four decimals, and never a minus before nothing: what stands in a cell of the matrix. */
function slope(number) {
  if (!Number.isFinite(number)) return show(number);
  const text = number.toFixed(4);
  if (Number(text) === 0) return number === 0 ? "0" : number > 0 ? "≈0" : "≈−0";
  return text.replace("-", "−");
}

/** Whether the slopes tell the truth here; `before` is the gap before dz was halved, if it was. */
function noteOnChange({ predicted, change, gap }, nudge, before) {
  if (nudge.every((push) => push === 0)) return "No push yet: drag a bar of dz.";
  if (!Number.isFinite(gap)) return "J·dz has NaN or inf in it.";
  if (largestOf(change) < 1e-12 && gap < 1e-12) {
    return "All scores are pushed alike, and nothing moves: the rows of J sum to 0.";
  }
  const share = (100 * gap) / Math.max(largestOf(change), largestOf(predicted));
  const told = `They are up to ${show(gap, 2)} apart, ${show(share, 2)} % of the change.`;
  if (!(before > gap && gap > 0)) return told;
  return `${told} Half the push, and the gap is ${show(before / gap, 2)} times smaller.`;
}

function noteOnMatrix({ jacobian }) {
  const steepest = largestOf(jacobian.flat());
  if (!Number.isFinite(steepest)) return "There is NaN or inf in it.";
  if (steepest < 0.01) return "Almost flat: softmax is so sure that hardly a push moves it.";
  const sums = jacobian.map((row) => row.reduce((total, entry) => total + entry, 0));
  const off = sums.findIndex((sum) => Math.abs(sum) > 1e-6);
  return off < 0 ? "Every row sums to 0."
    : `Row ${CLASSES[off]} sums to ${show(sums[off], 3)}, and should sum to 0.`;
}

function noteOnYours({ title, sentence, current }) {
  if (!current) return LATE;
  const name = `${title[0].toUpperCase()}${title.slice(1)}`;
  if (title.startsWith("mlkit")) {
    return "Yours is not written yet: mlkit's stands in. Write it, then run this cell again.";
  }
  return sentence.startsWith("It ") ? `${name} is drawn here. ${sentence}`
    : `${sentence[0].toUpperCase()}${sentence.slice(1)} So mlkit's is drawn.`;
}

/** One paragraph on the whole position, for the live region. */
function summary({ logits, nudge }, result, note, yours) {
  return [
    `Scores ${list(logits)}. Push ${list(nudge)}.`,
    `J times dz ${list(result.predicted)}. True change ${list(result.change)}.`,
    note, yours ? noteOnYours(yours) : "",
  ].join(" ").trim();
}

const PRESETS = [
  { name: "[1, 2]", state: { logits: [1, 2], nudge: [0.1, 0] } },
  { name: "three", state: { logits: [1, 2, 3], nudge: [0.5, 0, 0] } },
  { name: "equal", state: { logits: [0, 0, 0, 0], nudge: [0, 1, 0, 0] } },
  { name: "sure", state: { logits: [0, 0, 8], nudge: [1, 0, 0] } },
];
const START = { logits: [1, 2, 0], nudge: [0.5, 0, 0] };

const TRY_THIS = [
  "Push one score only. Which column of J do you see in the bars, and why?",
  "Press “push all alike”. What is J·dz, and what is the true change?",
  "Make a large push, then press “halve dz” several times. By which factor does the gap fall?",
  "Raise one score to 8. What becomes of the colours? Could a push of 1 still change its mind?",
  "For which scores is an entry on the diagonal as large as it can be? It is 0.25.",
];
