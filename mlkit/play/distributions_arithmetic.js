// The arithmetic of the distributions lab; no drawing.
// distributions_model.py says the same in NumPy, and a browser test holds the two together.

/** P log(P/Q) for every outcome, in nats: 0 where P is 0, infinite where only Q is. */
function terms(p, q) {
  return p.map((share, index) =>
    (share > 0 ? share * (Math.log(share) - Math.log(q[index])) : 0));
}

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
