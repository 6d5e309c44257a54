import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { asError } from "../../src/lib/error.ts";
import { START_ALLOCATOR } from "../start-command.ts";
import { DOORS } from "./doors/all.ts";
import { faultOf, type InputDoor } from "./doors/door.ts";
import { complain, type Row, report } from "./report.ts";
import { STALL_MAX_MS, type Watched, watchProcess } from "./watch.ts";

const RSS_MAX_BYTES = 400_000_000;
/** In MB: Node lets its rubbish lie while the machine has room. What needs more than this at once ends here, as a fault. */
const SMALL_HEAP = ["--max-old-space-size=128", "--max-semi-space-size=8"];
/** Drawn in portions: all inputs of a door at once would be what fills the memory. */
const PORTION = 50;

export interface DoorResult extends Watched {
  readonly inputs: number;
  readonly faults: readonly string[];
  readonly tookMs: number;
}

const ROWS: readonly Row<DoorResult>[] = [
  ["hostile inputs", ({ inputs }) => inputs],
  ["that broke something", ({ faults }) => faults.length, 0],
  [`stalls over ${STALL_MAX_MS} ms`, ({ stalls }) => stalls, 0],
  ["longest stall, ms", ({ longestStallMs }) => Math.round(longestStallMs)],
  ["largest process, MB", ({ largestBytes }) => Math.round(largestBytes / 1e6)],
  [`looks over ${RSS_MAX_BYTES / 1e6} MB`, ({ largestBytes }) => Number(largestBytes > RSS_MAX_BYTES), 0],
  ["seconds", ({ tookMs }) => Math.round(tookMs / 1000)],
];

interface Orders {
  readonly inputs: number;
  readonly seed: number;
  /** Only this one, here. Absent: each in a process of its own, so that the memory looked at is what that door took. */
  readonly door?: string | undefined;
}

/** Puts this many hostile inputs to each door; false: something promised was not kept. */
export async function torture({ inputs, seed, door: only }: Orders): Promise<boolean> {
  const names = Object.keys(DOORS);
  if (only === undefined) return names.map((name) => inItsOwnProcess(name, inputs, seed)).every(Boolean);
  const open = DOORS[only];
  if (!open) throw new Error(`there is no door “${only}”; there are: ${names.join(", ")}`);
  const door = await open();
  const result = await tortured(door, inputs, seed);
  const kept = report(`${door.name}, seed ${seed}`, ROWS, result);
  if (result.faults.length > 0) complain(result.faults);
  await door.close?.();
  return kept;
}

function inItsOwnProcess(door: string, inputs: number, seed: number): boolean {
  const program = fileURLToPath(new URL("torture.ts", import.meta.url));
  const flags = ["hostile", "--door", door, "--inputs", String(inputs), "--seed", String(seed)];
  return (
    spawnSync(process.execPath, [...SMALL_HEAP, program, ...flags], {
      stdio: "inherit",
      // As `npm start` has it.
      env: { ...process.env, ...START_ALLOCATOR },
    }).status === 0
  );
}

/** Puts this many hostile inputs to one door, in this process. */
export async function tortured(door: InputDoor, inputs: number, seed: number): Promise<DoorResult> {
  const startedMs = performance.now();
  const faults: string[] = [];
  // What nobody waits for would end the real program.
  const broke = (error: unknown) => void faults.push(`nobody caught: ${asError(error).stack}`);
  process.on("unhandledRejection", broke).on("uncaughtException", broke);
  const watched = watchProcess();
  for (let done = 0; done < inputs; done += PORTION) {
    const portion = fc.sample(door.inputs, { numRuns: Math.min(PORTION, inputs - done), seed: seed + done });
    for (const [at, input] of portion.entries()) {
      const fault = await faultOf(door, input);
      if (fault !== undefined) faults.push(`${fault} (seed ${seed}, input ${done + at})`);
      // Most doors answer without waiting for anything: others of the program have their turn between two inputs.
      await new Promise(setImmediate);
    }
    await door.honest?.().catch((error: unknown) => faults.push(`after input ${done}: ${asError(error).stack}`));
  }
  process.off("unhandledRejection", broke).off("uncaughtException", broke);
  return { inputs, faults, ...watched(), tookMs: performance.now() - startedMs };
}
