// The arithmetic of the distributions lab; no drawing.
// distributions_model.py says the same in NumPy, and a browser test holds the two together.

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

/** P log(P/Q) for every outcome, in nats: 0 where P is 0, infinite where only Q is. */
function terms(p, q) {
  return p.map((share, index) =>
    (share > 0 ? share * (Math.log(share) - Math.log(q[index])) : 0));
}

const sumOf = (numbers) => numbers.reduce((total, number) => total + number, 0);

/** Everything the lab shows at one position of its bars. */
function compute({ p, q }) {
  const forwardTerms = terms(p, q);
  const reverseTerms = terms(q, p);
  return {
    forwardTerms,
    reverseTerms,
    forward: Math.max(sumOf(forwardTerms), 0),
    reverse: Math.max(sumOf(reverseTerms), 0),
  };
}
