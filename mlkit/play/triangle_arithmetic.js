// The arithmetic of the triangle lab; no drawing.
// triangle_model.py says the same in NumPy, and a browser test holds the two together.

const FLOOR = 0.001; // a step stops this far from an edge: on it the slope may be infinite
const STEP = 0.02; // times the slope, but
const FARTHEST = 0.05; // no number moves by more than this

const crossEntropy = (y, yHat) => sumOf(
  y.map((share, index) => (share === 0 ? 0 : share * -Math.log(yHat[index]))));

/** Minus the gradient, less its mean: the part along which the sum stays 1. */
function downhillOf(gradient) {
  const steep = gradient.map((slope) => Math.min(Math.max(slope, -1e6), 1e6));
  const mean = sumOf(steep) / steep.length;
  return steep.map((slope) => mean - slope);
}

/** Everything the lab shows at one position. */
function compute({ y, y_hat: yHat }) {
  const gradient = y.map((share, index) => (share === 0 ? 0 : -(share / yHat[index])));
  const [loss, entropy] = [crossEntropy(y, yHat), crossEntropy(y, y)];
  return {
    surprises: yHat.map((share) => 0 - Math.log(share)),
    loss,
    entropy,
    lowest: loss - entropy < 1e-6, // at an edge the slope still leads on, out of the triangle
    gradient,
    downhill: downhillOf(gradient),
  };
}

/** The prediction one step downhill, kept a little inside the triangle. */
function stepped({ y, y_hat: yHat }) {
  const { downhill } = compute({ y, y_hat: yHat });
  const steepest = Math.max(...downhill.map(Math.abs), 1e-12);
  const size = Math.min(STEP, FARTHEST / steepest);
  const moved = yHat.map((share, index) => Math.max(share + size * downhill[index], FLOOR));
  return moved.map((share) => share / sumOf(moved));
}
