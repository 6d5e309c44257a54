import { describe, expect, it } from "vitest";
import { loopback } from "../../adapters/loopback.ts";
import { jobIdOf } from "../../src/domain/ids.ts";
import type { NewJob } from "../../src/domain/job.ts";
import { verbatim } from "../../src/domain/text.ts";
import { createOutages } from "../../src/jobs/outbox/outages.ts";
import { createRelay, type Relay } from "../../src/jobs/outbox/relay.ts";
import { systemClock } from "../../src/lib/clock.ts";
import type { Store } from "../../src/ports/store.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { someRequest } from "../contracts/backend.ts";
import { leading } from "../fakes/leading.ts";
import { recordedLog } from "../fakes/module-services.ts";
import { noDocuments } from "../fakes/no-documents.ts";
import { quietEvents } from "../fakes/quiet-events.ts";
import { readsEnglish } from "../fakes/reader-language.ts";
import { voteInput } from "../stores/contract/inputs.ts";

const jobId = jobIdOf("loopback:u1");
const allowance = { capacityGpuMs: 1000, refillGpuMsPerHour: 0, resetMs: 0 };

/** A relay over a real store and a strict platform, with cards that only say the job's state. */
async function openPosting(postsOnce: boolean) {
  const store = await openSqliteStore({ file: ":memory:", exclusive: false });
  const clock = { aheadMs: 0 };
  const nowMs = () => Date.now() + clock.aheadMs;
  const chat = loopback({ replyTokens: false, capabilities: { postsOnce }, nowMs });
  await chat.start([], quietEvents);
  const { log, logged } = recordedLog();
  const newRelay = () =>
    createRelay({
      leadership: leading,
      store,
      adapters: new Map([["loopback", chat]]),
      cards: {
        job: async ({ state }) => ({ text: verbatim(state) }),
        waited: async () => ({ text: verbatim("below") }),
        pick: async () => undefined,
        original: async () => undefined,
        decision: async () => ({ text: verbatim("line") }),
        meeting: async () => undefined,
        reminder: async () => ({ text: verbatim("soon") }),
        placeholder: () => ({ text: verbatim("placeholder") }),
        plain: async (job) => ({ text: verbatim(`plain ${job.state}`) }),
      },
      documents: noDocuments,
      readerLanguage: readsEnglish,
      clock: { ...systemClock, nowMs },
      log,
      outages: createOutages(log, nowMs),
    });
  return {
    store,
    chat,
    logged,
    newRelay,
    texts: () => [...chat.messages.values()].map((message) => message.view.text),
    /** Some hours pass, with everything tried that is due in them. */
    async hours(relay: Relay) {
      for (let tries = 0; tries < 30; tries += 1) {
        clock.aheadMs += 5 * 60_000;
        relay.kick();
        await relay.idle();
      }
    },
  };
}

/** The next change of an ended job's message. */
const voted = (store: Store) =>
  store.vote({
    ...voteInput(jobId, "bob", "loopback:v1", {
      votesNeeded: 2,
      closesAtMs: Number.MAX_SAFE_INTEGER,
      nowMs: Date.now(),
    }),
    allowance,
    whenPassed: () => {
      throw new Error("one vote of two passes nothing");
    },
  });

function ordered() {
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
  return { job, shares, allowance, maxOpenPerMember: 9, nowMs: 0 };
}

async function accept(store: Store): Promise<void> {
  await store.accept({ updateId: "loopback:u1", ...ordered() });
}

async function end(store: Store): Promise<void> {
  const job = await store.claim("fake", Date.now(), 1000);
  expect(await store.fail(jobId, job?.attempt ?? 0, { code: "internal", text: verbatim("no") }, Date.now())).toBe(true);
}

