import { keyvIteratorTests, default as keyvTestSuite } from "@keyv/test-suite";
import { Keyv } from "keyv";
import * as vitest from "vitest";
import type { KeyValues } from "../../src/ports/key-values.ts";
import { storeOver } from "../../src/rules/store.ts";
import { MEMORY } from "../../src/stores/sqlite/database.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { databaseAt, engineAt, migrated, serverForTests } from "./postgres-engine.ts";

// Keyv's own suite over the small values of both databases: each of its tests opens a Keyv over the same rows.

function keyvSuite(name: string, open: () => Promise<{ readonly keyValues: KeyValues; close(): Promise<void> }>): void {
  vitest.describe(`Keyv's own suite: ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>> | undefined;
    vitest.beforeAll(async () => {
      opened = await open();
    });
    vitest.afterAll(() => opened?.close());
    const store = () => opened?.keyValues();
    // Its types are those of Keyv's default export, and of a `vitest` of its own.
    const [runner, keyv] = [vitest as never, Keyv as never];
    keyvTestSuite(runner, keyv, store);
    keyvIteratorTests(runner, keyv, store);
  });
}

keyvSuite("SQLite", () => openSqliteStore({ file: MEMORY, exclusive: false }));

const url = await serverForTests("Keyv's own suite: PostgreSQL");
if (url !== undefined)
  keyvSuite("PostgreSQL", async () => {
    const room = await databaseAt(url, `keyv_${process.pid}`);
    await migrated(room.address);
    const store = storeOver(engineAt(room.address), Date.now);
    const close = async () => {
      await store.close();
      await room.drop();
    };
    return { keyValues: store.keyValues, close };
  });
