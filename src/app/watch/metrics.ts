import type { Role } from "../../domain/role.ts";
import type { Circuits } from "../../jobs/router/circuits.ts";
import { within } from "../../lib/abort.ts";
import { type Clock, every } from "../../lib/clock.ts";
import { type MetricFamily, metricsText } from "../../lib/metrics.ts";
import type { Backend } from "../../ports/backend.ts";
import type { StoreGauges } from "../../ports/gauges.ts";
import type { Store } from "../../ports/store.ts";
import type { Disk, DiskSpace } from "../disk.ts";
import { watchLag } from "./lag.ts";
import { createOwedAges, OWED_FOLLOWED } from "./owed.ts";
import type { Tally } from "./tally.ts";

const ANSWER_WITHIN_MS = 2000;
/** So that an age does not begin with the first question of a program that seldom asks. */
const LOOK_EVERY_MS = 10_000;

interface MetricsDeps {
  readonly role: Role;
  readonly store: Pick<Store, "gauges">;
  readonly tally: Pick<Tally, "families">;
  readonly leads: () => boolean;
  readonly backends: readonly Backend[];
  readonly circuits: Pick<Circuits, "restEverywhere">;
  readonly platforms: () => readonly string[];
  readonly statements: () => number | undefined;
  readonly notices: () => number;
  readonly disks: readonly Disk[];
  readonly spaceOf: (folder: string) => Promise<DiskSpace>;
  readonly clock: Clock;
}

export interface Metrics {
  start(): void;
  stop(): void;
  text(): Promise<string>;
}

/** All numbers of this process and of the database that it works with. */
export function createMetrics(deps: MetricsDeps): Metrics {
  const { store, clock, tally } = deps;
  const startedAtSeconds = clock.nowMs() / 1000 - process.uptime();
  const ages = createOwedAges();
  let lag: ReturnType<typeof watchLag> | undefined;
  let stopLooking = () => {};

  /** `undefined`: the database does not answer. */
  async function look() {
    try {
      const gauges = await within(clock, ANSWER_WITHIN_MS, store.gauges(OWED_FOLLOWED));
      return gauges && { gauges, ages: ages.seen(gauges, clock.steadyMs()) };
    } catch {
      return undefined;
    }
  }

  return {
    start() {
      lag = watchLag(clock);
      stopLooking = every(clock, LOOK_EVERY_MS, () => void look());
    },
    stop() {
      lag?.stop();
      stopLooking();
    },
    async text() {
      const [found, disks] = await Promise.all([look(), freeOn(deps)]);
      const statements = deps.statements();
      return metricsText([
        gauge("placard_database_up", "1: the database answers.", [{ value: found ? 1 : 0 }]),
        ...(found ? ofStore(found.gauges, found.ages, deps) : []),
        ...ofBackends(deps),
        ...tally.families(),
        gauge("placard_leader", "1: this process sends and sweeps for all.", [{ value: deps.leads() ? 1 : 0 }]),
        gauge("placard_role", "What this process does.", [{ labels: { role: deps.role }, value: 1 }]),
        gauge("placard_notices", "Notes for those who run it, shown by /queue.", [{ value: deps.notices() }]),
        gauge("placard_disk_free_bytes", "Room on the disk of a folder.", disks),
        counter(
          "placard_database_statements_total",
          "Statements sent to the database; of SQLite transactions and looks.",
          statements === undefined ? [] : [{ value: statements }],
        ),
        ...(lag ? [lag.family()] : []),
        ...ofProcess(startedAtSeconds),
      ]);
    },
  };
}

type Samples = MetricFamily["samples"];
const gauge = (name: string, help: string, samples: Samples): MetricFamily => ({ name, help, type: "gauge", samples });
const counter = (name: string, help: string, samples: Samples): MetricFamily => ({
  name,
  help,
  type: "counter",
  samples,
});

const OPEN_STATES = ["queued", "running", "deferred"] as const;

function ofStore(
  { jobs, owed }: StoreGauges,
  ages: ReadonlyMap<string, number>,
  { backends, platforms }: Pick<MetricsDeps, "backends" | "platforms">,
): readonly MetricFamily[] {
  const lanes = new Set([...backends.map(({ name }) => name), ...jobs.map(({ lane }) => lane)]);
  const jobsIn = (backend: string, state: string) =>
    jobs.find((row) => row.lane === backend && row.state === state)?.jobs ?? 0;
  // A series that goes when nothing is owed any more would leave its last number standing.
  const owedAt = new Map([
    ...platforms().map((name) => [name, 0] as const),
    ...owed.map((row) => [row.platform, row.messages] as const),
  ]);
  return [
    gauge(
      "placard_jobs",
      "Orders that have not ended, of all processes, by the backend they wait for.",
      [...lanes].flatMap((backend) =>
        OPEN_STATES.map((state) => ({ labels: { backend, state }, value: jobsIn(backend, state) })),
      ),
    ),
    gauge(
      "placard_outbox_owed",
      "Messages that a platform has not taken yet.",
      [...owedAt].map(([platform, value]) => ({ labels: { platform }, value })),
    ),
    gauge(
      "placard_outbox_oldest_seconds",
      "How long this process has seen the oldest of them owed.",
      [...owedAt.keys()].map((platform) => ({ labels: { platform }, value: (ages.get(platform) ?? 0) / 1000 })),
    ),
  ];
}

function ofBackends({ backends, circuits }: Pick<MetricsDeps, "backends" | "circuits">): readonly MetricFamily[] {
  const rests = backends.map((backend) => ({
    labels: { backend: backend.name },
    rest: circuits.restEverywhere(backend),
  }));
  return [
    gauge(
      "placard_backend_up",
      "0: it is left alone for a while.",
      rests.map(({ labels, rest }) => ({ labels, value: rest ? 0 : 1 })),
    ),
    gauge(
      "placard_backend_circuit_open",
      "1: left alone because orders failed there, not because a look found it down.",
      rests.map(({ labels, rest }) => ({ labels, value: rest && rest.byHealth !== true ? 1 : 0 })),
    ),
  ];
}

async function freeOn({ disks, spaceOf }: Pick<MetricsDeps, "disks" | "spaceOf">): Promise<Samples> {
  const found = await Promise.all(
    disks.map(async ({ setting, folder }) => {
      const space = await spaceOf(folder).catch(() => undefined);
      return space ? [{ labels: { folder: setting }, value: space.freeBytes }] : [];
    }),
  );
  return found.flat();
}

/** Under the names that all such programs give them. */
function ofProcess(startedAtSeconds: number): readonly MetricFamily[] {
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return [
    gauge("process_start_time_seconds", "Unix time at the start.", [{ value: startedAtSeconds }]),
    gauge("process_resident_memory_bytes", "Memory of the process.", [{ value: rss }]),
    counter("process_cpu_seconds_total", "Time on the processor.", [{ value: (user + system) / 1e6 }]),
    gauge("placard_heap_used_bytes", "JavaScript's part of the memory.", [{ value: heapUsed }]),
  ];
}
