// What the distributions lab says: numbers and sentences; no drawing and no state.

/** Four figures, "∞" for infinity: what stands over a bar and in a sum. */
const brief = (number) => (number === Infinity ? "∞" : show(number));

const nats = (number) => (number === Infinity ? "infinite" : `${show(number)} nats`);

/** Where the infinity or the zero comes from, in words; `real` and `believed` are the letters. */
function noteOnTerms(terms, truth, total, real, believed) {
  const impossible = terms.findIndex((term) => term === Infinity);
  if (impossible >= 0) {
    return `Infinite: ${CLASSES[impossible]} has ${believed} = 0 and ${real} > 0, `
      + "called impossible, and it happens.";
  }
  if (total === 0) return "All terms are 0: the two are equal.";
  const never = truth.findIndex((share) => share === 0);
  const silent = never >= 0 ? ` ${CLASSES[never]} never happens in ${real}: its term is 0.` : "";
  return `The terms add up to ${show(total)} nats.${silent}`;
}

function noteOnYours({ title, sentence, values, current }) {
  if (!current) return LATE;
  if (!values.length) return `${sentence[0].toUpperCase()}${sentence.slice(1)}`;
  const [forward, reverse] = values.map(brief);
  return `${title[0].toUpperCase()}${title.slice(1)}: D(P‖Q) = ${forward}, D(Q‖P) = ${reverse}. `
    + sentence;
}

/** One paragraph on the whole position, for the live region. */
function summary({ p, q }, result, yours) {
  return [
    `P: ${list(p)}. Q: ${list(q)}.`,
    `D of P and Q: ${nats(result.forward)}. D of Q and P: ${nats(result.reverse)}.`,
    yours ? noteOnYours(yours) : "",
  ].join(" ").trim();
}

const WHOLE = [152 / 344, 68 / 344, 124 / 344];
const PRESETS = [
  { name: "coins", state: { p: [0.9, 0.1], q: [0.5, 0.5] } },
  { name: "mirrored", state: { p: [0.9, 0.1], q: [0.1, 0.9] } },
  { name: "Q is 0 where P is not", state: { p: [0.5, 0.3, 0.2], q: [0.6, 0.4, 0] } },
  { name: "P is certain", state: { p: [0, 1, 0, 0], q: [0.4, 0.3, 0.2, 0.1] } },
  { name: "Biscoe and all islands", state: { p: [44 / 168, 0, 124 / 168], q: WHOLE } },
];
const START = { p: [0.5, 0.3, 0.2], q: [0.2, 0.2, 0.6] };

const TRY_THIS = [
  "Make P and Q equal, then move one bar of Q a little. Is any single term below 0? Is the sum?",
  "Coins: read both numbers. Then press “Exchange P and Q”. What happened to them?",
  "Mirrored: why are the two numbers equal here, and why would that fool a test?",
  "Drag one bar of Q slowly to 0. How fast does D(P‖Q) grow? What does D(Q‖P) do meanwhile?",
  "Biscoe and all islands: which direction is infinite, and which species is to blame?",
];
