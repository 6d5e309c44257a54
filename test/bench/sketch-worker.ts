import { setTimeout as pauseMs } from "node:timers/promises";
import { LAYOUTS } from "../../src/typesetter/layouts/families.ts";
import { openTypesetter } from "../../src/typesetter/worker-pool.ts";
import { posterOrder } from "./poster-order.ts";
import { residentMb } from "./resident.ts";

// The sketch's worker in a process of its own, which draws posters as fast as they are asked for: says over IPC what it adds.
export interface SketchWorkerAnswer {
  readonly addsMb: number;
  /** At any time meanwhile. */
  readonly mostMb: number;
}

const ROUNDS = 3;
const REST_MS = 1000;

const typesetter = openTypesetter("bench", 1);
await pauseMs(REST_MS);
const beforeMb = residentMb(process.pid, "VmRSS");
for (let seed = 0; seed < ROUNDS; seed += 1)
  for (const { name } of LAYOUTS)
    for await (const answer of typesetter.work(posterOrder(name, seed, 832, 1216), new AbortController().signal))
      if (answer.type === "failed") throw new Error(answer.message);
await pauseMs(REST_MS);
const answer: SketchWorkerAnswer = {
  addsMb: residentMb(process.pid, "VmRSS") - beforeMb,
  mostMb: residentMb(process.pid, "VmHWM") - beforeMb,
};
process.send?.(answer);
await typesetter.close();
process.disconnect?.();
