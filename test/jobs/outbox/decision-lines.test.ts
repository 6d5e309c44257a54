import { describe, expect, it, onTestFinished } from "vitest";
import { loopback } from "../../../adapters/loopback.ts";
import { type Decision, PROPOSAL_OPTIONS } from "../../../src/domain/decision.ts";
import { decisionIdOf } from "../../../src/domain/ids.ts";
import { verbatim } from "../../../src/domain/text.ts";
import { createOutages } from "../../../src/jobs/outbox/outages.ts";
import { createRelay } from "../../../src/jobs/outbox/relay.ts";
import { systemClock } from "../../../src/lib/clock.ts";
import { ChatError } from "../../../src/ports/chat.ts";
import { openSqliteStore } from "../../../src/stores/sqlite.ts";
import { leading } from "../../fakes/leading.ts";
import { recordedLog } from "../../fakes/module-services.ts";
import { noDocuments } from "../../fakes/no-documents.ts";
import { quietEvents } from "../../fakes/quiet-events.ts";
import { readsEnglish } from "../../fakes/reader-language.ts";
import { rerollVote } from "../../fakes/reroll-vote.ts";

const ID = decisionIdOf("loopback:o1");
const HOUR_MS = 3_600_000;
const place = { platform: "loopback", chatId: "c1", group: true };
const by = { id: "loopback:ann", name: "ann" };

/** A relay over a real store and a strict platform, and a proposal that is open for four hours. */
async function proposed(postsOnce: boolean) {
  const store = await openSqliteStore({ file: ":memory:", exclusive: false });
  const startMs = Date.now();
  const clock = { aheadMs: 0 };
  const nowMs = () => startMs + clock.aheadMs;
  const chat = loopback({ capabilities: { postsOnce }, nowMs });
  await chat.start([], quietEvents);
  const { log, logged } = recordedLog();
  const said = (word: string) => async (decision: Decision) => ({
    text: verbatim(`${word} ${decision.state} ${decision.votes.length}`),
    buttons: [[{ label: verbatim("Agree"), token: "t" }]],
  });
  const gone = async () => {
    throw new Error("no job is here");
  };
  const newRelay = () => {
    const relay = createRelay({
      leadership: leading,
      store,
      adapters: new Map([["loopback", chat]]),
      cards: {
        job: gone,
        waited: gone,
        pick: gone,
        original: gone,
        placeholder: () => ({ text: verbatim("no job") }),
        plain: gone,
        decision: said("line"),
        meeting: async () => undefined,
        reminder: said("reminder"),
      },
      documents: noDocuments,
      readerLanguage: readsEnglish,
      clock: { ...systemClock, nowMs },
      log,
      outages: createOutages(log, nowMs),
    });
    onTestFinished(() => relay.stop(100));
    relay.start();
    return relay;
  };
  const { state: _open, votes: _none, subjectJobId: _noJob, ...opened } = rerollVote([]);
  const decision = {
    ...opened,
    decisionId: ID,
    kind: "proposal" as const,
    place,
    options: PROPOSAL_OPTIONS.map((id) => ({ id })),
    rule: { ...opened.rule, method: "proposal" as const, needed: 1, spends: false as const },
    openedAtMs: startMs,
    closesAtMs: startMs + 4 * HOUR_MS,
  };
  await store.openDecision({ updateId: "loopback:o1", decision, nowMs: startMs });
  let updates = 0;
  return {
    store,
    chat,
    clock,
    logged,
    newRelay,
    nowMs,
    texts: () => [...chat.messages.values()].map((message) => message.view.text),
    press: (name: string, optionId = "agree") =>
      store.vote({
        updateId: `loopback:v${updates++}`,
        on: { decisionId: ID },
        member: { memberId: `loopback:${name}`, name },
        choice: { how: "toggle", optionId },
        allowance: { capacityGpuMs: 1, refillGpuMsPerHour: 0, resetMs: 0 },
        nowMs: nowMs(),
      }),
    close: () => store.closeDecision({ updateId: "loopback:c", decisionId: ID, by, nowMs: nowMs() }),
  };
}

