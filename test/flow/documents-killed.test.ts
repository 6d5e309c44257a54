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

/** Workers of several processes over one database and one folder. */
async function workers() {
  const folder = folderOf();
  const store = await openStore(folder);
  onTestFinished(() => store.close());
  const clock = createTestClock();
  onTestFinished(() => clock.stop());
  const files = createDocumentFiles(join(folder, "documents"));
  /** @param words what its file will hold */
  const worker = (words: string, maker = fakeMaker(), own: Partial<typeof store> = {}) => {
    const spec = { kind: "zip", title: words, subtitle: "x", language: "en", pictures: [], texts: [] } as const;
    const made = createDocumentWorker({
      ...{ store: { ...store, ...own }, maker, files, clock, log: silentLog },
      build: async () => ({ spec, name: "x.zip", pictures: 0, gone: 0, letGo: async () => undefined }),
      changed: () => undefined,
      ended: () => undefined,
    });
    onTestFinished(() => made.stop());
    return { ...made, maker };
  };
  const kept = async () => {
    const opened = await files.open(ID);
    return opened && new Response(opened.read(0, opened.sizeBytes - 1)).text();
  };
  return { folder, store, clock, worker, kept };
}

it("of several workers one makes it, and another takes it up when that one tells nothing any more", async () => {
  const { store, clock, worker, kept, folder } = await workers();
  const heldMaker = fakeMaker();
  heldMaker.hold();
  let frozen = false;
  const first = worker("by the first", heldMaker, {
    keepDocument: async (...input) => {
      if (frozen) throw new Error("the database cannot be reached");
      return store.keepDocument(...input);
    },
  });
  const second = worker("by the second");
  await store.askDocument({ ...ASKED, nowMs: clock.nowMs() });
  first.start();
  await expect.poll(() => first.maker.specs.length).toBe(1);
  second.start();
  // For as long as its lease is kept the other leaves it alone.
  clock.freeze();
  for (let passed = 0; passed < 120_000; passed += 5000) {
    clock.advanceMs(5000);
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  }
  expect([second.maker.specs.length, (await store.document(ID))?.attempt]).toEqual([0, 1]);
  frozen = true;
  clock.advanceMs(61_000);
  await expect.poll(async () => (await store.document(ID))?.state).toBe("done");
  expect(await store.document(ID)).toMatchObject({ attempt: 2, losses: 1 });
  // It wakes, and ends what it was at: the file of the other stays.
  frozen = false;
  heldMaker.letOn();
  await first.idle();
  expect(await kept()).toContain("by the second");
  expect(readdirSync(join(folder, "documents", "making"))).toEqual([]);
});
