import { judgeHostileLora } from "../backends/onnx/hostile-loras.ts";
import { seededChance } from "../fakes/chance.ts";
import { complain, type Row, report } from "./report.ts";

interface LoraResult {
  readonly files: number;
  readonly taken: number;
  readonly refused: number;
  readonly faults: readonly string[];
  readonly slowestMs: number;
  readonly grownBytes: number;
}

const ROWS: readonly Row<LoraResult>[] = [
  ["hostile LoRA files", ({ files }) => files],
  ["taken", ({ taken }) => taken],
  ["refused in words", ({ refused }) => refused],
  ["faults of any kind", ({ faults }) => faults.length, 0],
  ["slowest, ms", ({ slowestMs }) => Math.round(slowestMs)],
  ["memory grown by, MB", ({ grownBytes }) => Math.round(grownBytes / 1e6)],
];

/** Reads changed LoRA files and puts them into a graph, as the engine does. false: one was neither taken nor refused in words. */
export async function torture({ inputs, seed }: { readonly inputs: number; readonly seed: number }): Promise<boolean> {
  const chance = seededChance(seed);
  const faults: string[] = [];
  let [taken, refused, slowestMs] = [0, 0, 0];
  const before = process.memoryUsage.rss();
  for (let at = 0; at < inputs; at += 1) {
    const { mutation, outcome, tookMs, fault } = judgeHostileLora(chance);
    if (fault !== undefined) faults.push(`${mutation} (file ${at}): ${fault}`);
    if (outcome === "taken") taken += 1;
    else refused += 1;
    slowestMs = Math.max(slowestMs, tookMs);
  }
  const grownBytes = process.memoryUsage.rss() - before;
  const kept = report(`lora, seed ${seed}`, ROWS, { files: inputs, taken, refused, faults, slowestMs, grownBytes });
  if (faults.length > 0) complain(faults);
  return kept;
}
