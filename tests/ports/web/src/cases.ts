// The cases of the conformance kit: every step by its name, and a case computed from its record.
import { mapped, type Image } from "./image";
import type { Network } from "./network";
import * as steps from "./steps";

export interface Row {
  name: string;
  role: "input" | "output";
  file: string;
  kind: string;
  shape: number[];
  step?: string;
  from?: string[];
  limits: { float64: Record<string, number> };
}

export interface CaseRecord {
  parameters: Record<string, number | string>;
  arrays: Row[];
}

/** An array, and whether it holds bytes: gray levels or a mask. */
export interface Known {
  value: Image;
  bytes: boolean;
}

type Parameters = Record<string, number | string>;
type Step = (sources: Known[], p: Parameters, network?: Network) => Image | Promise<Image>;

/** Gray levels become value / 255; numbers and masks stay as they are. */
function fractions(known: Known): Image {
  return known.bytes ? mapped(known.value, (level) => level / 255) : known.value;
}

const number = (p: Parameters, name: string) => Number(p[name]);

const STEPS: Record<string, Step> = {
  gray: ([a]) => steps.gray(fractions(a)),
  pyramid: ([a]) => steps.pyramid(fractions(a)),
  score_map: (sources, _, network) => {
    const levels = sources.map((known) => known.value);
    return network!.scores(levels.slice(0, levels.length / 2), levels.slice(levels.length / 2));
  },
  focus_map: ([a], p) => steps.focusMap(a.value, number(p, "rows"), number(p, "columns")),
  mixed_pooling: ([a], p) =>
    steps.mixedPooling(a.value, number(p, "pool_window"), number(p, "pool_p"), p.pool_side as "a" | "b"),
  segmentation: ([a], p) => steps.segmentation(a.value, number(p, "focus_threshold")),
  consistency: ([a], p) => steps.consistency(a.value, number(p, "small_region_area")),
  guide: ([a, b, map]) => steps.guide(fractions(a), fractions(b), map.value),
  guided_filter: ([a, map], p) =>
    steps.guidedFilter(fractions(a), map.value, number(p, "guide_radius"), number(p, "guide_eps")),
  fusion: ([a, b, map]) => steps.fusion(fractions(a), fractions(b), map.value),
  uint8: ([a]) => steps.uint8(a.value),
};

/** Compute what can be computed of a case; `keep` receives each array. Without a network its step is left out. */
export async function compute(
  record: CaseRecord,
  known: Map<string, Known>,
  keep: (row: Row, array: Known) => void,
  network?: Network,
): Promise<void> {
  for (const row of record.arrays) {
    const sources = (row.from ?? []).map((name) => known.get(name));
    const step = STEPS[row.step ?? ""];
    if (row.role !== "output" || !step || !sources.every((one) => one)) continue;
    if (row.step === "score_map" && (!network || record.parameters.network !== "small")) continue;
    const value = await step(sources as Known[], record.parameters, network);
    const array = { value, bytes: row.kind === "mask" || row.kind === "levels" };
    known.set(row.name, array);
    keep(row, array);
  }
}
