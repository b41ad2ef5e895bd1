// The map of the triangle lab: a loss for every prediction, drawn as bands and lines of equal loss.

const CORNERS = [[30, 262], [170, 26], [310, 262]]; // of A, B and C, in the drawing's own units
const MAP = { width: 340, height: 290 };
const LEVELS = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3];
const FINENESS = 36; // small triangles along one side
const TALLEST = 12; // a loss above this is drawn as this

const toPlane = (shares) => [0, 1].map(
  (axis) => sumOf(shares.map((share, index) => share * CORNERS[index][axis])));

/** The prediction at a place of the drawing, moved inside and to whole hundredths. */
function toShares([x, y]) {
  const [[ax, ay], [bx, by], [cx, cy]] = CORNERS;
  const area = (by - cy) * (ax - cx) + (cx - bx) * (ay - cy);
  const a = ((by - cy) * (x - cx) + (cx - bx) * (y - cy)) / area;
  const b = ((cy - ay) * (x - cx) + (ax - cx) * (y - cy)) / area;
  const inside = [a, b, 1 - a - b].map((share) => Math.max(share, 0));
  const [first, second] = inside.map((share) => rounded(share / sumOf(inside)));
  const both = Math.min(second, 1 - first);
  return [first, both, Math.max(1 - first - both, 0)];
}

/** The corners of every small triangle, as shares. */
function smallTriangles() {
  const at = (i, j) => [i, j, FINENESS - i - j].map((n) => n / FINENESS);
  const found = [];
  for (let i = 0; i < FINENESS; i += 1) {
    for (let j = 0; j < FINENESS - i; j += 1) {
      found.push([at(i, j), at(i + 1, j), at(i, j + 1)]);
      if (i + j < FINENESS - 1) found.push([at(i + 1, j), at(i, j + 1), at(i + 1, j + 1)]);
    }
  }
  return found;
}
const SMALL = smallTriangles().map((corners) => ({ corners, places: corners.map(toPlane) }));

const point = ([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`;

/** Where the loss passes a level within one small triangle: a piece of line, or nothing. */
function crossing(places, heights, level) {
  const ends = [];
  for (const [i, j] of [[0, 1], [1, 2], [2, 0]]) {
    if ((heights[i] < level) === (heights[j] < level)) continue;
    const part = (level - heights[i]) / (heights[j] - heights[i]);
    ends.push([0, 1].map((axis) => places[i][axis] + part * (places[j][axis] - places[i][axis])));
  }
  return ends.length === 2 ? ends : undefined;
}

/** Bands and lines for one truth: paths to draw, and a place for each line's number. */
function surface(y) {
  const bands = LEVELS.map(() => "").concat("");
  const lines = LEVELS.map((level) => ({ level, path: "", places: [] }));
  for (const { corners, places } of SMALL) {
    const heights = corners.map((shares) => Math.min(crossEntropy(y, shares), TALLEST));
    const mean = sumOf(heights) / 3;
    const band = LEVELS.findIndex((level) => mean < level);
    bands[band < 0 ? LEVELS.length : band] += `M${places.map(point).join("L")}Z`;
    for (const line of lines) {
      const piece = crossing(places, heights, line.level);
      if (!piece) continue;
      line.path += `M${piece.map(point).join("L")}`;
      line.places.push(piece[0]);
    }
  }
  return { bands, lines: lines.map((line) => ({ ...line, label: labelPlace(line.places) })) };
}

/** A line's number stands in its middle, so that the numbers make a row. */
function labelPlace(places) {
  if (places.length < 4) return undefined;
  const sorted = [...places].sort((one, other) => one[0] - other[0]);
  return sorted[Math.floor(sorted.length / 2)];
}

/** The map: made once; surface(y) draws the bands, place(...) moves point and arrows. */
function triangleMap(id) {
  const ground = shape("g", { class: "ground" });
  const truth = shape("path", { class: "truth", d: "M0 -9L9 0L0 9L-9 0Z" });
  const yours = shape("path", { class: "arrow yours", "marker-end": `url(#${id}-yours)` });
  const ours = shape("path", { class: "arrow", "marker-end": `url(#${id}-ours)` });
  const knob = shape("circle", { class: "knob", r: 8 });
  const names = CORNERS.map(([x, y], index) => shape("text",
    { class: "corner", x, y: y + (index === 1 ? -12 : 20), "text-anchor": "middle" },
    CLASSES[index]));
  const drawing = shape("svg",
    { role: "img", class: "draggable", viewBox: `0 0 ${MAP.width} ${MAP.height}` },
    shape("defs", {}, head(`${id}-ours`, "currentColor", 4), head(`${id}-yours`, "#D55E00", 2.4)),
    ground, shape("path", { class: "side", d: `M${CORNERS.map(point).join("L")}Z` }),
    ...names, truth, yours, ours, knob);
  return {
    drawing,
    surface: (y) => drawSurface(ground, y),
    place({ y, y_hat: yHat }, result, theirs, label) {
      const [x, top] = toPlane(yHat);
      move(knob, { cx: x, cy: top });
      move(truth, { transform: `translate(${toPlane(y).join(" ")})` });
      move(ours, { d: result.lowest ? "" : arrow(yHat, result.downhill) });
      move(yours, { d: theirs && !result.lowest ? arrow(yHat, downhillOf(theirs)) : "" });
      drawing.setAttribute("aria-label", label);
    },
  };
}

function head(id, colour, size) {
  return shape("marker", { id, viewBox: "0 0 10 10", refX: 6, refY: 5, orient: "auto",
    markerWidth: size, markerHeight: size }, shape("path", { d: "M0 0L10 5L0 10Z", fill: colour }));
}

function drawSurface(ground, y) {
  const { bands, lines } = surface(y);
  ground.replaceChildren(
    ...bands.map((d, index) => shape("path",
      { class: "band", d, "fill-opacity": (0.7 * index) / LEVELS.length })),
    ...lines.map(({ path }) => shape("path", { class: "level", d: path })),
    ...lines.filter(({ label }) => label).map(({ level, label: [x, top] }) => shape("text",
      { class: "height", x, y: top + 3, "text-anchor": "middle" }, String(level))));
}

/** From the prediction downhill; longer where it is steeper, up to a limit. */
function arrow(yHat, downhill) {
  if (downhill.some(Number.isNaN)) return "";
  const start = toPlane(yHat);
  const along = toPlane(downhill.map((slope) => slope / Math.max(...downhill.map(Math.abs), 1e-9)));
  const size = Math.hypot(...along);
  const steepness = Math.max(...downhill.map(Math.abs));
  if (steepness < 0.005 || size < 1e-6) return "";
  const length = Math.min(14 + 12 * steepness, 80);
  const end = start.map((place, axis) => place + (along[axis] / size) * length);
  return `M${point(start)}L${point(end)}`;
}
