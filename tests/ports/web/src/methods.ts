// Whole fusions, step by step; each step is kept by its name in order.
import { image, mapped, type Image } from "./image";
import type { Network } from "./network";
import * as steps from "./steps";

/** What the sliders of the page set; `area` is a share of the image. */
export interface Settings {
  window: number;
  p: number;
  side: "a" | "b";
  area: number;
  radius: number;
  eps: number;
}

export type Steps = Map<string, Image>;

/** What comes before the decision and does not depend on the settings: scores or focus measures. */
export type Focus =
  | { kind: "network"; scores: Image; pyramidA: Image[] }
  | { kind: "gfdf"; a: Image; b: Image }
  | { kind: "pixel"; decision: Image; error: Image };

export async function focusByNetwork(a: Image, b: Image, network: Network): Promise<Focus> {
  const levels = [a, b].map((source) => {
    const found = [steps.gray(source)];
    while (found.length < network.levels) found.push(steps.pyramid(found[found.length - 1]));
    return found;
  });
  return { kind: "network", scores: await network.scores(levels[0], levels[1]), pyramidA: levels[0] };
}

/** D from the network that weighs every pixel; it goes to eq. 3 as it is (docs/pixel.md). */
export async function focusByPixel(a: Image, b: Image, network: Network): Promise<Focus> {
  return { kind: "pixel", ...(await network.weigh(steps.gray(a), steps.gray(b))) };
}

/** f = guided(g; |g - mean of 7 x 7 pixels|), the border replicated (Qiu et al. 2019). */
export function focusByGfdf(a: Image, b: Image): Focus {
  const measure = (source: Image) => {
    const gray = steps.gray(source);
    const mean = replicatedMean(gray, 3);
    return steps.guidedFilter(gray, mapped(gray, (value, k) => Math.abs(value - mean.at[k])), 5, 0.3);
  };
  return { kind: "gfdf", a: measure(a), b: measure(b) };
}

/** The mean of the (2 r + 1)-wide window around every pixel, the border replicated. */
function replicatedMean(source: Image, radius: number): Image {
  const { rows, columns } = source;
  const [mean, weight] = [image(rows, columns), 1 / (2 * radius + 1) ** 2];
  const [row, column] = [(y: number) => Math.min(Math.max(y, 0), rows - 1), (x: number) => Math.min(Math.max(x, 0), columns - 1)];
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      let sum = 0;
      for (let j = y - radius; j <= y + radius; j++)
        for (let i = x - radius; i <= x + radius; i++) sum += weight * source.at[row(j) * columns + column(i)];
      mean.at[y * columns + x] = sum;
    }
  return mean;
}

/** The steps that follow from the focus; the last is the fused image. */
export function decide(a: Image, b: Image, focus: Focus, set: Settings): Steps {
  const found: Steps = new Map([["gray_a", steps.gray(a)], ["gray_b", steps.gray(b)]]);
  if (focus.kind === "pixel")
    return found.set("decision_map", focus.decision).set("expected_error", focus.error).set("fusion", steps.fusion(a, b, focus.decision));
  let decision: Image;
  if (focus.kind === "network") {
    focus.pyramidA.forEach((level, k) => k && found.set(`pyramid_a_${k}`, level));
    found.set("score_map", focus.scores);
    found.set("focus_map", steps.focusMap(focus.scores, a.rows, a.columns));
    found.set("mixed_pooling", steps.mixedPooling(found.get("focus_map")!, set.window, set.p, set.side));
    decision = steps.segmentation(found.get("mixed_pooling")!, 0.5);
  } else {
    found.set("focus_measure_a", focus.a);
    found.set("focus_measure_b", focus.b);
    decision = mapped(focus.a, (value, k) => Number(value > focus.b.at[k]));
  }
  found.set("segmentation", decision);
  found.set("consistency", steps.consistency(decision, Math.ceil(set.area * a.rows * a.columns)));
  found.set("guide", steps.guide(found.get("gray_a")!, found.get("gray_b")!, found.get("consistency")!));
  found.set("guided_filter", steps.guidedFilter(found.get("guide")!, found.get("consistency")!, set.radius, set.eps));
  return found.set("fusion", steps.fusion(a, b, found.get("guided_filter")!));
}
