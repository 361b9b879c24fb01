// The page: two photographs in, every step and the result out. Nothing leaves the browser.
import type { Settings } from "./methods";
import type { Answer, Method, Pixels, Question } from "./worker";

interface Text {
  number: number;
  title: string;
  sentence: string;
  formula: string;
  matlab: string;
  parameters: Record<string, string>;
}

interface Texts {
  paper: Text[];
  own: Record<string, Record<string, Text | null>>; // of a method, by the number of the step; null where it has none
  panels: Record<string, [number, string]>;
}

const MOST = { network: 2e6, gfdf: 13e6, pixel: 4e6 }; // pixels: one thread, and the memory that a browser gives
const NAMES = { network: "this network", gfdf: "GFDF", pixel: "the pixel method" };
const get = <T extends HTMLElement = HTMLElement>(id: string) => document.getElementById(id) as T;
const worker = new Worker("worker.js", { type: "module" });
const files: { a?: Pixels; b?: Pixels } = {};
let names: { a: string; b: string } = { a: "", b: "" };
let texts: Texts;
let busy = false;
let again = false;

const ask = (question: Question, transfer: Transferable[] = []) => worker.postMessage(question, transfer);
const method = () => get<HTMLSelectElement>("method").value as Method;

function settings(): Settings {
  const value = (id: string) => Number(get<HTMLInputElement>(id).value);
  return {
    window: 2 * value("window") + 1, p: value("pool-p"), side: get<HTMLSelectElement>("pool-side").value as "a" | "b",
    area: value("area") / 1000, radius: value("radius"), eps: 10 ** value("eps"),
  };
}

/** Pixels as stored, turned upright as the file says, in the numbers of the file: no colour is converted. */
async function pixelsOf(file: Blob): Promise<Pixels> {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image", colorSpaceConversion: "none", premultiplyAlpha: "none" });
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  return { rows: bitmap.height, columns: bitmap.width, rgba: data as Uint8ClampedArray<ArrayBuffer> };
}

function tell(sentence: string, wrong = false): void {
  get("status").textContent = sentence;
  get("status").classList.toggle("wrong", wrong);
}

async function take(side: "a" | "b", file: File | undefined): Promise<void> {
  if (!file) return;
  try {
    files[side] = await pixelsOf(file);
    names = { ...names, [side]: file.name };
    get(`name-${side}`).textContent = file.name;
  } catch {
    delete files[side];
    return tell(`${file.name} is no image that this browser reads: take PNG or JPEG`, true);
  }
  begin();
}

/** Hand both sources to the worker, if they fit. */
function begin(): void {
  const { a, b } = files;
  if (!a || !b) return tell(`now photograph ${a ? "B" : "A"}`);
  if (a.rows !== b.rows || a.columns !== b.columns)
    return tell(`${names.a} is ${a.columns} x ${a.rows} pixels but ${names.b} is ${b.columns} x ${b.rows}: the command line resizes or aligns them`, true);
  if (Math.min(a.rows, a.columns) < 16) return tell(`${names.a} is ${a.columns} x ${a.rows} pixels, but a side must have at least 16`, true);
  ask({ kind: "sources", a, b });
  fuse();
}

/** Fuse, or remember that it is to be done again when what is under way has ended. */
function fuse(): void {
  if (!files.a || !files.b || files.a.rows !== files.b.rows || files.a.columns !== files.b.columns) return;
  const pixels = files.a.rows * files.a.columns;
  if (pixels > MOST[method()])
    return tell(`${(pixels / 1e6).toFixed(1)} megapixels are more than ${MOST[method()] / 1e6}, which this page does by ${NAMES[method()]}: scale them down, take GFDF, or the command line`, true);
  if (busy) return void (again = true);
  [busy, again] = [true, false];
  ask({ kind: "fuse", method: method(), settings: settings() });
}

function draw(canvas: HTMLCanvasElement, pixels: Pixels): void {
  [canvas.width, canvas.height] = [pixels.columns, pixels.rows];
  canvas.getContext("2d")!.putImageData(new ImageData(pixels.rgba, pixels.columns, pixels.rows), 0, 0);
}

function show(pictures: [string, Pixels][]): void {
  const known = new Set(pictures.map(([name]) => name));
  document.querySelectorAll<HTMLElement>("figure[data-step]").forEach((one) => (one.hidden = !known.has(one.dataset.step!)));
  for (const [name, pixels] of pictures) {
    const canvas = document.querySelector<HTMLCanvasElement>(`figure[data-step=${name}] canvas`);
    if (canvas) draw(canvas, pixels);
    if (name === "fusion") draw(get<HTMLCanvasElement>("after"), pixels);
    if (name === "guided_filter" || name === "decision_map") draw(get<HTMLCanvasElement>("map"), pixels);
  }
  for (const side of ["a", "b"] as const) if (files[side]) draw(get<HTMLCanvasElement>(`source-${side}`), files[side]!);
  get("result").hidden = false;
}

