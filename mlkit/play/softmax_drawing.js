// The axes of the softmax lab's charts.

/** The axis of shares: 0 to 1, or wider when a share is no probability. */
function shareAxis(shares) {
  const inside = shares.every((share) => !(share < 0 || share > 1));
  return inside
    ? { low: 0, high: 1, ticks: [0, 0.5, 1] } : { low: -1, high: 2, ticks: [-1, 0, 1, 2] };
}

/** The axis of scores: up to 5, 10, 20, 50, ...; `limit` holds it still during a drag. */
function scoreAxis(logits, limit) {
  const low = Math.min(...logits) < -0.23 * limit ? -limit : -limit / 4;
  return { low, high: limit, ticks: low === -limit ? [-limit, 0, limit] : [0, limit / 2, limit] };
}

/** The smallest limit of that series with a little room above the largest score. */
function limitFor(logits) {
  const largest = Math.max(...logits.map(Math.abs));
  for (let ten = 1; ; ten *= 10) {
    for (const limit of [5 * ten, 10 * ten, 20 * ten]) if (largest <= 0.95 * limit) return limit;
  }
}

/** What an arrow key adds to a score, and what a drag rounds to. */
const grain = (limit) => Math.max(limit / 100, 0.1);
