import { expect, it } from "vitest";
import { OverLimit, openWorkerPool } from "../../src/lib/worker-pool.ts";
import { createTestClock } from "../fakes/clock.ts";

interface Order {
  readonly word: string;
  readonly bytes?: Uint8Array;
}
interface Said {
  readonly thread?: number;
  readonly length?: number;
  readonly heldBytes?: number;
}

const SCRIPT = new URL(
  `data:text/javascript,${encodeURIComponent(`
  import { parentPort, threadId } from "node:worker_threads";
  parentPort.on("message", (order) => {
    parentPort.postMessage({});
    if (order.word === "grow") for (const held = [];;) held.push(new Array(100_000).fill({}));
    while (order.word === "spin") {}
    const heldBytes = order.word === "hoard" ? 2 ** 30 : 1;
    parentPort.postMessage({ thread: threadId, length: order.bytes?.length, heldBytes });
  });`)}`,
);

it.each([
  ["takes more memory than it may", "grow", OverLimit],
  ["takes longer than it may", "spin", OverLimit],
  ["holds much after its work", "hoard", undefined],
])("a worker that %s is replaced, and the next order is done", async (_why, trigger, thrown) => {
  const clock = createTestClock();
  clock.freeze();
  const limits = { heapMaxMb: 32, workMaxMs: 20_000, keptMaxBytes: 1e6, clock };
  const pool = openWorkerPool<Order, Said>("test", 1, SCRIPT, limits);
  const threadOf = async (word: string) => {
    for await (const answer of pool.work({ word }, new AbortController().signal)) {
      if (answer.thread !== undefined) return answer.thread;
      // It is at work: time passes for those that take too much of it, up to the last moment for the others.
      clock.advanceMs(word === "spin" ? limits.workMaxMs : limits.workMaxMs - 1);
    }
    throw new Error("nothing was done");
  };
  const first = await threadOf("well");
  expect(await threadOf("well")).toBe(first);
  if (thrown) await expect(threadOf(trigger)).rejects.toThrow(thrown);
  else expect(await threadOf(trigger)).toBe(first);
  expect(await threadOf("well")).not.toBe(first);
  await pool.close();
});

const LIMITS = { heapMaxMb: 32, workMaxMs: 20_000, keptMaxBytes: 1e6 };

it("a worker ends when there was nothing to do for a while, and not before", async () => {
  const clock = createTestClock();
  clock.freeze();
  const pool = openWorkerPool<Order, Said>("test", 1, SCRIPT, { ...LIMITS, idleMaxMs: 30_000, clock });
  const threadNow = async () =>
    (await Array.fromAsync(pool.work({ word: "well" }, new AbortController().signal))).at(-1)?.thread;
  const first = await threadNow();
  clock.advanceMs(29_000);
  expect(await threadNow()).toBe(first);
  // It has had work since the first deadline was set; the next one counts from there.
  clock.advanceMs(29_000);
  expect(await threadNow()).toBe(first);
  clock.advanceMs(31_000);
  clock.advanceMs(31_000);
  expect(await threadNow()).not.toBe(first);
  await pool.close();
});

it("sends what was packed, made only when a worker is free", async () => {
  const pool = openWorkerPool<Order, Said>("test", 1, SCRIPT, LIMITS);
  const whole = new Uint8Array(1000).subarray(0, 10);
  let made = 0;
  const packed = (order: Order) => {
    made += 1;
    const bytes = new Uint8Array(whole);
    return { order: { ...order, bytes }, moved: [bytes.buffer] };
  };
  const { signal } = new AbortController();
  const first = pool.work({ word: "well" }, signal, packed);
  const second = pool.work({ word: "well" }, signal, packed);
  await first.next();
  const waiting = second.next();
  await new Promise((resolve) => setImmediate(resolve));
  expect(made).toBe(1);
  expect((await Array.fromAsync(first)).at(-1)).toMatchObject({ length: 10 });
  await waiting;
  expect((await Array.fromAsync(second)).at(-1)).toMatchObject({ length: 10 });
  expect(made).toBe(2);
  expect(whole).toHaveLength(10);
  await pool.close();
});
