import { Keyv } from "keyv";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import type { KeyValues } from "../../src/ports/key-values.ts";
import { openValues } from "../../src/ports/values.ts";

/**
 * What every implementation of the KeyValues port must do. Each test opens an empty one. Keyv's own suite runs beside it, over the
 * real databases: `stores/keyv-suite.slow.test.ts`.
 */
export function keyValuesContract(name: string, open: () => Promise<KeyValues>): void {
  /** As Keyv is by itself, which puts its namespace before each key, and as we open it. */
  const keyvIn = (keyValues: KeyValues, namespace?: string) =>
    new Keyv<unknown>({ store: keyValues(), throwOnErrors: true, ...(namespace === undefined ? {} : { namespace }) });
  const listed = async (keyv: Keyv<unknown>) => {
    const found: unknown[] = [];
    for await (const entry of keyv.iterator!({})) found.push(entry);
    return found;
  };
  const textsIn = (keyValues: KeyValues, namespace: string) =>
    openValues({ storage: keyValues(), namespace, read: (value) => z.string().parse(value) });

  describe(`key values: ${name}`, () => {
    test("a value is set, read, replaced and deleted, alone or with others", async () => {
      const keyv = keyvIn(await open());
      expect(await keyv.get("foo")).toBeUndefined();
      expect(await keyv.set("foo", "bar")).toBe(true);
      expect(await keyv.set("foo", "newer")).toBe(true);
      expect(await keyv.setMany(["foo1", "foo2"].map((key) => ({ key, value: `${key}!` })))).toEqual([true, true]);
      expect(await keyv.get("foo")).toBe("newer");
      expect(await keyv.get(["foo", "none", "foo2"])).toEqual(["newer", undefined, "foo2!"]);
      expect(await keyv.has("foo")).toBe(true);
      expect(await keyv.has(["foo1", "fizz"])).toEqual([true, false]);
      expect(await keyv.delete("foo")).toBe(true);
      expect(await keyv.delete("foo")).toBe(false);
      expect(await keyv.get("foo")).toBeUndefined();
      expect(await keyv.delete(["foo1", "foo2"])).toBe(true);
      expect(await keyv.delete(["foo1", "foo2"])).toBe(false);
      expect(await keyv.get(["foo1", "foo2"])).toEqual([undefined, undefined]);
    });

    test.each([
      false,
      null,
      0,
      "",
      "'",
      '"',
      "null",
      ":",
      ":base64:YmFy",
      "Zeile\nzwei\t'\"%_",
      "🦊 日本",
      ["a", null],
      { fizz: ":buzz", deep: [{ a: 1 }] },
      Buffer.from("bar"),
      { buff: Buffer.from("buzz") },
    ])("a value stays as it is: %j", async (value) => {
      const keyv = keyvIn(await open());
      await keyv.set("'", value);
      expect(await keyv.get("'")).toEqual(value);
    });

    test("a value that is none is as if it were not there; one that cannot be written is refused", async () => {
      const keyv = keyvIn(await open());
      await keyv.set("foo", undefined);
      expect(await keyv.get("foo")).toBeUndefined();
      await expect(keyv.set("foo", Symbol("value"))).rejects.toThrow("cannot be serialized");
    });

    test("values end at their time, and leave when they are met", async () => {
      const keyValues = await open();
      const keyv = keyvIn(keyValues, "a");
      vi.useFakeTimers({ toFake: ["Date"] });
      onTestFinished(() => void vi.useRealTimers());
      for (const key of ["one", "two", "three", "four"]) await keyv.set(key, key, 1000);
      await keyv.set("stays", "here");
      expect([await keyv.get("one"), await keyv.has("one")]).toEqual(["one", true]);
      vi.setSystemTime(Date.now() + 1001);
      expect([await keyv.has("one"), await keyv.get("one")]).toEqual([false, undefined]);
      expect(await keyv.get(["two", "stays"])).toEqual([undefined, "here"]);
      expect(await listed(keyv)).toEqual([["stays", "here"]]);
      const texts = keyValues();
      texts.namespace = "a";
      expect(await Promise.all(["one", "two", "three", "four"].map((key) => texts.get(`a:${key}`)))).toEqual(
        Array(4).fill(undefined),
      );
    });

    test("a namespace sees and clears its own, whatever the others are called", async () => {
      const keyValues = await open();
      const names = ["a", "a_b", "axb", "a%", "a:b", "A", "b"];
      const spaces = names.map((namespace) => textsIn(keyValues, namespace));
      for (const [at, values] of spaces.entries()) await values.set("foo", names[at]!);
      expect(await Promise.all(spaces.map((values) => values.get("foo")))).toEqual(names);
      expect(await spaces[0]!.delete("foo")).toBe(true);
      expect(await spaces[1]!.entries()).toEqual([["foo", "a_b"]]);
      await keyvIn(keyValues, "a_b").clear();
      expect(await Promise.all(spaces.map((values) => values.get("foo")))).toEqual([
        undefined,
        undefined,
        ...names.slice(2),
      ]);
      await keyvIn(keyValues, "b").clear();
      await keyvIn(keyValues, "b").clear();
      expect(await spaces[6]!.entries()).toEqual([]);
    });

    test("all values of a namespace are listed in key order, however many there are", async () => {
      const keyValues = await open();
      const keyv = keyvIn(keyValues, "many");
      expect(typeof keyv.iterator?.({})[Symbol.asyncIterator]).toBe("function");
      const numbers = Array.from({ length: 1001 }, (_, at) => String(at).padStart(4, "0"));
      await keyv.setMany(numbers.toReversed().map((key) => ({ key, value: `${key}!` })));
      await keyvIn(keyValues, "other").set("0000", "another's");
      expect(await listed(keyv)).toEqual(numbers.map((key) => [key, `${key}!`]));
      const values = textsIn(keyValues, "ours");
      for (const key of ["b", "ours:a", "", "a:b:c", "a"]) await values.set(key, key);
      expect(await values.entries()).toEqual(["", "a", "a:b:c", "b", "ours:a"].map((key) => [key, key]));
      expect(await values.get("ours:a")).toBe("ours:a");
      expect(await values.delete("a:b:c")).toBe(true);
    });

    test("may change while they are listed", async () => {
      const values = await open();
      const keyv = keyvIn(values, "a");
      for (const key of ["1", "2", "3"]) await keyv.set(key, key);
      for await (const [key] of keyv.iterator!({})) await keyv.delete(String(key));
      expect(await listed(keyv)).toEqual([]);
    });

    test("what was read is remembered at most until something of its namespace changes, in whatever way", async () => {
      const keyValues = await open();
      const storage = keyValues();
      const reads = vi.spyOn(storage, "get");
      const values = openValues({ storage, namespace: "a", read: (value) => z.string().parse(value) });
      expect([await values.get("foo"), await values.get("foo")]).toEqual([undefined, undefined]);
      await textsIn(keyValues, "a").set("foo", "bar");
      expect([await values.get("foo"), await values.get("foo")]).toEqual(["bar", "bar"]);
      await textsIn(keyValues, "b").set("foo", "another's");
      expect(await values.get("foo")).toBe("bar");
      const others = keyvIn(keyValues);
      others.useKeyPrefix = false;
      others.namespace = "a";
      const changes: (readonly [() => Promise<unknown>, string | undefined])[] = [
        [() => others.set("foo", "newer"), "newer"],
        [() => others.setMany([{ key: "foo", value: "newest" }]), "newest"],
        [() => others.delete("foo"), undefined],
        [() => values.set("foo", "again"), "again"],
        [() => others.delete(["foo", "none"]), undefined],
        [() => values.set("foo", "the last"), "the last"],
        [() => others.clear(), undefined],
      ];
      for (const [change, expected] of changes) {
        await change();
        expect(await values.get("foo")).toBe(expected);
      }
      // Not at all where others may change them unseen.
      expect(reads.mock.calls.length).toBe(storage.changesIn ? 2 + changes.length : 5 + changes.length);
    });

    test("a value that changes while it is read is not remembered as it was", async () => {
      const keyValues = await open();
      const storage = keyValues();
      const values = openValues({ storage, namespace: "a", read: (value) => z.string().parse(value) });
      await values.set("foo", "old");
      const read = storage.get.bind(storage);
      vi.spyOn(storage, "get").mockImplementationOnce(async (key) => {
        const found = await read(key);
        await textsIn(keyValues, "a").set("foo", "new");
        return found;
      });
      expect(await values.get("foo")).toBe("old");
      expect(await values.get("foo")).toBe("new");
    });

    test("another that is opened over the same store reads them", async () => {
      const keyValues = await open();
      await textsIn(keyValues, "a").set("foo", "bar");
      expect(await textsIn(keyValues, "a").get("foo")).toBe("bar");
    });
  });
}
