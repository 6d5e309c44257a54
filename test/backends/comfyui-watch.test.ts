import { expect, it, onTestFinished } from "vitest";
import type { Api } from "../../src/backends/comfyui/api.ts";
import type { Ended } from "../../src/backends/comfyui/follow.ts";
import { previewIn } from "../../src/backends/comfyui/frames.ts";
import { createConcurrencyLimit } from "../../src/backends/comfyui/wait.ts";
import { createWatch } from "../../src/backends/comfyui/watch.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { BackendError, type BackendEvent } from "../../src/ports/backend.ts";

type Asked = Pick<Api, "queue" | "history">;
const entry = { outputs: {}, status: { status_str: "success", completed: true, messages: [] } };

/** A watch over a server that is only these two answers. */
function watching(api: Partial<Asked>, timing = {}) {
  const asked: Asked = {
    queue: async () => ({ queue_running: [], queue_pending: [] }),
    history: async () => undefined,
    ...api,
  };
  // The border of a test: the watch asks nothing else.
  const watch = createWatch(asked as Api, {
    clock: systemClock,
    pollEveryMs: 5,
    patienceMs: 1000,
    silenceMs: 60_000,
    ...timing,
  });
  onTestFinished(() => watch.close());
  const begin = (id: string, samplers = ["50"]) => watch.begin(id, { samplers, loaders: new Set(["10"]) }, true);
  return { watch, begin };
}
async function read(job: { events(signal: AbortSignal): AsyncGenerator<BackendEvent, Ended> }) {
  const events: BackendEvent[] = [];
  const work = job.events(AbortSignal.timeout(10_000));
  for (;;) {
    const next = await work.next();
    if (next.done) return { events, ended: next.value };
    events.push(next.value);
  }
}
const said = (prompt_id: string, type: string, data: object = {}) => ({ type, data: { prompt_id, ...data } });
const done = { history: async () => entry };

it("gives each job what is said of it, and no other", async () => {
  const { watch, begin } = watching(done);
  const [a, b] = [begin("a"), begin("b")];
  watch.preview({ promptId: "b", node: "50", bytes: Buffer.from("b's") });
  watch.preview({ promptId: "a", node: "74", bytes: Buffer.from("not of the last sampler") });
  watch.preview({ promptId: "stranger", node: "50", bytes: Buffer.from("a stranger's") });
  watch.received(said("stranger", "progress", { node: "50", value: 3, max: 4 }));
  watch.received(said("a", "progress", { node: "91", value: 0, max: 1 }));
  watch.received(said("a", "progress", { node: "50", value: 1, max: 4 }));
  watch.received(said("b", "progress", { node: "50", value: 2, max: 4 }));
  a.accepted();
  b.accepted();
  expect((await read(a)).events).toEqual([{ type: "progress", fraction: 0.25, step: { at: 1, of: 4 } }]);
  expect((await read(b)).events).toEqual([
    { type: "progress", fraction: 0.5, step: { at: 2, of: 4 }, preview: Buffer.from("b's") },
  ]);
});

it("leaves out steps that nobody read in time, but no picture", async () => {
  const { watch, begin } = watching(done);
  const job = begin("a");
  watch.preview({ promptId: "a", node: "50", bytes: Buffer.from("first") });
  for (const value of [1, 2, 3]) watch.received(said("a", "progress", { node: "50", value, max: 3 }));
  job.accepted();
  expect((await read(job)).events).toEqual([
    { type: "progress", fraction: 1, step: { at: 3, of: 3 }, preview: Buffer.from("first") },
  ]);
});

it("never falls back, whatever comes", async () => {
  const { watch, begin } = watching(done);
  const job = begin("a");
  for (const [value, max] of [
    [3, 4],
    [1, 4],
    [9, 4],
    [1, 0],
    [-1, 4],
  ])
    watch.received(said("a", "progress", { node: "50", value, max }));
  job.accepted();
  expect((await read(job)).events).toMatchObject([{ fraction: 1 }]);
});

it("counts the positions by number: the list is in no order", async () => {
  let asked = 0;
  const { begin } = watching({
    async queue() {
      asked += 1;
      return asked > 1
        ? { queue_running: [], queue_pending: [] }
        : {
            queue_running: [[1, "x"]],
            queue_pending: [
              [9, "later"],
              [5, "a"],
              [-3, "front"],
              [4, "before"],
            ],
          };
    },
    ...done,
  });
  const job = begin("a");
  job.accepted();
  expect((await read(job)).events).toEqual([{ type: "waiting", position: 2 }]);
});