describe("the line of a decision", () => {
  it.each([true, false])("is one message from its opening to its outcome (posts once: %s)", async (postsOnce) => {
    const { chat, newRelay, texts, press, close } = await proposed(postsOnce);
    const relay = newRelay();
    await relay.idle();
    expect(texts()).toEqual(["line open 0"]);
    for (const name of ["ben", "cy"]) await press(name);
    relay.kick();
    await chat.waitFor(() => texts().includes("line open 2"));
    await close();
    relay.kick();
    await chat.waitFor(() => texts().includes("line passed 2"));
    expect(texts()).toEqual(["line passed 2"]);
    expect([...chat.messages.values()][0]?.view.buttons).toBeDefined();
  });

  it("is found again where the process died between posting and noting it", async () => {
    const { chat, newRelay, texts, press } = await proposed(true);
    await chat.post({ place, memberId: by.id }, { text: "line open 0" }, { nonce: `d.${ID}`, visibility: "public" });
    await press("ben");
    const relay = newRelay();
    await relay.idle();
    expect(texts()).toEqual(["line open 1"]);
  });

  it("is posted first in words alone where a post cannot be known again: a second one would stay behind with its buttons", async () => {
    const { chat, newRelay, texts, press, close } = await proposed(false);
    const posted: { readonly text: string; readonly hasButtons: boolean }[] = [];
    const { post } = chat;
    chat.post = (target, view, options) => {
      posted.push({ text: view.text, hasButtons: view.buttons !== undefined });
      return post(target, view, options);
    };
    await press("ben");
    await close();
    await newRelay().idle();
    // It is over already: its outcome is what it is edited into.
    expect(posted).toEqual([{ text: "line open 1", hasButtons: false }]);
    expect(texts()).toEqual(["line passed 1"]);
  });

  it("comes back once where a member deleted it, with what it says now; deleted again it stays away", async () => {
    const { store, chat, newRelay, texts, press } = await proposed(true);
    const relay = newRelay();
    await relay.idle();
    chat.deleteMessage("m1");
    await press("ben");
    relay.kick();
    await chat.waitFor(() => texts().includes("line open 1"));
    for (const name of ["cy", "di"]) {
      chat.deleteMessage([...chat.messages.keys()].at(-1)!);
      await press(name);
      relay.kick();
      await relay.idle();
    }
    expect(await store.due(Number.MAX_SAFE_INTEGER, 9, { platform: "loopback" })).toEqual([]);
    expect(texts().length).toBeLessThanOrEqual(1);
  });

  it("is let go, quietly, in a chat that the bot was removed from", async () => {
    const { store, chat, logged, newRelay, press } = await proposed(true);
    chat.post = async () => {
      throw new ChatError("loopback", "gone", "not a member");
    };
    await newRelay().idle();
    expect(await store.due(Number.MAX_SAFE_INTEGER, 9, { platform: "loopback" })).toEqual([]);
    expect((await press("ben")).status).toBe("counted");
    expect(logged.filter((line) => line.includes('"outbox.')).length).toBe(0);
  });
});

describe("a reminder", () => {
  it("is one message beside the line, and says so when it is over", async () => {
    const { store, chat, clock, nowMs, newRelay, texts, close } = await proposed(true);
    const relay = newRelay();
    await relay.idle();
    clock.aheadMs = 3 * HOUR_MS;
    expect(await store.remind(nowMs())).toBe(1);
    relay.kick();
    await chat.waitFor(() => texts().length === 2);
    expect(texts()).toEqual(["line open 0", "reminder open 0"]);
    await close();
    relay.kick();
    await chat.waitFor(() => texts().every((text) => text.includes("closed")));
    expect(texts()).toEqual(["line closed 0", "reminder closed 0"]);
  });

  it("is not sent where it was over before", async () => {
    const { store, clock, nowMs, newRelay, texts, close } = await proposed(true);
    clock.aheadMs = 3 * HOUR_MS;
    await store.remind(nowMs());
    await close();
    const relay = newRelay();
    await relay.idle();
    expect(texts()).toEqual(["line closed 0"]);
    expect(await store.due(Number.MAX_SAFE_INTEGER, 9, { platform: "loopback" })).toEqual([]);
  });
});
