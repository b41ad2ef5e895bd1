// The arithmetic of the Jacobian lab; no drawing.
// jacobian_model.py says the same in NumPy, and a browser test holds the two together.

function softmax(scores) {
  const largest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** Row = output: the slope of each probability by each score. */
const jacobianOf = (a) => a.map(
  (mine, i) => a.map((other, j) => (i === j ? mine * (1 - mine) : -mine * other)));

const times = (matrix, vector) => matrix.map(
  (row) => row.reduce((total, entry, j) => total + entry * vector[j], 0));

/** Everything the lab shows at one position; `matrix` is the student's, if there is one. */
function compute({ logits, nudge }, matrix) {
  const a = softmax(logits);
  const after = softmax(logits.map((score, i) => score + nudge[i]));
  const jacobian = matrix ?? jacobianOf(a);
  const change = after.map((share, i) => share - a[i]);
  const predicted = times(jacobian, nudge);
  const gap = Math.max(...predicted.map((foretold, i) => Math.abs(foretold - change[i])));
  return { a, jacobian, predicted, change, gap };
}
