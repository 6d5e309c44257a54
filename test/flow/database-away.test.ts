import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { loopback } from "../../adapters/loopback.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import { DatabaseAway } from "../../src/lib/database-away.ts";
import type { StoreOverSql } from "../../src/rules/store.ts";
import { appOver, openStore } from "../fakes/app.ts";

/** A program whose database goes away for one call, or for all of them. */
async function program() {
  const folder = mkdtempSync(join(tmpdir(), "placard-away-"));
  const chat = loopback({ capabilities: { editMinIntervalMs: 0 } });
  const backend = fakeBackend();
  const away = { all: false, finishes: 0 };
  const real = await openStore(folder);
  const unless = (isAway: () => boolean, method: (...args: never[]) => Promise<unknown>) =>
    (async (...args: never[]) => {
      if (isAway()) throw new DatabaseAway(new Error("ECONNREFUSED"));
      return method(...args);
    }) as never;
  const store: StoreOverSql = {
    ...real,
    finish: unless(() => away.finishes-- > 0, real.finish),
    blockOf: unless(() => away.all, real.blockOf),
    keyValues: () => {
      const values = real.keyValues();
      return Object.assign(values, { get: unless(() => away.all, values.get.bind(values)), changesIn: undefined });
    },
  };
  const app = await appOver(folder, { adapters: [chat], backends: [backend], store });
  onTestFinished(async () => {
    await app.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  await app.start();
  return { chat, backend, away };
}

it("a job whose end could not be written is made again, also when the database is back at once", async () => {
  const { chat, backend, away } = await program();
  away.finishes = 1;
  await chat.type("ana", "/rca a red fox");
  await chat.waitFor(() => [...chat.messages.values()].find(({ view }) => view.image && !view.progress));
  expect(backend.calls).toHaveLength(2);
  expect(chat.messages.size).toBe(1);
});

it("a member is asked to come back in a minute, in their app's language, while nothing can be read", async () => {
  const { chat, away } = await program();
  away.all = true;
  await chat.type("ana", "/rca a red fox", { languages: ["de"] });
  await chat.waitFor(() => chat.visibleTo("ana").find(({ view }) => view.text.includes("in einer Minute")));
  away.all = false;
  await chat.type("ana", "/rca a red fox");
  await chat.waitFor(() => [...chat.messages.values()].find(({ view }) => view.image && !view.progress));
});
