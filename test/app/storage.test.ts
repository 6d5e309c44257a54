import { describe, expect, it } from "vitest";
import { z } from "zod";
import { chooseStorage } from "../../src/app/storage.ts";
import type { Loaded } from "../../src/lib/load-folders.ts";
import { defineStore, type StoreModule, type StoreParts } from "../../src/ports/module.ts";
import { silentLog } from "../fakes/module-services.ts";

/** Opens nothing: which store was asked is all that matters here. */
const asked = (name: string) => async (): Promise<never> => {
  throw new Error(`${name} was asked`);
};
const allOf = (name: string): Required<StoreParts> => ({
  rows: asked(`${name}.rows`),
  pictures: asked(`${name}.pictures`),
  picturesFolder: `/${name}`,
  documents: asked(`${name}.documents`),
  groupLog: asked(`${name}.groupLog`),
  backups: asked(`${name}.backups`),
  several: true,
  commonFolder: (folder) => `${name}/${folder}`,
  moveOut: asked(`${name}.moveOut`),
  moveIn: asked(`${name}.moveIn`),
});
const always = (parts: StoreParts = allOf("disk")): Loaded<StoreModule> => ({
  file: "disk",
  found: defineStore({ name: "disk", summary: "", env: z.object({}), fallback: true, create: () => parts }),
});
const set = (file: string, setting: string, parts: StoreParts): Loaded<StoreModule> => ({
  file,
  found: {
    ...defineStore({ name: file, summary: "", env: z.object({ [setting]: z.url().optional() }), create: () => parts }),
    create: (settings) => (settings[setting] === undefined ? undefined : parts),
  },
});
const choose = (stores: readonly Loaded<StoreModule>[], env: Readonly<Record<string, string>>, lasting = true) =>
  chooseStorage(stores, env, {
    log: silentLog,
    dataDir: "/nowhere",
    folder: () => "/nowhere",
    lasting,
    nowMs: Date.now,
    notices: { say: () => undefined },
  });

const NO_WORK = { signal: AbortSignal.abort(), nowMs: Date.now, tell: () => undefined };
const BUCKET_URL = "https://bucket.example";
const DATABASE_URL = "https://database.example";

describe("where things are kept", () => {
  it("is the store that is always on while no other is set", async () => {
    const storage = choose([always(), set("database", "DATABASE_URL", allOf("database"))], {});
    await expect(storage.rows()).rejects.toThrow("disk.rows was asked");
    await expect(storage.pictures()).rejects.toThrow("disk.pictures was asked");
    await expect(storage.groupLog()).rejects.toThrow("disk.groupLog was asked");
    await expect(storage.backups?.()).rejects.toThrow("disk.backups was asked");
    expect(storage.several).toBe(true);
    await expect(storage.moveIn?.()).rejects.toThrow("disk.moveIn was asked");
  });

  it("is one store for the rows and another for the pictures, where each brings its own", async () => {
    const stores = [
      set("bucket", "BUCKET_URL", { pictures: asked("bucket.pictures") }),
      always(),
      set("database", "DATABASE_URL", { rows: asked("database.rows") }),
    ];
    const storage = choose(stores, { BUCKET_URL, DATABASE_URL });
    await expect(storage.rows()).rejects.toThrow("database.rows was asked");
    await expect(storage.pictures()).rejects.toThrow("bucket.pictures was asked");
    expect(storage.several).toBeUndefined();
    await expect(storage.groupLog()).rejects.toThrow("disk.groupLog was asked");
    const moving = choose([always(), set("database", "DATABASE_URL", allOf("database"))], { DATABASE_URL });
    await expect(moving.moveIn?.()).rejects.toThrow("database.moveIn was asked");
    await expect(moving.moveOut?.(NO_WORK)).rejects.toThrow("disk.moveOut was asked");
    // Copies of the disk would lack everything that the database keeps.
    expect(storage.backups).toBeUndefined();
  });

  it("is the one that is always on for a picture from the shell, whatever else is set", async () => {
    const storage = choose([always(), set("database", "DATABASE_URL", allOf("database"))], { DATABASE_URL }, false);
    await expect(storage.rows()).rejects.toThrow("disk.rows was asked");
  });

  it("is not guessed: two stores for the same pictures are named by their settings", () => {
    const parts = { pictures: asked("pictures") };
    const stores = [always(), set("bucket", "BUCKET_URL", parts), set("shelf", "SHELF_URL", parts)];
    expect(() => choose(stores, { BUCKET_URL, SHELF_URL: BUCKET_URL })).toThrow(
      "BUCKET_URL (bucket) and SHELF_URL (shelf) each say where pictures are kept: leave only one of them in .env",
    );
  });

  it("is not guessed from a wrong setting either, whose value is not told", () => {
    const stores = [always(), set("bucket", "BUCKET_URL", {})];
    expect(() => choose(stores, { BUCKET_URL: "canary" })).toThrow(/^settings of bucket are wrong.*\n {2}BUCKET_URL: /);
    expect(() => choose(stores, { BUCKET_URL: "canary" })).not.toThrow(/canary/);
  });

  it.each([
    ["none of the stores is always on", [], "one store has to be always on, not none"],
    ["two are", [always(), { ...always(), file: "drum" }], "one store has to be always on, not disk and drum"],
    ["the one that is keeps no rows", [always({})], "the store disk is always on, but keeps no rows"],
  ])("is a mistake of ours where %s", (_why, stores, message) => {
    expect(() => choose(stores, {})).toThrow(message);
  });
});
