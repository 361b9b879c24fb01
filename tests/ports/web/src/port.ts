// The port on the command line:  node port.mjs CASE_FOLDER OUTPUTS_FOLDER [NETWORK.onnx]
// or, for many cases in one process, pairs of folders as lines of stdin:  node port.mjs - NETWORK.onnx
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { compute, type CaseRecord, type Known } from "./cases";
import type { Network } from "./network";
import { readNpy, writeNpy } from "./npy";

let loaded: Promise<Network> | undefined;

/** The network, loaded for the first case that scores: it takes most of the time of the others. */
async function networkOf(record: CaseRecord, model?: string): Promise<Network | undefined> {
  if (!model || !record.arrays.some((row) => row.step === "score_map")) return undefined;
  loaded ??= import("./network").then(async ({ Network }) => Network.load(await readFile(model)));
  return loaded;
}

async function answer(folder: string, outputs: string, model?: string): Promise<void> {
  const record = JSON.parse(await readFile(join(folder, "case.json"), "utf8")) as CaseRecord;
  const known = new Map<string, Known>();
  for (const row of record.arrays)
    if (row.role === "input") known.set(row.name, readNpy(await readFile(join(folder, row.file))));
  const writing: Promise<void>[] = [];
  await compute(record, known, (row, array) => {
    writing.push(writeFile(join(outputs, `${row.name}.npy`), writeNpy(array.value, array.bytes, row.shape)));
  }, await networkOf(record, model));
  await Promise.all(writing);
}

const [first, second, third] = process.argv.slice(2);
if (first !== "-") await answer(first, second, third);
else
  for await (const line of createInterface({ input: process.stdin })) {
    const [folder, outputs] = line.split("\t");
    const why = await answer(folder, outputs, second).then(() => "", String);
    process.stdout.write(`${why.split("\n")[0]}\n`);
  }