/** The steps with their words; those that a method lacks say so. */
function words(): void {
  for (const text of texts.paper) {
    const others = texts.own[method()] ?? {};
    const own = String(text.number) in others ? others[String(text.number)] : text;
    const section = get(`step-${text.number}`);
    section.querySelector("h2")!.textContent = `${text.number}  ${own?.title ?? text.title}`;
    section.querySelector(".sentence")!.textContent = own?.sentence ?? `${NAMES[method()].replace(/^the/, "The")} has no such step.`;
    section.querySelector(".formula")!.innerHTML = own?.formula ?? "";
    section.querySelector("pre")!.textContent = own?.matlab ?? "";
    section.querySelector("pre")!.hidden = !own?.matlab;
  }
}

function build(): void {
  const sliders: Record<number, string> = { 5: "pooling", 7: "smallest", 8: "filtering" };
  for (const text of texts.paper) {
    const section = document.createElement("section");
    section.id = `step-${text.number}`;
    section.innerHTML = `<h2></h2><p class="sentence"></p><div class="formula"></div><pre></pre><div class="pictures"></div>`;
    for (const [name, [number, title]] of Object.entries(texts.panels)) {
      if (number !== text.number) continue;
      const figure = document.createElement("figure");
      figure.dataset.step = name;
      figure.hidden = true;
      figure.innerHTML = `<canvas role="img"></canvas><figcaption></figcaption>`;
      figure.querySelector("figcaption")!.textContent = title;
      figure.querySelector("canvas")!.setAttribute("aria-label", title);
      section.querySelector(".pictures")!.append(figure);
    }
    if (sliders[text.number]) section.querySelector("pre")!.after(get(sliders[text.number]));
    get("steps").append(section);
  }
  words();
}

/** The value of a slider in its own unit. */
function labelled(input: HTMLInputElement): void {
  const value = Number(input.value);
  const shown: Record<string, string> = {
    window: `${2 * value + 1} pixels`, area: `${(value / 10).toFixed(1)} % of the image`, radius: `${value} pixels`,
    eps: (10 ** value).toPrecision(2), "pool-p": value.toFixed(2),
  };
  input.nextElementSibling!.textContent = shown[input.id] ?? input.value;
}

worker.onmessage = ({ data }: MessageEvent<Answer>) => {
  const bar = get<HTMLProgressElement>("progress");
  bar.hidden = data.kind !== "progress";
  if (data.kind === "progress") {
    bar.value = data.share;
    return tell(`${data.what} …`);
  }
  busy = false;
  if (data.kind === "error") tell(`it could not be done: ${data.why}`, true);
  if (data.kind === "steps") {
    show(data.pictures);
    tell(`done in ${data.seconds.toFixed(1)} s: ${Math.round(100 * data.fromA)} % from A`);
  }
  if (data.kind === "checked") {
    const found = data.wrong.length ? `fails: ${[...new Set(data.wrong)].slice(0, 5).join(", ")}` : "pass";
    get("verdict").textContent = `${data.arrays} arrays of the conformance kit in this browser: ${found}.`;
    tell("self-check done");
  }
  if (again) fuse();
};

async function sample(): Promise<void> {
  for (const side of ["a", "b"] as const) {
    const file = await (await fetch(`sample/${side}.png`)).blob();
    files[side] = await pixelsOf(file);
    names = { ...names, [side]: `${side}.png` };
    get(`name-${side}`).textContent = `sample ${side}.png`;
  }
  begin();
}

texts = (await (await fetch("texts.json")).json()) as Texts;
build();
for (const side of ["a", "b"] as const) {
  const [field, drop] = [get<HTMLInputElement>(`file-${side}`), get(`drop-${side}`)];
  field.addEventListener("change", () => void take(side, field.files?.[0]));
  drop.addEventListener("dragover", (event) => event.preventDefault());
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    const dropped = [...(event.dataTransfer?.files ?? [])];
    void take(side, dropped[0]);
    if (dropped[1]) void take(side === "a" ? "b" : "a", dropped[1]);
  });
}
document.querySelectorAll<HTMLInputElement>("input[type=range]").forEach((input) => {
  labelled(input);
  input.addEventListener("input", () => labelled(input));
  input.addEventListener("change", () => (input.id === "before" ? undefined : fuse()));
});
get("pool-side").addEventListener("change", fuse);
get("method").addEventListener("change", () => {
  get<HTMLInputElement>("radius").value = method() === "gfdf" ? "5" : "8";
  get<HTMLInputElement>("eps").value = method() === "gfdf" ? "-0.5" : "-1";
  document.querySelectorAll<HTMLInputElement>("input[type=range]").forEach(labelled);
  get("pooling").hidden = method() !== "network";
  for (const id of ["smallest", "filtering"]) get(id).hidden = method() === "pixel";
  words();
  fuse();
});
get("before").addEventListener("input", () => get("compare").style.setProperty("--at", `${get<HTMLInputElement>("before").value}%`));
get("over").addEventListener("change", () => (get("compare").dataset.over = get<HTMLSelectElement>("over").value));
get("sample").addEventListener("click", () => void sample());
get("check").addEventListener("click", () => ask({ kind: "check" }));
get("save").addEventListener("click", () =>
  get<HTMLCanvasElement>("after").toBlob((blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob!);
    link.download = "fused.png";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }, "image/png"),
);
document.body.dataset.ready = "true";