it("takes a job for gone when it is missing twice in a row, not once", async () => {
  const sightings = ["nowhere", "queue", "nowhere", "nowhere"];
  let looks = 0;
  const { begin } = watching({
    async queue() {
      const sighting = sightings[looks] ?? "nowhere";
      looks += 1;
      return { queue_running: sighting === "queue" ? [[1, "a"]] : [], queue_pending: [] };
    },
  });
  const job = begin("a");
  job.accepted();
  expect((await read(job)).ended).toEqual({ type: "gone" });
  expect(looks).toBe(4);
  expect(job.wasShaken()).toBe(false);
});

it("does not judge a job by a question that was asked before it was there", async () => {
  const gate = Promise.withResolvers<void>();
  let looks = 0;
  const { begin } = watching({
    async queue() {
      looks += 1;
      if (looks === 1) await gate.promise;
      return { queue_running: looks < 4 ? [[1, "early"]] : [], queue_pending: [] };
    },
    history: async (id) => (id === "late" && looks < 3 ? undefined : entry),
  });
  const early = begin("early");
  early.accepted();
  await expect.poll(() => looks).toBe(1);
  const late = begin("late");
  late.accepted();
  gate.resolve();
  expect((await read(late)).ended.type).toBe("history");
});

it.each([
  ["a broken connection", new BackendError("comfyui", "offline", "x"), true],
  ["a proxy's word that it is away", new BackendError("comfyui", "loading", "x"), true],
  ["nonsense", new BackendError("comfyui", "bad_response", "x"), false],
])("remembers that the process may have ended: %s", async (_why, error, isShaken) => {
  let looks = 0;
  const { begin } = watching({
    async queue() {
      looks += 1;
      if (looks === 1) throw error;
      return { queue_running: [], queue_pending: [] };
    },
  });
  const job = begin("a");
  job.accepted();
  expect((await read(job)).ended).toEqual({ type: "gone" });
  expect(job.wasShaken()).toBe(isShaken);
});

it("is patient with a server that fails now and then, and not for ever with one that always does", async () => {
  let looks = 0;
  const { begin } = watching(
    {
      async queue() {
        looks += 1;
        if (looks % 2 === 1 || looks > 20) throw new BackendError("comfyui", "bad_response", "x");
        return { queue_running: [[1, "a"]], queue_pending: [] };
      },
    },
    { patienceMs: 60 },
  );
  const job = begin("a");
  job.accepted();
  expect((await read(job)).ended).toMatchObject({ type: "failed", error: { code: "bad_response" } });
  expect(looks).toBeGreaterThan(20);
});

it.each([
  ["of the old kind, which is anybody's", 1, '{"prompt_id":"a","node_id":"50"}'],
  ["without its prompt", 4, '{"node_id":"50"}'],
  ["without JSON", 4, "what?"],
  ["of text", 3, '{"prompt_id":"a","node_id":"50"}'],
])("takes no preview %s", (_why, type, meta) => {
  expect(previewIn(frame(type, meta))).toBeUndefined();
});
it("takes no preview that ends before its picture", () => {
  const whole = frame(4, '{"prompt_id":"a","node_id":"50"}');
  expect(previewIn(whole)).toEqual({ promptId: "a", node: "50", bytes: Buffer.from("JPEG") });
  for (let length = 0; length <= whole.length - 4; length += 1)
    expect(previewIn(whole.subarray(0, length))).toBeUndefined();
});

function frame(type: number, meta: string): Uint8Array {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(type);
  head.writeUInt32BE(Buffer.byteLength(meta), 4);
  return Buffer.concat([head, Buffer.from(meta), Buffer.from("JPEG")]);
}

it("lets two through at once, in their order, and does not wait for those that hang", async () => {
  const pass = createConcurrencyLimit(systemClock, 2, 50);
  const signal = AbortSignal.timeout(10_000);
  const gates = [1, 2, 3, 4].map(() => Promise.withResolvers<void>());
  const inside: number[] = [];
  const all = gates.map((gate, index) =>
    pass(async () => {
      inside.push(index);
      await gate.promise;
    }, signal),
  );
  await Promise.resolve();
  expect(inside).toEqual([0, 1]);
  gates[1]?.resolve();
  await all[1];
  await expect.poll(() => inside, { timeout: 5000 }).toEqual([0, 1, 2]);
  // Nobody leaves any more; the last one has waited long enough.
  await expect.poll(() => inside, { timeout: 5000 }).toEqual([0, 1, 2, 3]);
  const gone = new AbortController();
  const late = pass(async () => inside.push(4), gone.signal);
  gone.abort(new Error("cancelled"));
  await expect(late).rejects.toBe(gone.signal.reason);
  for (const gate of gates) gate.resolve();
  await Promise.all(all);
  expect(await pass(async () => "free", signal)).toBe("free");
  expect(inside).not.toContain(4);
});