describe("posting", () => {
  it("shows the end although the process died between posting the placeholder and noting it", async () => {
    const { store, chat, newRelay, texts } = await openPosting(true);
    await accept(store);
    // What the dead process did: the placeholder is on the platform, the store knows nothing of it, and the job ended.
    const target = { place: { platform: "loopback", chatId: "c1", group: true }, memberId: "loopback:ann" };
    await chat.post(target, { text: "queued" }, { nonce: `j.${jobId}`, visibility: "public" });
    await end(store);
    const relay = newRelay();
    relay.start();
    await relay.idle();
    expect(texts()).toEqual(["failed"]);
    await relay.stop(100);
  });

  it("shows the end although the answer to the placeholder got lost", async () => {
    const { store, chat, newRelay, texts } = await openPosting(true);
    await accept(store);
    chat.faults.answersLost = 1;
    const relay = newRelay();
    relay.start();
    await relay.idle();
    await end(store);
    relay.kick();
    await chat.waitFor(() => texts().includes("failed"));
    expect(texts()).toEqual(["failed"]);
    await relay.stop(100);
  });

  it("says nothing of where it waited in a chat that the group moved to", async () => {
    const { store, newRelay, texts } = await openPosting(true);
    const { job, ...payment } = ordered();
    await store.defer({ updateId: "loopback:u1", job: { ...job, deferral: { allowance } }, tryAtMs: 0, nowMs: 0 });
    const relay = newRelay();
    relay.start();
    await relay.idle();
    await relay.stop(100);
    await store.startDeferred({ job, ...payment });
    await store.moveChat({ platform: "loopback", fromChatId: "c1", toChatId: "c2", values: [] });
    const next = newRelay();
    next.start();
    await next.idle();
    expect(texts()).toEqual(["deferred", "queued"]);
    expect(await store.due(Number.MAX_SAFE_INTEGER, 9, { platform: "loopback" })).toEqual([]);
    await next.stop(100);
  });

  it("places what had waited anew once, although the process died between posting it and noting it", async () => {
    const { store, chat, newRelay, texts } = await openPosting(true);
    const { job, ...payment } = ordered();
    await store.defer({ updateId: "loopback:u1", job: { ...job, deferral: { allowance } }, tryAtMs: 0, nowMs: 0 });
    const relay = newRelay();
    relay.start();
    await relay.idle();
    expect(texts()).toEqual(["deferred"]);
    await relay.stop(100);
    await store.startDeferred({ job, ...payment });
    await chat.post(job.target, { text: "queued" }, { nonce: `a.${jobId}`, visibility: "public" });
    await end(store);
    const next = newRelay();
    next.start();
    await next.idle();
    expect(texts()).toEqual(["below", "failed"]);
    await next.stop(100);
  });

  it.each([true, false])(
    "posts once more, not for ever, after a member deleted the placeholder (posts once: %s)",
    async (postsOnce) => {
      const { store, chat, newRelay, texts } = await openPosting(postsOnce);
      await accept(store);
      const relay = newRelay();
      relay.start();
      await relay.idle();
      expect(texts()).toEqual(["queued"]);
      chat.deleteMessage("m1");
      await end(store);
      relay.kick();
      await chat.waitFor(() => texts().includes("failed"), 1000).catch(() => {});
      await relay.stop(100);
      expect(texts()).toEqual(["failed"]);
    },
  );

  describe("what a platform calls malformed", () => {
    const loud = (logged: readonly string[]) =>
      logged.flatMap((line) => /"(outbox\.(?:refused|told_plainly|given_up))"/.exec(line)?.[1] ?? []);

    it.each([true, false])("is said in plain words after some tries (posts once: %s)", async (postsOnce) => {
      const { store, chat, logged, newRelay, texts, hours } = await openPosting(postsOnce);
      await accept(store);
      const relay = newRelay();
      relay.start();
      await relay.idle();
      chat.faults.refuses = ({ text }) => text === "failed";
      await end(store);
      await hours(relay);
      expect(texts()).toEqual(["plain failed"]);
      expect(loud(logged)).toEqual(["outbox.refused", "outbox.told_plainly"]);
      expect(await store.due(Number.MAX_SAFE_INTEGER, 9, { platform: "loopback" })).toEqual([]);
      // The next change is tried as it is again.
      chat.faults.refuses = undefined;
      await voted(store);
      await hours(relay);
      expect(texts()).toEqual(["failed"]);
      await relay.stop(100);
    });

    it("is let go where plain words are refused too, and the message is right again with its next change", async () => {
      const { store, chat, logged, newRelay, texts, hours } = await openPosting(true);
      await accept(store);
      const relay = newRelay();
      relay.start();
      await relay.idle();
      chat.faults.refuses = () => true;
      await end(store);
      await hours(relay);
      expect(loud(logged)).toEqual(["outbox.refused", "outbox.told_plainly", "outbox.given_up"]);
      expect(await store.due(Number.MAX_SAFE_INTEGER, 9, { platform: "loopback" })).toEqual([]);
      chat.faults.refuses = undefined;
      await voted(store);
      await hours(relay);
      expect(texts()).toEqual(["failed"]);
      await relay.stop(100);
    });

    it("costs nobody anything where its first message was refused in every way", async () => {
      const { store, chat, newRelay, texts, hours } = await openPosting(true);
      chat.faults.refuses = () => true;
      await accept(store);
      const relay = newRelay();
      relay.start();
      await hours(relay);
      expect((await store.job(jobId))?.state).toBe("cancelled");
      expect((await store.account("loopback:ann", allowance, Date.now())).heldGpuMs).toBe(0);
      expect(await store.due(Number.MAX_SAFE_INTEGER, 9, { platform: "loopback" })).toEqual([]);
      expect(texts()).toEqual([]);
      await relay.stop(100);
    });

    it("is not what an outage is: the whole card comes when the platform is back", async () => {
      const { store, chat, newRelay, texts, hours } = await openPosting(true);
      await accept(store);
      const relay = newRelay();
      relay.start();
      await relay.idle();
      chat.faults.offline = true;
      await end(store);
      await hours(relay);
      chat.faults.offline = false;
      await hours(relay);
      expect(texts()).toEqual(["failed"]);
      await relay.stop(100);
    });
  });
});
