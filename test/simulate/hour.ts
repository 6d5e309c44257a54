import { noCounts } from "./counted-engine.ts";
import { type Group, groupsOf, typedIn } from "./crowd.ts";
import { farEndOf } from "./gpus.ts";
import { type Members, membersOf } from "./members.ts";
import type { Model, Span } from "./model.ts";
import { platformOf } from "./platforms.ts";
import { filesInMemory, type Program, startProgram, type World } from "./program.ts";
import { Outside } from "./quiet.ts";
import { Stories } from "./stories.ts";
import { createVirtualClock, type VirtualClock } from "./virtual-clock.ts";

/** What one second of the hour took of the main thread and left behind. */
interface Second {
  readonly cpuMs: number;
  readonly open: number;
}

/** An hour that was simulated. */
export interface Hour {
  readonly model: Model;
  readonly groups: readonly Group[];
  readonly world: World;
  readonly members: Members;
  readonly seconds: readonly Second[];
  readonly rssMaxBytes: number;
  /** When nothing was left to do, from the start; `undefined`: something was, when it was given up. */
  readonly quietAtMs: number | undefined;
  readonly tookMs: number;
  readonly cpuMs: number;
  readonly moments: number;
}

const MINUTE_MS = 60_000;
/** After the last order. */
const GIVEN_UP_MS = 120 * MINUTE_MS;
const LOOK_EVERY_MS = 5000;
const STOP_MS = 30_000;
/** Some day at twelve. */
const START_MS = 1_790_000_000_000;

interface Step {
  readonly atMs: number;
  readonly run: () => void | Promise<void>;
}

/** @param folder of the database; empty. @param told each minute of the hour, with how many jobs are open */
export async function simulateHour(
  model: Model,
  folder: string,
  told: (minute: number, open: number) => void,
): Promise<Hour> {
  const outside = new Outside();
  const clock = createVirtualClock(START_MS, outside);
  const groups = groupsOf(model);
  const world = worldOf(model, folder, { clock, outside, see: (now) => members.see(now) });
  const platforms = new Map(world.platforms.map((platform) => [platform.model.platform as string, platform]));
  const members = membersOf(model, { clock, platforms, stories: world.stories });
  const samples = sampled(clock, world);
  const began = { atMs: performance.now(), cpu: process.cpuUsage() };
  let program = await startProgram(world, clock.life());
  members.begin(typedIn(model, groups));
  const steps: readonly Step[] = [
    ...faultsOf(world),
    { atMs: model.restart.fromMs, run: () => program.kill() },
    {
      atMs: model.restart.fromMs + model.restart.forMs,
      async run() {
        program = await startProgram(world, clock.life());
        members.deliverKept();
      },
    },
    ...Array.from({ length: model.orderingMs / MINUTE_MS }, (_, minute) => ({
      atMs: minute * MINUTE_MS,
      run: () => told(minute, world.stories.open),
    })),
  ];
  for (const { atMs, run } of steps.toSorted((a, b) => a.atMs - b.atMs)) {
    await clock.runTo(START_MS + atMs);
    await run();
  }
  await clock.runTo(START_MS + model.orderingMs);
  const quietAtMs = await untilQuiet(program, clock, model.orderingMs);
  const stopping = program.app.stop();
  await clock.runTo(clock.nowMs() + STOP_MS);
  await stopping;
  const { user, system } = process.cpuUsage(began.cpu);
  return {
    model,
    groups,
    world,
    members,
    ...samples,
    quietAtMs,
    tookMs: performance.now() - began.atMs,
    cpuMs: (user + system) / 1000,
    moments: clock.moments,
  };
}

function worldOf(
  model: Model,
  folder: string,
  { clock, outside, see }: { readonly clock: VirtualClock; readonly outside: Outside; readonly see: Members["see"] },
): World {
  let seed = model.seed;
  return {
    model,
    folder,
    platforms: model.platforms.map((each) => platformOf(each, { clock, outside }, see)),
    farEnds: model.racks.map((rack, at) => farEndOf(rack, model, clock, at)),
    files: filesInMemory(),
    stories: new Stories(),
    counts: noCounts(),
    outside,
    flushes: { count: 0 },
    logged: new Map(),
    refused: new Map(),
    startMs: clock.nowMs(),
    newSeed: () => (seed += 1),
  };
}

const faultsOf = ({ model, platforms, farEnds }: World): readonly Step[] => [
  ...spanOf(model.gpuFaults.away, (isAway) => {
    for (const farEnd of farEnds) if (farEnd.rack.name === model.gpuFaults.away.rack) farEnd.setAway(isAway);
  }),
  ...platforms.flatMap((platform) =>
    platform.model.away
      ? spanOf(platform.model.away, (isAway) => {
          platform.isAway = isAway;
        })
      : [],
  ),
];

const spanOf = ({ fromMs, forMs }: Span, set: (isOn: boolean) => void): readonly Step[] => [
  { atMs: fromMs, run: () => set(true) },
  { atMs: fromMs + forMs, run: () => set(false) },
];

/** What each second takes. Asked for once a second of the simulated time, so it costs nothing. */
function sampled(clock: VirtualClock, { stories }: World): Pick<Hour, "seconds" | "rssMaxBytes"> {
  const seconds: Second[] = [];
  let rssMaxBytes = 0;
  let before = process.threadCpuUsage();
  const look = () => {
    const { user, system } = process.threadCpuUsage(before);
    before = process.threadCpuUsage();
    seconds.push({ cpuMs: (user + system) / 1000, open: stories.open });
    if (seconds.length % 60 === 0) rssMaxBytes = Math.max(rssMaxBytes, process.memoryUsage.rss());
    clock.after(1000, look);
  };
  clock.after(1000, look);
  return {
    seconds,
    get rssMaxBytes() {
      return rssMaxBytes;
    },
  };
}

/** When nothing waits, runs or is owed any more, from the start. */
async function untilQuiet({ store }: Program, clock: VirtualClock, fromMs: number): Promise<number | undefined> {
  for (let atMs = fromMs; atMs < fromMs + GIVEN_UP_MS; atMs += LOOK_EVERY_MS) {
    await clock.runTo(START_MS + atMs);
    const { queued, running } = await store.counts();
    const { owed } = await store.gauges(0);
    if (queued + running + owed.length === 0) return atMs;
  }
  return undefined;
}
