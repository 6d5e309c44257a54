import { fakeBackend } from "../../../src/backends/fake.ts";
import { systemClock } from "../../../src/lib/clock.ts";
import { type Backend, BackendError } from "../../../src/ports/backend.ts";
import { storeOver } from "../../../src/rules/store.ts";
import { engineOver } from "../../../src/stores/postgres/engine.ts";
import { openPool } from "../../../src/stores/postgres/pool.ts";
import { listen } from "../../../src/stores/postgres/wake.ts";
import { appOver } from "../../fakes/app.ts";
import { silentLog } from "../../fakes/module-services.ts";
import { orderSchema, type WorkerNews } from "./worker-news.ts";

// A worker of its own for workers.slow.test.ts. It tells its parent what its backend does, and when.

const order = orderSchema.parse(JSON.parse(process.argv[2] ?? ""));
const clockMs = () => performance.timeOrigin + performance.now();
const tell = (what: WorkerNews["what"], prompt = "", fraction = 0) =>
  void process.send?.({ what, prompt, fraction, atMs: clockMs() } satisfies WorkerNews);

const fake = fakeBackend({
  delayMs: 4 * order.stepMs,
  previews: true,
  facts: { concurrency: order.concurrency, ...(order.at === undefined ? {} : { at: [order.at] }) },
});
const backend: Backend = {
  ...fake,
  async *generate(input) {
    const { prompt } = input.request;
    tell("began", prompt);
    input.signal.addEventListener("abort", () => tell("aborted", prompt), { once: true });
    if (order.device !== undefined) await askedOf(order.device, input.signal);
    for await (const event of fake.generate(input)) {
      if (event.type === "progress") tell("step", prompt, event.fraction);
      yield event;
    }
    tell("done", prompt);
  },
};

async function askedOf(device: string, signal: AbortSignal): Promise<void> {
  const answer = await fetch(device, { signal });
  if (answer.ok) return;
  tell("failed");
  // It says itself when it can be asked again.
  throw new BackendError("fake", "quota", "the device is broken", { retryAfterMs: 1500 });
}

const CONNECTIONS = 4;
const engine = engineOver({
  pool: openPool({ address: order.database, connections: CONNECTIONS, lost: () => undefined }),
  connections: CONNECTIONS,
  presence: {
    patienceMs: () => 60_000,
    endsAtMs: () => Number.POSITIVE_INFINITY,
    hurry: () => undefined,
    over: false,
    missed: () => undefined,
    answered: () => undefined,
  },
});
const store = storeOver(engine, Date.now);
const wake = listen({ directAddress: order.database, clock: systemClock, log: silentLog });
const app = await appOver(order.folder, {
  adapters: [],
  backends: [backend],
  store,
  wake,
  role: "worker",
  machine: order.machine,
  timings: { leaseMs: order.leaseMs },
});
await app.start();
tell("ready");
process.once("message", async () => {
  await app.stop();
  await wake.close();
  process.disconnect();
});
