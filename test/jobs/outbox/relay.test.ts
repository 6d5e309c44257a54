import { expect, it, onTestFinished, vi } from "vitest";
import type { Loopback } from "../../../adapters/loopback/shape.ts";
import { loopback } from "../../../adapters/loopback.ts";
import { jobIdOf } from "../../../src/domain/ids.ts";
import { verbatim } from "../../../src/domain/text.ts";
import { createOutages } from "../../../src/jobs/outbox/outages.ts";
import { createRelay } from "../../../src/jobs/outbox/relay.ts";
import { type Clock, systemClock } from "../../../src/lib/clock.ts";
import { ChatError } from "../../../src/ports/chat.ts";
import type { Store } from "../../../src/ports/store.ts";
import { openSqliteStore } from "../../../src/stores/sqlite.ts";
import { someRequest } from "../../contracts/backend.ts";
import { createTestClock } from "../../fakes/clock.ts";
import { leading } from "../../fakes/leading.ts";
import { silentLog } from "../../fakes/module-services.ts";
import { noDocuments } from "../../fakes/no-documents.ts";
import { quietEvents } from "../../fakes/quiet-events.ts";
import { readsEnglish } from "../../fakes/reader-language.ts";

const JOBS = 80;

async function owing(jobs: number): Promise<Store> {
  const store = await openSqliteStore({ file: ":memory:", exclusive: false });
  await owe(store, jobs, "loopback");
  return store;
}

async function owe(store: Store, jobs: number, platform: string): Promise<void> {
  const memberId = `${platform}:ann`;
  for (let at = 0; at < jobs; at += 1) {
    const updateId = `${platform}:u${at}`;
    await store.accept({
      updateId,
      job: {
        jobId: jobIdOf(updateId),
        memberId,
        memberName: "ann",
        target: { place: { platform, chatId: `c${at}`, group: true }, memberId },
        order: { request: someRequest, count: 1, asked: [], advice: [], seedFrom: "typed" },
        lane: "fake",
        estimateGpuMs: 1,
        estimateMs: 1,
        acceptedAtMs: 0,
        voterNames: [],
      },
      shares: [{ memberId, gpuMs: 1 }],
      allowance: { capacityGpuMs: 1000, refillGpuMsPerHour: 0, resetMs: 0 },
      maxOpenPerMember: 999,
      nowMs: 0,
    });
  }
}

type RelayDeps = Parameters<typeof createRelay>[0];
type RelayParts = Partial<Pick<RelayDeps, "leadership" | "isOpen">> & { readonly card?: RelayDeps["cards"]["job"] };

async function relayOver(
  store: Store,
  chats: Loopback | readonly Loopback[],
  clock: Clock = systemClock,
  { card, ...parts }: RelayParts = {},
) {
  const adapters = new Map([chats].flat().map((chat) => [chat.platform, chat]));
  for (const chat of adapters.values()) await chat.start([], quietEvents);
  const relay = createRelay({
    leadership: leading,
    ...parts,
    store,
    adapters,
    cards: {
      job: card ?? (async () => ({ text: verbatim("card") })),
      waited: async () => ({ text: verbatim("below") }),
      pick: async () => undefined,
      original: async () => undefined,
      decision: async () => ({ text: verbatim("line") }),
      meeting: async () => undefined,
      reminder: async () => ({ text: verbatim("soon") }),
      placeholder: () => ({ text: verbatim("placeholder") }),
      plain: async () => ({ text: verbatim("plain") }),
    },
    documents: noDocuments,
    readerLanguage: readsEnglish,
    clock,
    log: silentLog,
    outages: createOutages(silentLog, Date.now),
  });
  onTestFinished(() => relay.stop(1000));
  return relay;
}

/** The same store, and how often somebody looked what is due. */
function counting(store: Store) {
  const due = vi.fn(store.due);
  return { store: { ...store, due }, looks: () => due.mock.calls.length };
}

it("whoever has no message yet waits for no edit, however many edits hang", async () => {
  const chat = loopback({ replyTokens: false, capabilities: { postsOnce: false } });
  const over = Promise.withResolvers<void>();
  let edits = 0;
  const slow = {
    ...chat,
    async edit() {
      edits += 1;
      await over.promise;
    },
  };
  const relay = await relayOver(await owing(JOBS), slow);
  onTestFinished(() => over.resolve());
  relay.start();
  await expect.poll(() => chat.messages.size, { timeout: 5000 }).toBe(JOBS);
  // At most so many at once: each holds a picture in memory.
  expect(edits).toBe(32);
});

