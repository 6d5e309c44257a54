import { describe, expect, test } from "vitest";
import { WORDLESS } from "../../../src/domain/forgetting.ts";
import { meetingIdOf } from "../../../src/domain/ids.ts";
import type { LetteringLayer } from "../../../src/domain/lettering.ts";
import { potIdOf } from "../../../src/domain/pot.ts";
import type { ForgettableFiles } from "../../../src/ports/forgetting.ts";
import type { Store } from "../../../src/ports/store.ts";
import { ask as askDocument } from "./documents.ts";
import {
  accept,
  allowance,
  ballotOn,
  CHAT,
  claimed,
  finish,
  HOUR_MS,
  idOf,
  type OpenStore,
  PLENTY,
  picturesFor,
  STOPPED,
  sampleOrder,
  shown,
  T0,
  voteInput,
} from "./inputs.ts";
import { startInput } from "./meetings.ts";
import { heldJob, ruleBy } from "./moderation.ts";
import { opened } from "./opened.ts";
import { linked } from "./persons.ts";
import { give } from "./pots.ts";

const ANA = "web:ana";
const PHONE = "telegram:7";
const BEN = { id: "web:ben", name: "ben" };
const PDF = { name: "a.pdf", mime: "application/pdf", sizeBytes: 1, pictures: 1, gone: 0 };

const saying = (prompt: string) => {
  const { request, ...order } = sampleOrder();
  return { ...order, request: { ...request, prompt, finalPrompt: prompt } };
};
const pictured = (store: Store, name: string, prompt: string, over: Parameters<typeof accept>[2] = {}) =>
  shown(store, name, { ...over, job: { order: saying(prompt), ...over.job } });

async function forgotten(store: Store, memberId = ANA): Promise<ForgettableFiles> {
  const { plan } = await store.beginForgetting({ memberId, name: "ana", problem: STOPPED, nowMs: T0 });
  const files = await store.forgettableFiles(plan);
  if (files === "busy") throw new Error("something is being made");
  await store.forgetRows(plan, T0);
  // A crash in the middle: all of it comes once more.
  await store.forgetRows(plan, T0);
  await store.endForgetting(plan.forgettingId);
  return files;
}

