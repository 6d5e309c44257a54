import { describe, expect, it } from "vitest";
import { createSlots } from "../../src/lib/semaphore.ts";

const never = () => new AbortController().signal;

describe("places at a backend", () => {
  it("gives as many as there are, then one for each that comes back, in order", async () => {
    const slots = createSlots();
    const order: string[] = [];
    const take = async (who: string) => {
      const back = await slots.take("b", 2, never());
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

  it("counts a place once, however often it is given back and whoever it passes to", async () => {
    const slots = createSlots();
    const first = await slots.take("b", 1, never());
    const second = slots.take("b", 1, never());
    first();
    first();
    const back = await second;
    const third = slots.take("b", 1, never());
    expect(await Promise.race([third, new Promise((resolve) => setImmediate(resolve, "waits"))])).toBe("waits");
    back();
    back();
    await third;
    const fourth = slots.take("b", 1, never());
    expect(await Promise.race([fourth, new Promise((resolve) => setImmediate(resolve, "waits"))])).toBe("waits");
  });

  it("keeps backends apart", async () => {
    const slots = createSlots();
    await slots.take("a", 1, never());
    await expect(slots.take("b", 1, never())).resolves.toBeTypeOf("function");
  });

  it("forgets who stops waiting, and passes the place on", async () => {
    const slots = createSlots();
    const back = await slots.take("b", 1, never());
    const control = new AbortController();
    const reason = new Error("cancelled");
    const given = slots.take("b", 1, control.signal);
    const next = slots.take("b", 1, never());
    control.abort(reason);
    await expect(given).rejects.toBe(reason);
    back();
    await expect(next).resolves.toBeTypeOf("function");
    await expect(slots.take("b", 1, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