it("a platform that never answers holds no other up, neither what is new there nor what has changed", async () => {
  const clock = createTestClock();
  clock.freeze();
  const over = Promise.withResolvers<never>();
  const mute = {
    ...loopback({ platform: "mute", replyTokens: false }),
    post: vi.fn(() => over.promise),
    edit: vi.fn(() => over.promise),
  };
  const swift = loopback({ replyTokens: false, refusesQuickEdits: false });
  const { store, looks } = counting(await owing(0));
  await owe(store, 2 * JOBS, "mute");
  // Half of them were posted before, and show something else by now.
  for (let at = 0; at < JOBS; at += 1) {
    const place = { platform: "mute", chatId: `c${at}`, group: true };
    await store.posted({ jobId: jobIdOf(`mute:u${at}`), kind: "job" }, 0, { place, messageId: `m${at}` });
  }
  await owe(store, JOBS, "loopback");
  const relay = await relayOver(store, [mute, swift], clock);
  onTestFinished(() => over.reject(new ChatError("mute", "offline", "at last")));
  relay.start();
  await expect.poll(() => swift.messages.size, { timeout: 5000 }).toBe(JOBS);
  expect([mute.post.mock.calls.length, mute.edit.mock.calls.length]).toEqual([32, 32]);
  // Nor is it read anew for each of them what the mute one is owed.
  expect(looks()).toBeLessThan(JOBS / 4);
  await store.cancel(jobIdOf("loopback:u3"), { code: "cancelled", text: verbatim("no") }, clock.nowMs());
  const edit = vi.spyOn(swift, "edit");
  relay.kick("loopback");
  await expect.poll(() => edit.mock.calls.length).toBe(1);
});

it("leaves what is owed to a platform that is taken out, and finds it when that is back", async () => {
  const store = await owing(1);
  const chat = loopback({ replyTokens: false });
  const none = await relayOver(store, loopback({ platform: "other", replyTokens: false }));
  none.start();
  none.kick("loopback");
  await none.idle();
  expect((await store.due(0, 9, { platform: "loopback" })).map(({ failures }) => failures)).toEqual([0]);
  const back = await relayOver(store, chat);
  back.start();
  await back.idle();
  expect(chat.messages.size).toBe(1);
});

it("looks again for what it had no room for, and not after every message", async () => {
  const clock = createTestClock();
  clock.freeze();
  const { store, looks } = counting(await owing(JOBS));
  const chat = loopback({ replyTokens: false });
  const relay = await relayOver(store, chat, clock);
  // No regular look comes: the clock stands still.
  relay.start();
  await expect.poll(() => chat.messages.size, { timeout: 5000 }).toBe(JOBS);
  await relay.idle();
  expect(looks()).toBeLessThan(JOBS / 2);
  const before = looks();
  relay.kick();
  await relay.idle();
  expect(looks() - before).toBe(1);
});

it("does not look while there is no room for what it would find, and then finds it", async () => {
  const clock = createTestClock();
  clock.freeze();
  const { store, looks } = counting(await owing(JOBS));
  const chat = loopback({ replyTokens: false });
  const over = Promise.withResolvers<void>();
  let posts = 0;
  const slow: Loopback = {
    ...chat,
    async post(...what) {
      posts += 1;
      await over.promise;
      return chat.post(...what);
    },
  };
  const relay = await relayOver(store, slow, clock);
  relay.start();
  await expect.poll(() => posts).toBe(32);
  const before = looks();
  for (let kick = 0; kick < 50; kick += 1) {
    relay.kick();
    await new Promise(setImmediate);
  }
  // What has a message already still has room: that one look a kick is all.
  expect(looks() - before).toBeLessThanOrEqual(50);
  over.resolve();
  await expect.poll(() => chat.messages.size, { timeout: 5000 }).toBe(JOBS);
});

it("looks again in a crowd once many have ended, or after a moment, and not for each of them", async () => {
  const clock = createTestClock();
  clock.freeze();
  const { store, looks } = counting(await owing(JOBS));
  const chat = loopback({ replyTokens: false });
  const hanging: (() => void)[] = [];
  const slow: Loopback = {
    ...chat,
    async post(...what) {
      await new Promise<void>((resolve) => hanging.push(resolve));
      return chat.post(...what);
    },
  };
  const relay = await relayOver(store, slow, clock);
  onTestFinished(() => {
    for (const end of hanging) end();
  });
  relay.start();
  await expect.poll(() => hanging.length).toBe(32);
  let ended = 0;
  const end = async (times: number) => {
    for (let at = 0; at < times; at += 1) hanging[ended++]?.();
    await expect.poll(() => chat.messages.size).toBe(ended);
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  };
  const before = looks();
  await end(7);
  expect([looks() - before, hanging.length]).toEqual([0, 32]);
  await end(1);
  await expect.poll(() => hanging.length).toBe(40);
  await end(1);
  const between = looks();
  relay.kick();
  clock.advanceMs(49);
  await end(0);
  expect([looks() - between, hanging.length]).toEqual([0, 40]);
  clock.advanceMs(1);
  await expect.poll(() => hanging.length).toBe(41);
});