/** Being forgotten. */
export function forgettingContract(open: OpenStore): void {
  describe("being forgotten", () => {
    test("their own pictures go; the group's stay, nameless, with their words where somebody else wanted or said them", async () => {
      const store = await opened(open);
      const own = { voterNames: ["ana"], voterIds: [ANA] };
      await pictured(store, "goes", "only mine");
      await pictured(store, "voted", "both of us", {
        job: { voterNames: ["ana", "ben"], voterIds: [ANA, "web:ben"] },
      });
      await pictured(store, "silent", "nobody else said this", { job: own });
      await pictured(store, "typed", "march at noon", { job: own });
      await pictured(store, "hers", "march at noon", { job: { memberId: "web:ben" } });
      expect(await store.heldOf(ANA)).toMatchObject({ pictures: 1, staying: 3, messages: 1, backends: ["fake"] });

      const files = await forgotten(store);
      expect(files.imageIds).toEqual([`${idOf("goes")}.0`]);
      expect(files.wordless.map(({ imageId }) => imageId)).toEqual([`${idOf("silent")}.0`]);
      expect(files.words).toEqual(["nobody else said this", "only mine"]);
      const promptOf = async (name: string) => (await store.job(idOf(name)))?.order.request.prompt;
      expect(await promptOf("goes")).toBe(WORDLESS);
      expect(await promptOf("silent")).toBe(WORDLESS);
      expect(await promptOf("voted")).toBe("both of us");
      expect(await promptOf("typed")).toBe("march at noon");
      expect(await promptOf("hers")).toBe("march at noon");
      expect((await store.history({ chatKey: "web:room", limit: 9 })).map(({ jobId }) => jobId)).not.toContain(
        idOf("goes"),
      );
      for (const name of ["goes", "voted", "silent", "typed"]) {
        const all = JSON.stringify([await store.job(idOf(name)), await store.picturesOf(idOf(name))]);
        expect(all).not.toContain(ANA);
        expect(all).not.toContain('"ana"');
      }
      expect((await store.job(idOf("voted")))?.voterNames).toEqual(["?", "ben"]);
      // Each message says something new.
      expect((await store.due(T0, 9, { platform: "web" })).length).toBe(4);
      expect(await store.heldOf(ANA)).toMatchObject({ pictures: 0, staying: 0, votes: 0 });
    });

    test("what waits for a moderator goes as well, and comes back by no press; what was flagged stays covered", async () => {
      const store = await opened(open);
      const { jobId } = await heldJob(store, "held");
      const verdict = { kind: "flagged", label: "nudity", score: 0.9, weight: "spoiler" } as const;
      await accept(store, "silent", { job: { order: saying("nobody else"), voterNames: ["ana"], voterIds: [ANA] } });
      const job = await claimed(store);
      await finish(store, job, { pictures: picturesFor(job).map((each) => ({ ...each, verdict })) });
      await forgotten(store);
      expect(await store.heldIn("web:room", 9)).toEqual([]);
      expect(await ruleBy(store, jobId, "ben", "approved")).toBeUndefined();
      expect(await store.forget({ deletedBeforeMs: T0 + 24 * HOUR_MS, chats: [] }, 9)).toEqual([`${jobId}.0`]);
      expect((await store.picturesOf(job.jobId)).map((each) => each.verdict)).toEqual([verdict]);
    });

    test("their votes count on without a name, gifts and what was paid stay as sums; links, documents and chairs are nobody's", async () => {
      const store = await opened(open);
      await linked(store, ANA, PHONE);
      await shown(store, "a", { job: { memberId: "web:ben" } });
      await store.vote(voteInput(idOf("a"), "ana", "u1"));
      await store.vote(voteInput(idOf("a"), "ben", "u2"));
      await give(store, "u3", "ana", 40);
      await askDocument(store, "deck");
      await store.startMeeting(startInput("start"));
      const spent = await store.spendWindow("web:room", T0);
      await forgotten(store, PHONE);

      const ballot = await ballotOn(store, idOf("a"));
      expect(ballot?.votes.map(({ name }) => name)).toEqual(["?", "ben"]);
      expect(ballot?.openedBy).toEqual({ id: expect.stringMatching(/^gone:/), name: "?" });
      expect(await store.pot("web:room", T0)).toMatchObject({ balanceGpuMs: 40, givers: [{ name: "?", gpuMs: 40 }] });
      expect(await store.spendWindow("web:room", T0)).toEqual(spent);
      expect(await store.accountsOf(PHONE)).toEqual([PHONE]);
      expect(await store.openDocuments(9)).toEqual([]);
      const meeting = await store.meetingIn("web:room");
      expect(meeting?.chair).toEqual({ id: expect.stringMatching(/^gone:/), name: "?" });
      expect(await store.account(potIdOf("web:room"), allowance(1), T0)).toMatchObject({ heldGpuMs: 0 });
      expect(await store.forgettings()).toEqual([]);
    });

    test("whoever is blocked stays blocked, and nobody can read whom it was", async () => {
      const store = await opened(open);
      const by = { id: "web:root", name: "root" };
      const entry = { scope: "web:room", member: { id: ANA, name: "ana" }, by, sinceMs: T0 };
      await store.block(entry, STOPPED);
      await forgotten(store);
      expect(await store.blockOf(ANA, "web:room", T0)).toMatchObject({ member: { name: "?" } });
      expect(await store.blockOf("web:ben", "web:room", T0)).toBeUndefined();
      const [listed] = await store.blocks("web:room", T0, 9);
      expect(JSON.stringify(listed)).not.toContain("ana");
      await store.unblock(listed?.number ?? 0);
      expect(await store.blockOf(ANA, "web:room", T0)).toBeUndefined();
    });

    test("what they were called before goes as well, wherever their account says that it was they", async () => {
      const store = await opened(open);
      const was = { id: ANA, name: "Ana the former" };
      await store.startMeeting(startInput("start", { startedBy: was }));
      const { jobId } = await heldJob(store, "hers", { job: { memberId: "web:ben" } });
      const by = { by: was, nowMs: T0 };
      await store.decideHeld({ jobId, state: "refused", reason: "for Ana the former", ...by });
      await store.vote({ ...voteInput(idOf("hers"), "ana", "u1"), member: { memberId: ANA, name: "Ana as a voter" } });
      await forgotten(store);
      const left = [await store.meetingIn("web:room"), await store.moderationSteps("web:room", 9)];
      expect(JSON.stringify([...left, await ballotOn(store, idOf("hers"))])).not.toMatch(/Ana/);
      expect((await store.moderationSteps("web:room", 9)).map(({ byName }) => byName)).toContain("?");
    });

    test("files that others had made go wherever they may be in one: where they only voted, or were in a meeting", async () => {
      const store = await opened(open);
      const at = (chatId: string) => ({ place: { ...CHAT, chatId } });
      const file = async (name: string, chatId: string) => {
        await askDocument(store, name, { askedBy: BEN, target: { ...at(chatId), memberId: BEN.id, replyToken: "t" } });
        const { documentId = "", attempt = 0 } = (await store.claimDocument(T0, 9)) ?? {};
        await store.finishDocument(documentId, attempt, PDF, T0);
        return documentId;
      };
      await shown(store, "a", { job: { memberId: "web:ben" } });
      await store.vote(voteInput(idOf("a"), "ana", "u1"));
      await store.startMeeting(startInput("start", { ...at("hall"), startedBy: { id: "web:ben", name: "ben" } }));
      await store.attend(meetingIdOf("start"), { id: ANA, name: "ana" });
      const [voted, met, elsewhere] = [
        await file("one", "room"),
        await file("two", "hall"),
        await file("three", "den"),
      ];
      await askDocument(store, "four", { askedBy: BEN, target: { ...at("room"), memberId: BEN.id, replyToken: "t" } });
      const making = await store.claimDocument(T0, 9);
      const { documentIds } = await forgotten(store);
      expect([...documentIds].toSorted()).toEqual([voted, met, making?.documentId].toSorted());
      // It has read names that are not there any more.
      expect(await store.finishDocument(making?.documentId ?? "", 1, PDF, T0)).toBe(false);
      expect(await store.claimDocument(T0, 9)).toMatchObject({ documentId: making?.documentId, attempt: 2 });
      const isGone = async (id: string) => (await store.document(id))?.forgotten === true;
      expect([await isGone(voted), await isGone(met), await isGone(elsewhere)]).toEqual([true, true, false]);
    });

    test("what counts for an address counts on, for a day: nobody spends without end by being forgotten", async () => {
      const store = await opened(open);
      await shown(store, "a", { addressCeiling: { addressKey: "here", capGpuMs: 50 } });
      const spent = await store.addressWindow("here", T0 + 1);
      expect(spent.usedGpuMs).toBeGreaterThan(0);
      await forgotten(store);
      expect(await store.addressWindow("here", T0 + 1)).toEqual(spent);
      expect(await store.sweepAddresses(T0 + 23 * HOUR_MS)).toBe(0);
      expect(await store.sweepAddresses(T0 + 25 * HOUR_MS)).toBe(1);
      expect(await store.addressWindow("here", T0 + 1)).toEqual({ heldGpuMs: 0, usedGpuMs: 0 });
    });

    test("what they order in that very moment is theirs still, and goes as well", async () => {
      const store = await opened(open);
      await pictured(store, "a", "only mine");
      const { plan } = await store.beginForgetting({ memberId: ANA, name: "ana", problem: STOPPED, nowMs: T0 });
      const begun = store.forgetRows(plan, T0).catch(() => undefined);
      await accept(store, "late", { job: { order: saying("late words") } });
      await begun;
      await finish(store, await claimed(store));
      await store.forgetRows(plan, T0);
      const left = [await store.job(idOf("late")), await store.picturesOf(idOf("late"))];
      expect(JSON.stringify(left)).not.toMatch(/late words|ana"/);
    });

    test("files of which no row tells go as well: of what failed or was cancelled in the middle", async () => {
      const store = await opened(open);
      await accept(store, "broke", { job: { order: { ...saying("a fox"), count: 2 } } });
      const job = await claimed(store);
      await store.fail(job.jobId, job.attempt, STOPPED, T0);
      expect((await forgotten(store)).imageIds).toEqual([`${job.jobId}.0`, `${job.jobId}.1`]);
    });

    test("what waited for a moderator is nobody's to let through any more, and its row goes", async () => {
      const store = await opened(open);
      const { jobId } = await heldJob(store, "a");
      await forgotten(store);
      expect(await store.heldIn("web:room", 9)).toEqual([]);
      expect(await ruleBy(store, jobId, "ben", "approved")).toBeUndefined();
      // Its message is still owed: it says what became of it, and a day later nobody waits for that.
      expect(await store.forget({ deletedBeforeMs: T0 + 1_000_000, chats: [] }, 9)).toEqual([]);
      expect(await store.forget({ deletedBeforeMs: T0 + 25 * HOUR_MS, chats: [] }, 9)).toHaveLength(1);
    });

    test("words that were set over a picture are looked for like those that were typed for it", async () => {
      const store = await opened(open);
      const { request, ...order } = saying("a fox");
      const lettering: LetteringLayer = {
        lettering: 1,
        words: [{ text: "rise", level: "title" }],
        place: "auto",
        link: "https://fox.example",
      };
      await shown(store, "a", { job: { order: { ...order, request: { ...request, lettering } } } });
      expect((await forgotten(store)).words).toEqual(["https://fox.example", "a fox", "rise"]);
    });

    test("whoever is called the same keeps their name", async () => {
      const store = await opened(open);
      const namesake = { memberId: "web:other", memberName: "ana" };
      await shown(store, "own");
      await shown(store, "hers", { job: namesake });
      await store.vote(voteInput(idOf("hers"), "ana", "u1"));
      await store.vote({ ...voteInput(idOf("hers"), "other", "u2"), member: { memberId: "web:other", name: "ana" } });
      await give(store, "u3", "other", 4, { member: { memberId: "web:other", name: "ana" } });
      await forgotten(store);
      expect((await store.job(idOf("hers")))?.memberName).toBe("ana");
      expect((await store.picture(`${idOf("hers")}.0`))?.memberName).toBe("ana");
      expect((await ballotOn(store, idOf("hers")))?.votes.map(({ name }) => name)).toEqual(["?", "ana"]);
      expect((await store.pot("web:room", T0)).givers).toEqual([{ name: "ana", gpuMs: 4 }]);
    });

    test("what waits is cancelled, what is being made is waited for, and asking twice is one plan", async () => {
      const store = await opened(open);
      await accept(store, "runs", { allowance: PLENTY });
      await accept(store, "waits", { allowance: PLENTY });
      const job = await claimed(store);
      const asked = { memberId: ANA, name: "ana", problem: STOPPED, nowMs: T0 };
      const first = await store.beginForgetting(asked);
      expect(first.runningJobIds).toEqual([job.jobId]);
      expect((await store.job(idOf("waits")))?.state).toBe("cancelled");
      expect(await store.forgettableFiles(first.plan)).toBe("busy");
      expect((await store.beginForgetting(asked)).plan).toEqual(first.plan);
      expect(await store.forgettings()).toEqual([first.plan]);
      await finish(store, job);
      const { imageIds } = (await store.forgettableFiles(first.plan)) as ForgettableFiles;
      expect([...imageIds].toSorted()).toEqual([`${idOf("runs")}.0`, `${idOf("waits")}.0`]);
    });
  });
}
