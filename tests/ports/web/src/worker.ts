// All computing, away from the page, so that it answers meanwhile.
import { image, type Image } from "./image";
import { checkCases } from "./kit";
import { decide, focusByGfdf, focusByNetwork, focusByPixel, type Focus, type Settings } from "./methods";
import { Network } from "./network";
import { uint8 } from "./steps";

export interface Pixels {
  rows: number;
  columns: number;
  rgba: Uint8ClampedArray<ArrayBuffer>;
}

export type Method = "network" | "gfdf" | "pixel";

export type Question =
  | { kind: "sources"; a: Pixels; b: Pixels }
  | { kind: "fuse"; method: Method; settings: Settings }
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
const networks = new Map<string, Promise<Network>>();

/** A shipped network, loaded when it is first asked for. */
function shipped(name: "small" | "pixel"): Promise<Network> {
  const load = async () => Network.load(new Uint8Array(await (await fetch(`${name}.onnx`)).arrayBuffer()));
  if (!networks.has(name)) networks.set(name, load());
  return networks.get(name)!;
}

const ANNOUNCED = {
  network: "the network scores every patch", gfdf: "focus measures", pixel: "the network weighs every pixel",
};

async function focus(method: Method, a: Image, b: Image): Promise<Focus> {
  if (method === "gfdf") return focusByGfdf(a, b);
  return method === "pixel" ? focusByPixel(a, b, await shipped("pixel")) : focusByNetwork(a, b, await shipped("small"));
}

/** Three channels in [0, 1], as im2double of the stored bytes. */
function fractions(pixels: Pixels): Image {
  const { rows, columns, rgba } = pixels;
  const found = image(rows, columns, 3);
  for (let k = 0; k < rows * columns; k++)
    for (let c = 0; c < 3; c++) found.at[3 * k + c] = rgba[4 * k + c] / 255;
  return found;
}

/** An image as a picture; what is small is shown brighter, as its title says. */
function picture(name: string, step: Image): Pixels {
  const brighter = name.startsWith("focus_measure") ? 5 : name === "expected_error" ? 10 : 1;
  const { rows, columns, channels, at } = uint8({ ...step, at: step.at.map((x) => brighter * x) });
  const rgba = new Uint8ClampedArray(4 * rows * columns);
  for (let k = 0; k < rows * columns; k++) {
    for (let c = 0; c < 3; c++) rgba[4 * k + c] = at[channels * k + (channels === 3 ? c : 0)];
    rgba[4 * k + 3] = 255;
  }
  return { rows, columns, rgba };
}

async function fuse(method: Method, settings: Settings): Promise<void> {
  const began = performance.now();
  const [a, b] = sources!;
  if (!kept.has(method)) {
    say({ kind: "progress", share: 0.1, what: ANNOUNCED[method] });
    kept.set(method, await focus(method, a, b));
  }
  say({ kind: "progress", share: 0.8, what: "decision and fusion" });
  const found = decide(a, b, kept.get(method)!, settings);
  const map = (found.get("guided_filter") ?? found.get("decision_map"))!.at;
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
      const verdict = await checkCases("cases", await shipped("small"), (share) => say({ kind: "progress", share, what: "cases of the kit" }));
      say({ kind: "checked", ...verdict });
    }
  } catch (error) {
    say({ kind: "error", why: error instanceof Error ? error.message : String(error) });
  }
};
