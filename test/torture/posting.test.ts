import { describe, expect, it } from "vitest";
import { loopback } from "../../adapters/loopback.ts";
import { jobIdOf } from "../../src/ids.ts";
import type { NewJob } from "../../src/job.ts";
import { createOutages } from "../../src/outages.ts";
import { createPoster } from "../../src/poster.ts";
import type { Store } from "../../src/store.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { someRequest } from "../contracts/backend.ts";
import { quietEvents } from "../fakes/quiet-events.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const jobId = jobIdOf("loopback:u1");
const allowance = { capacityGpuMs: 1000, refillGpuMsPerHour: 0, resetMs: 0 };

/** A poster over a real store and a strict platform, with cards that only say the job's state. */
async function openPosting(postsOnce: boolean) {
  const store = await openSqliteStore({ file: ":memory:", exclusive: false });
  const chat = loopback({ replyTokens: false, capabilities: { postsOnce } });
  await chat.start([], quietEvents);
  const newPoster = () =>
    createPoster({
      store,
      adapters: new Map([["loopback", chat]]),
      cards: {
        job: async (id) => ({ text: (await store.job(id))?.state ?? "none" }),
        pick: async () => undefined,
        original: async () => undefined,
        placeholder: () => ({ text: "placeholder" }),
      },
      nowMs: Date.now,
      log: silent,
      outages: createOutages(silent, Date.now),
    });
  return { store, chat, newPoster, texts: () => [...chat.messages.values()].map((message) => message.view.text) };
}

async function accept(store: Store): Promise<void> {
  const target = { place: { platform: "loopback", chatId: "c1", group: true }, memberId: "loopback:ann" };
  const order = { request: someRequest, count: 1, asked: [], advice: [], seedFrom: "typed" } as const;
  const job: NewJob = {
    jobId,
    memberId: "loopback:ann",
    memberName: "ann",
    target,
    order: { ...order, asked: [], advice: [] },
    lane: "fake",
    estimateGpuMs: 1,
    estimateMs: 1,
    acceptedAtMs: 0,
    voterNames: [],
  };
  const shares = [{ memberId: "loopback:ann", gpuMs: 1 }];
  await store.accept({ updateId: "loopback:u1", job, shares, allowance, maxOpenPerMember: 9, nowMs: 0 });
}

async function end(store: Store): Promise<void> {
  const job = await store.claim("fake", Date.now(), 1000);
  expect(await store.fail(jobId, job?.attempt ?? 0, { code: "internal", text: "no" }, Date.now())).toBe(true);
}

describe("posting", () => {
  it("shows the end although the process died between posting the placeholder and noting it", async () => {
    const { store, chat, newPoster, texts } = await openPosting(true);
    await accept(store);
    // What the dead process did: the placeholder is on the platform, the store knows nothing of it, and the job ended.
    const target = { place: { platform: "loopback", chatId: "c1", group: true }, memberId: "loopback:ann" };
    await chat.post(target, { text: "queued" }, { nonce: `j.${jobId}`, visibility: "public" });
    await end(store);
    const poster = newPoster();
    poster.start();
    await poster.idle();
    expect(texts()).toEqual(["failed"]);
    await poster.stop(100);
  });

  it("shows the end although the answer to the placeholder got lost", async () => {
    const { store, chat, newPoster, texts } = await openPosting(true);
    await accept(store);
    chat.faults.answersLost = 1;
    const poster = newPoster();
    poster.start();
    await poster.idle();
    await end(store);
    poster.kick();
    await chat.waitFor(() => texts().includes("failed"));
    expect(texts()).toEqual(["failed"]);
    await poster.stop(100);
  });

  it.each([true, false])(
    "posts once more, not for ever, after a member deleted the placeholder (posts once: %s)",
    async (postsOnce) => {
      const { store, chat, newPoster, texts } = await openPosting(postsOnce);
      await accept(store);
      const poster = newPoster();
      poster.start();
      await poster.idle();
      expect(texts()).toEqual(["queued"]);
      chat.deleteMessage("m1");
      await end(store);
      poster.kick();
      await chat.waitFor(() => texts().includes("failed"), 1000).catch(() => {});
      await poster.stop(100);
      expect(texts()).toEqual(["failed"]);
    },
  );
});
