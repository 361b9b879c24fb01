// The steps of the paper. Every sum is taken in the order of the reference: the order is part of the last digit.
import { clipped, image, mapped, type Image } from "./image";

const PATCH = 16; // pixels; a score stands for a patch
const STRIDE = 2; // pixels, between neighbouring patches
const [RED, GREEN, BLUE] = [0.2989360212937754, 0.5870430744511212, 0.11402090425510325];
const BURT = [1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16];

/** Step 1: g = .2989 R + .5870 G + .1140 B with weights of 15 digits; a gray image stays as it is. */
export function gray(source: Image): Image {
  if (source.channels === 1) return source;
  const { rows, columns, at } = source;
  return mapped(image(rows, columns), (_, k) =>
    clipped(RED * at[3 * k] + GREEN * at[3 * k + 1] + BLUE * at[3 * k + 2], 0, 1),
  );
}

/** ... b a | a b c | c b ...: the pixel at the border is repeated, and the line as often as a short one needs. */
function mirrored(i: number, size: number): number {
  const place = (i + 2 * size) % (2 * size);
  return place < size ? place : 2 * size - 1 - place;
}

function weighted(at: Float64Array, first: number, step: number, size: number, centre: number): number {
  let sum = 0;
  for (let m = -2; m <= 2; m++) sum += BURT[m + 2] * at[first + step * mirrored(centre + m, size)];
  return sum;
}

/** Step 2: G(j, i) = sum w(m) w(n) g(2 j + m, 2 i + n), w = [1 4 6 4 1] / 16; down first, then across. */
export function pyramid(level: Image): Image {
  const { rows, columns } = level;
  const down = image(Math.ceil(rows / 2), columns);
  for (let j = 0; j < down.rows; j++)
    for (let x = 0; x < columns; x++) down.at[j * columns + x] = weighted(level.at, x, columns, rows, 2 * j);
  const smaller = image(down.rows, Math.ceil(columns / 2));
  for (let j = 0; j < smaller.rows; j++)
    for (let i = 0; i < smaller.columns; i++)
      smaller.at[j * smaller.columns + i] = weighted(down.at, j * columns, 1, columns, 2 * i);
  return smaller;
}

/** Rows and columns of the scores of an image. */
export function scoreShape(rows: number, columns: number): [number, number] {
  return [Math.ceil(rows / STRIDE) - PATCH / STRIDE + 1, Math.ceil(columns / STRIDE) - PATCH / STRIDE + 1];
}

/** Step 4: FM(y, x) = mean of S(j, i) over the patches with 2 j <= y < 2 j + 16 and 2 i <= x < 2 i + 16. */
export function focusMap(scores: Image, rows: number, columns: number): Image {
  const due = scoreShape(rows, columns);
  if (scores.rows !== due[0] || scores.columns !== due[1])
    throw new Error(`scores are ${scores.rows} x ${scores.columns}, but ${due[0]} x ${due[1]} are due`);
  const [map, patches] = [image(rows, columns), image(rows, columns)];
  for (let j = 0; j < scores.rows; j++)
    for (let i = 0; i < scores.columns; i++) {
      const score = scores.at[j * scores.columns + i];
      for (let y = STRIDE * j; y < Math.min(STRIDE * j + PATCH, rows); y++)
        for (let x = STRIDE * i; x < Math.min(STRIDE * i + PATCH, columns); x++) {
          map.at[y * columns + x] += score;
          patches.at[y * columns + x] += 1;
        }
    }
  return mapped(map, (sum, k) => sum / patches.at[k]);
}

/** In place: out(i) = C(min(i + r, n - 1)) - C(i - r - 1), C(i) the sum of a line up to i, in sums[i + 1]. */
function windowSums(at: Float64Array, first: number, step: number, size: number, radius: number, sums: Float64Array) {
  for (let i = 0; i < size; i++) sums[i + 1] = sums[i] + at[first + step * i];
  for (let i = 0; i < size; i++)
    at[first + step * i] = sums[Math.min(i + radius + 1, size)] - sums[Math.max(i - radius, 0)];
}

/** Sums over the (2 r + 1)-wide window around every pixel; the border cuts windows off. */
export function boxFilter(source: Image, radius: number): Image {
  const { rows, columns } = source;
  const total = image(rows, columns, 1, source.at.slice());
  const sums = new Float64Array(Math.max(rows, columns) + 1);
  for (let x = 0; x < columns; x++) windowSums(total.at, x, columns, rows, radius, sums);
  for (let y = 0; y < rows; y++) windowSums(total.at, y * columns, 1, columns, radius, sums);
  return total;
}

function windowMean(source: Image, radius: number): Image {
  const { rows, columns } = source;
  const size = (i: number, n: number) => Math.min(i + radius + 1, n) - Math.max(i - radius, 0);
  return mapped(
    boxFilter(source, radius),
    (sum, k) => sum / (size(Math.floor(k / columns), rows) * size(k % columns, columns)),
  );
}