it("makes no card before its placeholder is out, however often the platform asks to wait", async () => {
  const clock = createTestClock();
  clock.freeze();
  const chat = loopback({ replyTokens: false, refusesQuickEdits: false, capabilities: { postsOnce: false } });
  const card = vi.fn(async () => ({ text: verbatim("card") }));
  const relay = await relayOver(await owing(1), chat, clock, { card });
  chat.faults.rateLimited = 3;
  const post = vi.spyOn(chat, "post");
  relay.start();
  for (let tries = 1; tries <= 3; tries += 1) {
    await relay.idle();
    expect([post.mock.calls.length, card.mock.calls.length]).toEqual([tries, 0]);
    clock.advanceMs(5000);
  }
  await relay.idle();
  expect([...chat.messages.values()].map(({ view }) => view.text)).toEqual(["card"]);
  expect(card).toHaveBeenCalledTimes(1);
});

it("looks no more once what was due is out", async () => {
  const { store, looks } = counting(await owing(1));
  const relay = await relayOver(store, loopback({ replyTokens: false }));
  relay.start();
  await relay.idle();
  expect(looks()).toBe(1);
});

it("does not post again what was noted while the store was being asked what is due", async () => {
  const chat = loopback({ replyTokens: false, capabilities: { postsOnce: false } });
  const { post } = chat;
  const looked = Promise.withResolvers<void>();
  const noted = Promise.withResolvers<void>();
  const posts = vi.spyOn(chat, "post").mockImplementation(async (...asked) => {
    relay.kick();
    await looked.promise;
    return post(...asked);
  });
  const store = await owing(1);
  let looks = 0;
  const relay = await relayOver(
    {
      ...store,
      async due(...asked) {
        const due = await store.due(...asked);
        looks += 1;
        if (looks !== 2) return due;
        // What it saw is on its way while the post is noted.
        looked.resolve();
        await noted.promise;
        await new Promise(setImmediate);
        return due;
      },
      async posted(...note) {
        await store.posted(...note);
        noted.resolve();
      },
    },
    chat,
  );
  relay.start();
  await noted.promise;
  await relay.idle();
  expect([posts.mock.calls.length, [...chat.messages.values()].map(({ view }) => view.text)]).toEqual([1, ["card"]]);
});

it("an edit that waited for the post keeps its distance from it, where the post was the whole card", async () => {
  const clock = createTestClock();
  clock.freeze();
  const chat = loopback({ replyTokens: false, refusesQuickEdits: false, capabilities: { editMinIntervalMs: 5000 } });
  const edit = vi.spyOn(chat, "edit");
  const { post } = chat;
  vi.spyOn(chat, "post").mockImplementation(async (...asked) => {
    relay.refreshSoon(jobIdOf("loopback:u0"));
    clock.advanceMs(1);
    return post(...asked);
  });
  const relay = await relayOver(await owing(1), chat, clock);
  relay.start();
  await relay.idle();
  expect([chat.messages.size, edit.mock.calls.length]).toEqual([1, 0]);
  clock.advanceMs(4998);
  await relay.idle();
  expect(edit).not.toHaveBeenCalled();
  clock.advanceMs(2);
  await relay.idle();
  expect(edit).toHaveBeenCalledOnce();
});

/** A relay that has posted its placeholders, and then another process leads. */
async function deposed(jobs: number, stop: (depose: () => void, chat: Loopback) => void) {
  const clock = createTestClock();
  clock.freeze();
  const chat = loopback({ replyTokens: false, refusesQuickEdits: false, capabilities: { postsOnce: false } });
  const store = await owing(jobs);
  let isDeposed = false;
  const relay = await relayOver(store, chat, clock, {
    leadership: { ...leading, leads: () => !isDeposed },
  });
  relay.start();
  await expect.poll(() => chat.messages.size, { timeout: 5000 }).toBe(jobs);
  await relay.idle();
  stop(() => {
    isDeposed = true;
    // As long as edits keep their distance.
    clock.advanceMs(6000);
  }, chat);
  const post = vi.spyOn(chat, "post");
  await store.cancel(jobIdOf("loopback:u0"), { code: "cancelled", text: verbatim("no") }, clock.nowMs());
  relay.kick();
  for (let at = 0; at < jobs; at += 1) relay.refreshSoon(jobIdOf(`loopback:u${at}`));
  clock.advanceMs(1);
  await relay.idle();
  return { posts: post.mock.calls.length, owed: await store.due(clock.nowMs(), jobs, { platform: "loopback" }) };
}

