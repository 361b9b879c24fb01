// Arrays as the kit stores them: .npy of version 1.0, little-endian, row order.
import { image, type Image } from "./image";

type Kind = "|u1" | "<i4" | "<f4" | "<f8";
const READERS: Record<Kind, [number, (view: DataView, at: number) => number]> = {
  "|u1": [1, (view, at) => view.getUint8(at)],
  "<i4": [4, (view, at) => view.getInt32(at, true)],
  "<f4": [4, (view, at) => view.getFloat32(at, true)],
  "<f8": [8, (view, at) => view.getFloat64(at, true)],
};

/** An array of two or three dimensions, and whether it holds bytes. */
export function readNpy(file: Uint8Array): { value: Image; bytes: boolean } {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const length = view.getUint16(8, true);
  const head = new TextDecoder("latin1").decode(file.subarray(10, 10 + length));
  const kind = /'descr': '([^']+)'/.exec(head)?.[1] as Kind;
  const shape = (/'shape': \(([\d, ]+)\)/.exec(head)?.[1] ?? "").split(",").filter((n) => n.trim()).map(Number);
  if (!(kind in READERS) || shape.length < 2 || head.includes("'fortran_order': True"))
    throw new Error(`no array of the kit: ${head}`);
  const [width, read] = READERS[kind];
  const value = image(shape[0], shape[1], shape[2] ?? 1);
  for (let k = 0; k < value.at.length; k++) value.at[k] = read(view, 10 + length + width * k);
  return { value, bytes: kind === "|u1" };
}

/** The file of an array, as bytes or doubles, of the shape that the case gives. */
export function writeNpy(value: Image, bytes: boolean, shape: readonly number[]): Uint8Array {
  const text = `{'descr': '${bytes ? "|u1" : "<f8"}', 'fortran_order': False, 'shape': (${shape.join(", ")}), }`;
  const head = text.padEnd(64 * Math.ceil((text.length + 11) / 64) - 11) + "\n";
  const values = bytes ? Uint8Array.from(value.at) : new Uint8Array(value.at.buffer, value.at.byteOffset, value.at.byteLength);
  const file = new Uint8Array(10 + head.length + values.length);
  file.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, head.length & 255, head.length >> 8]);
  file.set(new TextEncoder().encode(head), 10);
  file.set(values, 10 + head.length);
  return file;
}
