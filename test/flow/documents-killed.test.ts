import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { loopback } from "../../adapters/loopback.ts";
import { documentIdOf } from "../../src/domain/ids.ts";
import { createDocumentWorker } from "../../src/jobs/documents/worker.ts";
import { createDocumentFiles } from "../../src/stores/shared/document-files.ts";
import { appOver, openStore } from "../fakes/app.ts";
import { createTestClock } from "../fakes/clock.ts";
import { fakeMaker } from "../fakes/document-maker.ts";
import { silentLog } from "../fakes/module-services.ts";
import { accept, claimed, finish, T0 } from "../stores/contract/inputs.ts";

const PLACE = { platform: "loopback", chatId: "c1", group: true } as const;
const ID = documentIdOf("one");
const ASKED = {
  updateId: "one",
  document: {
    documentId: ID,
    kind: "deck",
    of: { imageIds: [], chosen: "named" },
    target: { place: PLACE, memberId: "loopback:ana" },
    askedBy: { id: "loopback:ana", name: "ana" },
    askedAtMs: T0,
    language: "en",
  },
  maxOpen: 3,
  nowMs: T0,
} as const;

function folderOf(): string {
  const folder = mkdtempSync(join(tmpdir(), "placard-killed-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

it("what a process that was killed had begun is begun anew by the next, at once, and its half of a file goes", async () => {
  const folder = folderOf();
  const dead = await openStore(folder);
  await accept(dead, "a", { job: { target: { place: PLACE, memberId: "loopback:ana" } } });
  await finish(dead, await claimed(dead));
  const imageIds = [`${"a".padEnd(16, "-")}.0`];
  await dead.askDocument({ ...ASKED, document: { ...ASKED.document, of: { imageIds, chosen: "named" } } });
  await dead.claimDocument(Date.now(), 86_400_000);
  await dead.close();
  await mkdir(join(folder, "documents", "making"), { recursive: true });
  await writeFile(join(folder, "documents", "making", "half"), "of a file");
  const maker = fakeMaker();
  const clock = createTestClock();
  const chat = loopback({ capabilities: { editMinIntervalMs: 0 } });
  const app = await appOver(folder, { adapters: [chat], documentMaker: maker, clock });
  onTestFinished(async () => {
    await app.stop();
    clock.stop();
  });
  await app.services.files.save(imageIds[0] ?? "", [Buffer.from("png")]);
  await app.start();
  await expect.poll(async () => (await app.services.store.document(ID))?.state).toBe("done");
  await app.idle();
  expect(await app.services.store.document(ID)).toMatchObject({ attempt: 2, losses: 1 });
  expect(readdirSync(join(folder, "documents", "making"))).toEqual([]);
  expect([...chat.messages.values()].at(-1)?.file).toBeDefined();
});

it("a process that ends gives back what it makes, and one that ends too many of them is given up", async () => {
  const folder = folderOf();
  const store = await openStore(folder);
  onTestFinished(() => store.close());
  const maker = fakeMaker();
  const clock = createTestClock();
  onTestFinished(() => clock.stop());
  const files = createDocumentFiles(join(folder, "documents"));
  const spec = { kind: "zip", title: "x", subtitle: "x", language: "en", pictures: [], texts: [] } as const;
  const build = async () => ({ spec, name: "x.zip", pictures: 0, gone: 0, letGo: async () => undefined });
  const worker = () =>
    createDocumentWorker({
      store,
      build,
      maker,
      files,
      clock,
      log: silentLog,
      changed: () => undefined,
      ended: () => undefined,
    });
  maker.hold();
  await store.askDocument(ASKED);
  for (let attempt = 1; attempt <= 4; attempt += 1) {
    const one = worker();
    one.start();
    await expect.poll(() => maker.specs.length).toBe(attempt);
    await one.stop();
    expect(await store.document(ID)).toMatchObject({ state: "queued", attempt, losses: 0 });
  }
  for (let losses = 1; losses <= 3; losses += 1) {
    await store.claimDocument(clock.nowMs(), 60_000);
    await store.recoverDocuments();
  }
  const last = worker();
  last.start();
  await last.idle();
  expect(await store.document(ID)).toMatchObject({ state: "failed", losses: 3 });
  expect(maker.specs).toHaveLength(4);
  await last.stop();
});