it("shows nothing any more once another process leads, neither how it goes on nor how it ended", async () => {
  let edit: ReturnType<typeof vi.spyOn> | undefined;
  const { posts, owed } = await deposed(3, (depose, chat) => {
    depose();
    edit = vi.spyOn(chat, "edit");
  });
  expect(posts).toBe(0);
  expect(edit).not.toHaveBeenCalled();
  expect(owed).toHaveLength(1);
});

it("asks again before it posts in place of a message that is gone", async () => {
  const { posts, owed } = await deposed(1, (depose, chat) => {
    vi.spyOn(chat, "edit").mockImplementation(async () => {
      depose();
      throw new ChatError("loopback", "gone", "no such message");
    });
  });
  expect(posts).toBe(0);
  expect(owed).toHaveLength(1);
});

it("sends nothing under a later reign that was read under an earlier one: in between another may have sent it", async () => {
  const store = await owing(1);
  const chat = loopback({ replyTokens: false, capabilities: { postsOnce: false } });
  let fence = 1;
  const read = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const held: Store = {
    ...store,
    async job(jobId) {
      const job = await store.job(jobId);
      read.resolve();
      await goOn.promise;
      return job;
    },
    // Whoever leads in the store is not what this is about.
    posted: ({ reign: _reign, ...key }, ...rest) => store.posted(key, ...rest),
  };
  const relay = await relayOver(held, chat, systemClock, {
    leadership: { ...leading, reign: () => ({ name: "leader", fence }) },
  });
  relay.start();
  await read.promise;
  fence = 3;
  const post = vi.spyOn(chat, "post");
  goOn.resolve();
  await relay.idle();
  expect(post).not.toHaveBeenCalled();
  // Still owed: under the reign of now it is sent.
  relay.kick();
  await expect.poll(() => chat.messages.size, { timeout: 5000 }).toBe(1);
});

it("keeps what is owed where a platform is only being started, without a failure, and sends it as soon as it is there", async () => {
  const store = await owing(1);
  const chat = loopback({ replyTokens: false });
  let open = false;
  const relay = await relayOver(store, chat, systemClock, { isOpen: () => open });
  relay.start();
  await relay.idle();
  expect(chat.messages.size).toBe(0);
  expect((await store.due(0, 9, { platform: "loopback" })).map(({ failures }) => failures)).toEqual([0]);
  open = true;
  relay.kick();
  await expect.poll(() => chat.messages.size, { timeout: 5000 }).toBe(1);
});

it("does not read again and again what is owed to a platform that is being started", async () => {
  const { store, looks } = counting(await owing(3 * JOBS));
  const chat = loopback({ replyTokens: false });
  let open = false;
  const relay = await relayOver(store, chat, systemClock, { isOpen: () => open });
  relay.start();
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(looks()).toBeLessThan(5);
  open = true;
  relay.kick();
  await expect.poll(() => chat.messages.size, { timeout: 5000 }).toBe(3 * JOBS);
});

it("stops at the first thing that is not noted because another leads, instead of sending it again and again", async () => {
  const store = await owing(1);
  const chat = loopback({ replyTokens: false, capabilities: { postsOnce: false } });
  let leads = true;
  const told: string[] = [];
  const relay = await relayOver(store, chat, systemClock, {
    leadership: {
      leads: () => leads,
      // Which the store knows nothing of.
      reign: () => ({ name: "leader", fence: 7 }),
      deposed() {
        told.push("deposed");
        leads = false;
      },
    },
  });
  relay.start();
  await expect.poll(() => told).toEqual(["deposed"]);
  relay.kick();
  await relay.idle();
  expect(chat.messages.size).toBe(1);
});

it("stopped while it asks what is due, it begins nothing of the answer", async () => {
  const store = await owing(3);
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  const due: Store["due"] = async (...of) => {
    asked.resolve();
    await answer.promise;
    return store.due(...of);
  };
  const chat = loopback({ replyTokens: false });
  const relay = await relayOver({ ...store, due }, chat);
  relay.start();
  await asked.promise;
  await relay.stop(1000);
  answer.resolve();
  await relay.idle();
  expect(chat.messages.size).toBe(0);
});
