// Step 3: the network as an ONNX file (parfocal export --onnx), in ONNX Runtime's WebAssembly, with one thread.
import type * as Runtime from "onnxruntime-web";
import { image, type Image } from "./image";

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
