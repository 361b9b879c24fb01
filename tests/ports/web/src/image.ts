/** An image or a map: rows x columns x channels numbers, row by row, the channels of a pixel side by side. */
export interface Image {
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
  readonly at: Float64Array;
}

export function image(rows: number, columns: number, channels = 1, at?: Float64Array): Image {
  return { rows, columns, channels, at: at ?? new Float64Array(rows * columns * channels) };
}

/** The same image with every number changed. */
export function mapped(source: Image, change: (value: number, index: number) => number): Image {
  return { ...source, at: source.at.map(change) };
}

export function clipped(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
