// Networks as ONNX files (parfocal export --onnx), in ONNX Runtime's WebAssembly, with one thread: the one of step 3,
// which scores patches, and the one of the pixel method.
import type * as Runtime from "onnxruntime-web";
import { image, type Image } from "./image";

const ALIGN = 16; // sides that the network of pixels takes are multiples of this

/** A network, and how many levels of the pyramids it takes. */
export class Network {
  private constructor(
    private readonly ort: typeof Runtime,
    private readonly session: Runtime.InferenceSession,
    readonly levels: number,
  ) {}

  static async load(model: Uint8Array): Promise<Network> {
    const ort = await import("onnxruntime-web"); // of megabytes: not for who has no network
    ort.env.wasm.numThreads = 1; // a plain server sends no headers of isolation, which threads would need
    ort.env.logLevel = "error";
    if (typeof location !== "undefined") ort.env.wasm.wasmPaths = new URL("./", location.href).href; // beside the page
    const session = await ort.InferenceSession.create(model, { executionProviders: ["wasm"] });
    return new Network(ort, session, session.inputNames.length / 2);
  }

  /** The weight of A at every pixel, and the root of the squared error that is expected; from the grays of A and B. */
  async weigh(grayA: Image, grayB: Image): Promise<{ decision: Image; error: Image }> {
    const { rows, columns } = grayA;
    const [height, width] = [Math.ceil(rows / ALIGN) * ALIGN, Math.ceil(columns / ALIGN) * ALIGN];
    const grays = new Float32Array(2 * height * width); // the border repeated
    [grayA, grayB].forEach((gray, n) => {
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++)
          grays[(n * height + y) * width + x] = gray.at[Math.min(y, rows - 1) * columns + Math.min(x, columns - 1)];
    });
    const feeds = { grays: new this.ort.Tensor("float32", grays, [2, 1, height, width]) };
    const { weights, log_variance: variance } = await this.session.run(feeds);
    const [decision, error] = [image(rows, columns), image(rows, columns)];
    const [ofA, left] = [weights.data as Float32Array, variance.data as Float32Array];
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < columns; x++) {
        decision.at[y * columns + x] = ofA[y * width + x];
        error.at[y * columns + x] = Math.min(Math.exp(left[y * width + x] / 2), 0.1);
      }
    return { decision, error };
  }

  /** The probability of "A in focus" for every patch, from the pyramids of A and B, the finest level first. */
  async scores(pyramidA: readonly Image[], pyramidB: readonly Image[]): Promise<Image> {
    const feeds: Record<string, Runtime.Tensor> = {};
    for (const [side, levels] of [["a", pyramidA], ["b", pyramidB]] as const)
      levels.forEach((level, k) => {
        const shape = [1, 1, level.rows, level.columns];
        feeds[`pyramid_${side}_${k}`] = new this.ort.Tensor("float32", Float32Array.from(level.at), shape);
      });
    const { score_map: found } = await this.session.run(feeds);
    return image(found.dims[0], found.dims[1], 1, Float64Array.from(found.data as Float32Array));
  }
}
