import { describe, expect, test } from "vitest";
import type { KeyValues } from "../../src/ports/key-values.ts";

/** What every implementation of the KeyValues port must do. Each test opens an empty one. */
export function keyValuesContract(name: string, open: () => Promise<KeyValues>): void {
  describe(`key values: ${name}`, () => {
    test("are set, replaced, listed by prefix and deleted", async () => {
      const values = await open();
      for (const key of ["chat:b", "chat:a", "chat%", "chau", "seed:a"]) await values.set(key, `${key}!`);
      await values.set("chat:a", "newer");
      expect(await values.get("chat:a")).toBe("newer");
      expect(await values.get("chat")).toBeUndefined();
      expect(await values.entries("chat:")).toEqual([
        ["chat:a", "newer"],
        ["chat:b", "chat:b!"],
      ]);
      expect((await values.entries("")).map(([key]) => key)).toEqual(["chat%", "chat:a", "chat:b", "chau", "seed:a"]);
      expect(await values.delete("chat:a")).toBe(true);
      expect(await values.delete("chat:a")).toBe(false);
      expect(await values.get("chat:a")).toBeUndefined();
    });

    test("keep any text as it is, the empty one too", async () => {
      const values = await open();
      for (const text of ["", "null", '{"a":[1]}', "Zeile\nzwei\t'\"%_", "🦊 日本"]) {
        await values.set("key", text);
        expect(await values.get("key")).toBe(text);
      }
    });

    test("know no wildcards in a prefix", async () => {
      const values = await open();
      for (const key of ["a_b", "axb", "a%b"]) await values.set(key, key);
      expect(await values.entries("a_")).toEqual([["a_b", "a_b"]]);
      expect(await values.entries("a%")).toEqual([["a%b", "a%b"]]);
    });
  });
}
