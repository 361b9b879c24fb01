// All computing, away from the page, so that it answers meanwhile.
import { image, type Image } from "./image";
import { checkCases } from "./kit";
import { decide, focusByGfdf, focusByNetwork, type Focus, type Settings } from "./methods";
import { Network } from "./network";
import { uint8 } from "./steps";

export interface Pixels {
  rows: number;
  columns: number;
  rgba: Uint8ClampedArray<ArrayBuffer>;
}

export type Question =
  | { kind: "sources"; a: Pixels; b: Pixels }
  | { kind: "fuse"; method: "network" | "gfdf"; settings: Settings }
  | { kind: "check" };

export type Answer =
  | { kind: "progress"; share: number; what: string }
  | { kind: "steps"; pictures: [string, Pixels][]; seconds: number; fromA: number }
  | { kind: "checked"; arrays: number; wrong: string[] }
  | { kind: "error"; why: string };

const scope = self as unknown as { postMessage(answer: Answer, transfer?: Transferable[]): void; onmessage: unknown };
const say = (answer: Answer, transfer: Transferable[] = []) => scope.postMessage(answer, transfer);
let sources: [Image, Image] | undefined;
let kept = new Map<string, Focus>();
let network: Promise<Network> | undefined;

/** The shipped network, loaded when it is first asked for. */
function shipped(): Promise<Network> {
  network ??= fetch("small.onnx")
    .then((answer) => answer.arrayBuffer())
    .then((file) => Network.load(new Uint8Array(file)));
  return network;
}

/** Three channels in [0, 1], as im2double of the stored bytes. */
function fractions(pixels: Pixels): Image {
  const { rows, columns, rgba } = pixels;
  const found = image(rows, columns, 3);
  for (let k = 0; k < rows * columns; k++)
    for (let c = 0; c < 3; c++) found.at[3 * k + c] = rgba[4 * k + c] / 255;
  return found;
}

/** An image as a picture; the focus measures, which are small, five times as bright. */
function picture(name: string, step: Image): Pixels {
  const { rows, columns, channels, at } = uint8(name.startsWith("focus_measure") ? { ...step, at: step.at.map((x) => 5 * x) } : step);
  const rgba = new Uint8ClampedArray(4 * rows * columns);
  for (let k = 0; k < rows * columns; k++) {
    for (let c = 0; c < 3; c++) rgba[4 * k + c] = at[channels * k + (channels === 3 ? c : 0)];
    rgba[4 * k + 3] = 255;
  }
  return { rows, columns, rgba };
}

async function fuse(method: "network" | "gfdf", settings: Settings): Promise<void> {
  const began = performance.now();
  const [a, b] = sources!;
  if (!kept.has(method)) {
    say({ kind: "progress", share: 0.1, what: method === "gfdf" ? "focus measures" : "the network scores every patch" });
    kept.set(method, method === "gfdf" ? focusByGfdf(a, b) : await focusByNetwork(a, b, await shipped()));
  }
  say({ kind: "progress", share: 0.8, what: "decision and fusion" });
  const found = decide(a, b, kept.get(method)!, settings);
  const map = found.get("guided_filter")!.at;
  const pictures = [...found].map(([name, step]): [string, Pixels] => [name, picture(name, step)]);
  const fromA = map.reduce((sum, weight) => sum + weight, 0) / map.length;
  const seconds = (performance.now() - began) / 1000;
  say({ kind: "steps", pictures, seconds, fromA }, pictures.map(([, one]) => one.rgba.buffer));
}

scope.onmessage = async ({ data }: MessageEvent<Question>) => {
  try {
    if (data.kind === "sources") [sources, kept] = [[fractions(data.a), fractions(data.b)], new Map()];
    else if (data.kind === "fuse") await fuse(data.method, data.settings);
    else {
      const verdict = await checkCases("cases", await shipped(), (share) => say({ kind: "progress", share, what: "cases of the kit" }));
      say({ kind: "checked", ...verdict });
    }
  } catch (error) {
    say({ kind: "error", why: error instanceof Error ? error.message : String(error) });
  }
};
