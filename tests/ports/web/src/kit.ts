// The kit's own cases in this browser: every output from golden inputs, held against its limits in double.
import { compute, type CaseRecord, type Known, type Row } from "./cases";
import type { Network } from "./network";
import { readNpy } from "./npy";

export interface Verdict {
  arrays: number;
  wrong: string[];
}

/** Check the cases that lie in a folder with an index; `tell` hears how far it is, from 0 to 1. */
export async function checkCases(folder: string, network: Network, tell: (share: number) => void): Promise<Verdict> {
  const names = (await (await fetch(`${folder}/index.json`)).json()) as string[];
  const verdict: Verdict = { arrays: 0, wrong: [] };
  for (const [count, name] of names.entries()) {
    const record = (await (await fetch(`${folder}/${name}/case.json`)).json()) as CaseRecord;
    const golden = new Map<string, Known>();
    await Promise.all(record.arrays.map(async (row) => {
      const file = await (await fetch(`${folder}/${name}/${row.file}`)).arrayBuffer();
      golden.set(row.name, readNpy(new Uint8Array(file)));
    }));
    // Every output from golden inputs: a copy of what is known, so that none is computed from another.
    for (const row of record.arrays)
      await compute({ ...record, arrays: [row] }, new Map(golden), (_, array) => {
        verdict.arrays += 1;
        if (!holds(row, golden.get(row.name)!, array)) verdict.wrong.push(`${row.step} in ${name}`);
      }, network);
    tell((count + 1) / names.length);
  }
  return verdict;
}

/** Whether an array is within the limits of its row. */
function holds(row: Row, golden: Known, found: Known): boolean {
  const differences = golden.value.at.map((value, k) => Math.abs(value - found.value.at[k]));
  const peak = differences.reduce((most, value) => Math.max(most, value), 0);
  const rms = Math.sqrt(differences.reduce((sum, value) => sum + value * value, 0) / differences.length);
  const differing = differences.reduce((count, value) => count + Number(value > 0), 0);
  const measured: Record<string, number> = { peak, rms, levels: peak, mismatches: differing, fraction: differing / differences.length };
  const limits = row.limits.float64;
  return Object.keys(limits).every((name) => !(name in measured) || measured[name] <= limits[name]);
}
