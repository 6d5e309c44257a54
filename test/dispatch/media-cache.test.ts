import { expect, it } from "vitest";
import { createMediaCache } from "../../src/dispatch/media-source/cache.ts";

const MB = 1024 * 1024;

it("keeps derived pictures up to a number of bytes, the newest, and makes each of them once", async () => {
  const cached = createMediaCache();
  const made: string[] = [];
  const ask = (key: string) =>
    cached(key, async () => {
      made.push(key);
      return { bytes: new Uint8Array(10 * MB), mime: "image/png", fileName: key };
    });
  const keys = ["a", "b", "c", "d", "e", "f", "g"];
  for (const key of [...keys, "g", "b"]) await ask(key);
  expect(made).toEqual(keys);
  // There is room for six of the seven.
  await ask("a");
  expect(made).toEqual([...keys, "a"]);
});

it("tries again what could not be made", async () => {
  const cached = createMediaCache();
  let tries = 0;
  const none = () =>
    cached("a", async () => {
      tries += 1;
      return undefined;
    });
  await none();
  await none();
  expect(tries).toBe(2);
  await expect(cached("b", async () => Promise.reject(new Error("broke")))).rejects.toThrow("broke");
  expect(await cached("b", async () => undefined)).toBeUndefined();
});