/** The maximum over the window around every pixel, down and then across. */
function windowMaximum(source: Image, radius: number): Image {
  const { rows, columns } = source;
  const across = (from: Float64Array, step: number, size: number, other: number) => {
    const most = new Float64Array(from.length);
    for (let line = 0; line < from.length / size; line++) {
      const first = step === 1 ? line * other : line;
      for (let i = 0; i < size; i++) {
        let maximum = 0;
        for (let k = Math.max(i - radius, 0); k <= Math.min(i + radius, size - 1); k++)
          maximum = Math.max(maximum, from[first + step * k]);
        most[first + step * i] = maximum;
      }
    }
    return most;
  };
  return image(rows, columns, 1, across(across(source.at, columns, rows, columns), 1, columns, columns));
}

/** Step 5: d = p max(FM) + (1 - p) mean(FM) over the window around each pixel; side b pools 1 - FM and turns it back. */
export function mixedPooling(map: Image, window: number, p: number, side: "a" | "b"): Image {
  if (window === 1) return map;
  if (side === "b") return mapped(mixedPooling(mapped(map, (d) => 1 - d), window, p, "a"), (d) => 1 - d);
  const [mean, most] = [windowMean(map, (window - 1) / 2), windowMaximum(map, (window - 1) / 2)];
  return mapped(mean, (average, k) => clipped(p * most.at[k] + (1 - p) * average, 0, 1));
}

/** Step 6: 1 where FM > threshold; a tie goes to B. */
export function segmentation(map: Image, threshold: number): Image {
  return mapped(map, (value) => Number(value > threshold));
}

/** Turn the 8-connected regions of `value` that have fewer than `area` pixels, in place. */
function openArea(map: Image, value: number, area: number): void {
  const { rows, columns, at } = map;
  const seen = new Uint8Array(at.length);
  const region = new Int32Array(at.length); // its own queue of pixels to visit
  for (let start = 0; start < at.length; start++) {
    if (seen[start] || at[start] !== value) continue;
    let found = 1;
    [region[0], seen[start]] = [start, 1];
    for (let k = 0; k < found; k++) {
      const [y, x] = [Math.floor(region[k] / columns), region[k] % columns];
      for (let j = Math.max(y - 1, 0); j <= Math.min(y + 1, rows - 1); j++)
        for (let i = Math.max(x - 1, 0); i <= Math.min(x + 1, columns - 1); i++) {
          const near = j * columns + i;
          if (seen[near] || at[near] !== value) continue;
          seen[near] = 1;
          region[found++] = near;
        }
    }
    if (found < area) for (let k = 0; k < found; k++) at[region[k]] = 1 - value;
  }
}

/** Step 7: regions of fewer than `area` pixels are dropped, in the map first, then in its complement. */
export function consistency(map: Image, area: number): Image {
  const opened = image(map.rows, map.columns, 1, map.at.slice());
  openArea(opened, 1, area);
  openArea(opened, 0, area);
  return opened;
}

/** Step 8, the guide: M gray(A) + (1 - M) gray(B). */
export function guide(grayA: Image, grayB: Image, map: Image): Image {
  return fusion(grayA, grayB, map);
}

/** Step 8: D = mean(a) I + mean(b), a = cov(I, p) / (var(I) + eps), b = mean(p) - a mean(I) (He et al. 2013). */
export function guidedFilter(guideImage: Image, map: Image, radius: number, eps: number): Image {
  const mean = (source: Image) => windowMean(source, radius);
  const I = guideImage.at;
  const [meanI, meanP] = [mean(guideImage).at, mean(map).at];
  const meanIp = mean(mapped(guideImage, (value, k) => value * map.at[k])).at;
  const meanII = mean(mapped(guideImage, (value) => value * value)).at;
  const a = mapped(guideImage, (_, k) => (meanIp[k] - meanI[k] * meanP[k]) / (meanII[k] - meanI[k] * meanI[k] + eps));
  const b = mapped(a, (slope, k) => meanP[k] - slope * meanI[k]);
  const [meanA, meanB] = [mean(a).at, mean(b).at];
  return mapped(guideImage, (_, k) => meanA[k] * I[k] + meanB[k]);
}

/** Step 9: F = D A + (1 - D) B at every pixel and channel. */
export function fusion(imageA: Image, imageB: Image, map: Image): Image {
  return mapped(imageA, (value, k) => {
    const weight = map.at[Math.floor(k / imageA.channels)];
    return value * weight + imageB.at[k] * (1 - weight);
  });
}

/** Gray levels: 255 times the value, halves upwards, saturated. Adding 1/2 itself would make .49999999999999994 a 1. */
export function uint8(source: Image): Image {
  return mapped(source, (value) => Math.floor(clipped(255 * value, 0, 255) + 0.49999999999999994));
}
