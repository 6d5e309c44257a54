import { expect, it, onTestFinished } from "vitest";
import { loopback } from "../../../adapters/loopback.ts";
import { jobIdOf } from "../../../src/domain/ids.ts";
import { verbatim } from "../../../src/domain/text.ts";
import { createOutages } from "../../../src/jobs/outbox/outages.ts";
import { createRelay } from "../../../src/jobs/outbox/relay.ts";
import { systemClock } from "../../../src/lib/clock.ts";
import { openSqliteStore } from "../../../src/stores/sqlite.ts";
import { someRequest } from "../../contracts/backend.ts";
import { silentLog } from "../../fakes/module-services.ts";
import { quietEvents } from "../../fakes/quiet-events.ts";
import { readsEnglish } from "../../fakes/reader-language.ts";

const JOBS = 80;

it("whoever has no message yet waits for no edit, however many edits hang", async () => {
  const store = await openSqliteStore({ file: ":memory:", exclusive: false });
  const chat = loopback({ replyTokens: false, capabilities: { postsOnce: false } });
  await chat.start([], quietEvents);
  const over = Promise.withResolvers<void>();
  let edits = 0;
  const slow = {
    ...chat,
    async edit() {
      edits += 1;
      await over.promise;
    },
  };
  for (let at = 0; at < JOBS; at += 1) {
    const updateId = `loopback:u${at}`;
    await store.accept({
      updateId,
      job: {
        jobId: jobIdOf(updateId),
        memberId: "loopback:ann",
        memberName: "ann",
        target: { place: { platform: "loopback", chatId: `c${at}`, group: true }, memberId: "loopback:ann" },
        order: { request: someRequest, count: 1, asked: [], advice: [], seedFrom: "typed" },
        lane: "fake",
        estimateGpuMs: 1,
        estimateMs: 1,
        acceptedAtMs: 0,
        voterNames: [],
      },
      shares: [{ memberId: "loopback:ann", gpuMs: 1 }],
      allowance: { capacityGpuMs: 1000, refillGpuMsPerHour: 0, resetMs: 0 },
      maxOpenPerMember: 999,
      nowMs: 0,
    });
  }
  const relay = createRelay({
    store,
    adapters: new Map([["loopback", slow]]),
    cards: {
      job: async () => ({ text: verbatim("card") }),
      pick: async () => undefined,
      original: async () => undefined,
      placeholder: () => ({ text: verbatim("placeholder") }),
      plain: async () => ({ text: verbatim("plain") }),
    },
    readerLanguage: readsEnglish,
    clock: systemClock,
    log: silentLog,
    outages: createOutages(silentLog, Date.now),
  });
  onTestFinished(async () => {
    over.resolve();
    await relay.stop(1000);
  });
  relay.start();
  await expect.poll(() => chat.messages.size, { timeout: 5000 }).toBe(JOBS);
  // At most so many at once: each holds a picture in memory.
  expect(edits).toBe(32);
});
