import { describe, expect, it } from "vitest";
import { createKeyedSerial, createSerial } from "../../src/lib/serial.ts";

/** Work that ends when it is told to, with its name noted when it begins. */
function steps() {
  const begun: string[] = [];
  const gates = new Map<string, PromiseWithResolvers<string>>();
  return {
    begun,
    work: (name: string) => async () => {
      begun.push(name);
      const gate = Promise.withResolvers<string>();
      gates.set(name, gate);
      return gate.promise;
    },
    end: (name: string) => gates.get(name)!.resolve(name),
    fail: (name: string) => gates.get(name)!.reject(new Error(name)),
  };
}
const turn = () => new Promise(setImmediate);

describe("one after the other", () => {
  it("begins each when the one before has ended, in the order they were asked for", async () => {
    const { begun, work, end } = steps();
    const serial = createSerial();
    const all = ["a", "b", "c"].map((name) => serial.run(work(name)));
    await turn();
    expect(begun).toEqual(["a"]);
    end("a");
    await turn();
    expect(begun).toEqual(["a", "b"]);
    end("b");
    await turn();
    end("c");
    expect(await Promise.all(all)).toEqual(["a", "b", "c"]);
  });

  it("goes on after one that fails; its failure is told to who asked for it alone", async () => {
    const { work, end, fail } = steps();
    const serial = createSerial();
    const [bad, good] = [serial.run(work("bad")), serial.run(work("good"))];
    const settled = serial.settled();
    await turn();
    fail("bad");
    await expect(bad).rejects.toThrow("bad");
    await turn();
    end("good");
    expect(await good).toBe("good");
    await settled;
  });

  it("has settled when all that was asked for has ended", async () => {
    const { work, end } = steps();
    const serial = createSerial();
    await serial.settled();
    void serial.run(work("a"));
    let settled = false;
    const all = serial.settled().then(() => {
      settled = true;
    });
    await turn();
    expect(settled).toBe(false);
    end("a");
    await all;
  });

  it("keeps keys apart, and forgets those at rest", async () => {
    const { begun, work, end } = steps();
    const serial = createKeyedSerial();
    const first = serial.run("x", work("x1"));
    void serial.run("x", work("x2"));
    void serial.run("y", work("y1"));
    await turn();
    expect([begun, serial.size]).toEqual([["x1", "y1"], 2]);
    end("y1");
    await serial.settled("y");
    expect(serial.size).toBe(1);
    end("x1");
    await first;
    expect(serial.size).toBe(1);
    await turn();
    end("x2");
    await serial.settled();
    expect(serial.size).toBe(0);
  });
});
