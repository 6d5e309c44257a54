import { describe, expect, it } from "vitest";
import { createSemaphore } from "../../src/lib/semaphore.ts";

const never = () => new AbortController().signal;

describe("slots at a backend", () => {
  it("gives as many as there are, then one for each that comes back, in order", async () => {
    const semaphore = createSemaphore();
    const order: string[] = [];
    const take = async (who: string) => {
      const back = await semaphore.acquire("b", 2, never());
      order.push(who);
      return back;
    };
    const [first, second] = await Promise.all([take("a"), take("b")]);
    const third = take("c");
    const fourth = take("d");
    await new Promise(setImmediate);
    expect(order).toEqual(["a", "b"]);
    second();
    second();
    (await third)();
    await fourth;
    expect(order).toEqual(["a", "b", "c", "d"]);
    first();
  });

  it("counts a slot once, however often it is given back and whoever it passes to", async () => {
    const semaphore = createSemaphore();
    const first = await semaphore.acquire("b", 1, never());
    const second = semaphore.acquire("b", 1, never());
    first();
    first();
    const back = await second;
    const third = semaphore.acquire("b", 1, never());
    expect(await Promise.race([third, new Promise((resolve) => setImmediate(resolve, "waits"))])).toBe("waits");
    back();
    back();
    await third;
    const fourth = semaphore.acquire("b", 1, never());
    expect(await Promise.race([fourth, new Promise((resolve) => setImmediate(resolve, "waits"))])).toBe("waits");
  });

  it("keeps backends apart", async () => {
    const semaphore = createSemaphore();
    await semaphore.acquire("a", 1, never());
    await expect(semaphore.acquire("b", 1, never())).resolves.toBeTypeOf("function");
  });

  it("forgets who stops waiting, and passes the slot on", async () => {
    const semaphore = createSemaphore();
    const back = await semaphore.acquire("b", 1, never());
    const control = new AbortController();
    const reason = new Error("cancelled");
    const given = semaphore.acquire("b", 1, control.signal);
    const next = semaphore.acquire("b", 1, never());
    control.abort(reason);
    await expect(given).rejects.toBe(reason);
    back();
    await expect(next).resolves.toBeTypeOf("function");
    await expect(semaphore.acquire("b", 1, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
