import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { defineStore, type StoreParts, type StoreServices } from "../ports/module.ts";
import { isPostgresAddress } from "./postgres/address.ts";
import type { PostgresOptions, PostgresStore } from "./postgres/open.ts";
import { createChatMemory } from "./shared/chat-memory.ts";
import { createDocumentFiles } from "./shared/document-files.ts";
import { createPictureFiles } from "./shared/picture-files.ts";

const address = () =>
  z
    .string()
    .refine(
      isPostgresAddress,
      "must be an address such as postgres://name:password@db.example.org:5432/placard, with the password in front of the @",
    )
    .optional();

const env = z.object({
  DATABASE_URL: address().describe(
    "address of a PostgreSQL database (15 or newer) for this Placard alone, e.g. `postgres://placard:…@db.example.org:5432/placard`; empty: files in DATA_DIR",
  ),
  DATABASE_DIRECT_URL: address().describe(
    "the same database past a pooler such as PgBouncer, where DATABASE_URL goes through one",
  ),
  DATABASE_PREPARED: z
    .enum(["yes", "no"])
    .default("no")
    .describe("yes: the database keeps statements planned, which is faster; not behind a PgBouncer older than 1.21"),
  PICTURES_DIR: z
    .string()
    .optional()
    .describe(
      "where DATABASE_URL is set: folder of the pictures, the documents and what members send along in the web chat, one that all machines reach; empty: in DATA_DIR",
    ),
});

/** Chats, the queue, settings and the web chat in PostgreSQL. Pictures stay files. */
export const module = defineStore({
  name: "postgres",
  summary: "a PostgreSQL database for chats, the queue, settings and the web chat: see docs/machines.md",
  env,
  packages: ["pg"],
  create({ DATABASE_URL, DATABASE_DIRECT_URL, DATABASE_PREPARED, PICTURES_DIR }, services): StoreParts | undefined {
    if (DATABASE_URL === undefined) {
      const [alone] =
        Object.entries({ DATABASE_DIRECT_URL, PICTURES_DIR }).find(([, value]) => value !== undefined) ?? [];
      if (alone === undefined) return undefined;
      throw new Error(`${alone} is set, but DATABASE_URL is not: set both in .env, or neither`);
    }
    const where = {
      address: DATABASE_URL,
      directAddress: DATABASE_DIRECT_URL ?? DATABASE_URL,
      named: DATABASE_PREPARED === "yes",
    };
    // Both live in one database, over the same connections.
    let opening: Promise<PostgresStore> | undefined;
    const opened = () => (opening ??= open(where, services));
    const picturesFolder = PICTURES_DIR === undefined ? join(services.dataDir, "pictures") : resolve(PICTURES_DIR);
    return {
      several: true,
      picturesFolder,
      rows: async () => {
        const { store, nowMs, wake, hurry, statements } = await opened();
        return {
          store,
          values: store.keyValues,
          memory: createChatMemory(store.keyValues),
          nowMs,
          wake,
          hurry,
          statements,
        };
      },
      moveIn: async () =>
        (await import("./postgres/move-in.ts")).moveInto(
          DATABASE_URL,
          PICTURES_DIR === undefined ? undefined : picturesFolder,
        ),
      groupLog: async () => (await opened()).groupLog(),
      pictures: async () => createPictureFiles(picturesFolder),
      commonFolder: (name) => (PICTURES_DIR === undefined ? services.folder(name) : folderIn(picturesFolder, name)),
      ...(PICTURES_DIR === undefined
        ? {}
        : { documents: async () => createDocumentFiles(join(picturesFolder, "documents")) }),
    };
  },
  async speeds({ DATABASE_URL }) {
    if (DATABASE_URL === undefined) return undefined;
    return (await import("./postgres/speeds.ts")).speedsIn(DATABASE_URL);
  },
  async inspect({ DATABASE_URL, DATABASE_DIRECT_URL, DATABASE_PREPARED, PICTURES_DIR }, dataDir) {
    if (DATABASE_URL === undefined) return undefined;
    const { inspectPostgres } = await import("./postgres/inspect.ts");
    return inspectPostgres({
      address: DATABASE_URL,
      directAddress: DATABASE_DIRECT_URL,
      named: DATABASE_PREPARED === "yes",
      picturesDir: resolve(PICTURES_DIR ?? join(dataDir, "pictures")),
    });
  },
});

function folderIn(parent: string, name: string): string {
  const folder = join(resolve(parent), name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

async function open(
  where: Pick<PostgresOptions, "address" | "directAddress" | "named">,
  { log, notices }: StoreServices,
): Promise<PostgresStore> {
  // Loaded once it is used.
  const { openPostgresStore } = await import("./postgres/open.ts");
  return openPostgresStore({ ...where, log, notices });
}
