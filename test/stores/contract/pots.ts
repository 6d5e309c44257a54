import { describe, expect, test } from "vitest";
import { potIdOf } from "../../../src/domain/pot.ts";
import type { VoteInput } from "../../../src/ports/decisions.ts";
import type { GiveInput } from "../../../src/ports/pots.ts";
import type { Store } from "../../../src/ports/store.ts";
import {
  accept,
  allowance,
  balanceOf,
  claimed,
  finish,
  HOUR_MS,
  idOf,
  type OpenStore,
  PLENTY,
  STOPPED,
  sampleJob,
  shown,
  T0,
  voteInput,
} from "./inputs.ts";
import { opened } from "./opened.ts";
import { linked } from "./persons.ts";

const LIMIT = allowance(100);
const HERE = "web:room";
const POT = potIdOf(HERE);

export const give = (store: Store, updateId: string, name: string, gpuMs: number, over: Partial<GiveInput> = {}) =>
  store.give({
    updateId,
    settingsKey: HERE,
    member: { memberId: `web:${name}`, name },
    gpuMs,
    allowance: LIMIT,
    dayCapGpuMs: 100,
    nowMs: T0,
    ...over,
  });
const whenPassed =
  (by: { readonly paidBy?: "pot"; readonly fromPot?: true }): NonNullable<VoteInput["whenPassed"]> =>
  (voters) => ({
    job: sampleJob("voted", {
      memberId: voters.at(-1)?.memberId ?? "",
      voterNames: voters.map(({ name }) => name),
      voterIds: voters.map(({ memberId }) => memberId),
    }),
    ...by,
  });
const potOf = async (store: Store, key = HERE) => (await store.pot(key, T0)).balanceGpuMs;

/** What members gave pays as a member does: held, settled, refunded. */
export function potContract(open: OpenStore): void {
  describe("pots", () => {
    test("a pot is empty until somebody gives; what is given is gone, and never more than one has", async () => {
      const store = await opened(open);
      expect(await store.pot(HERE, T0)).toEqual({ balanceGpuMs: 0, heldGpuMs: 0, givers: [], recent: [] });
      expect(await give(store, "1", "ana", 30)).toEqual({ status: "given", potGpuMs: 30, leftGpuMs: 70 });
      expect(await give(store, "1", "ana", 30)).toEqual({ status: "known" });
      expect(await give(store, "2", "ana", 71)).toEqual({ status: "short", leftGpuMs: 70 });
      expect(await give(store, "2", "ana", 71)).toEqual({ status: "known" });
      expect(await give(store, "3", "ben", 50)).toMatchObject({ status: "given", potGpuMs: 80 });
      expect(await balanceOf(store, "web:ana", LIMIT)).toBe(70);
      expect(await potOf(store)).toBe(80);
      expect((await store.pot(HERE, T0)).givers).toEqual([
        { name: "ben", gpuMs: 50 },
        { name: "ana", gpuMs: 30 },
      ]);
      expect(await potOf(store, "web:hall")).toBe(0);
      expect(await store.giftsOf("web:ana", T0)).toEqual([{ gpuMs: 30, atMs: T0 }]);
    });

    test("so much a day and no more, whatever the allowance, by whichever account and into whichever pot", async () => {
      const store = await opened(open);
      const rich = { allowance: allowance(1_000) };
      await linked(store, "web:ana", "telegram:7", rich.allowance);
      expect(await give(store, "1", "ana", 60, rich)).toMatchObject({ status: "given" });
      const phone = { ...rich, member: { memberId: "telegram:7", name: "Ana" }, settingsKey: "web:hall" };
      expect(await give(store, "2", "", 41, phone)).toEqual({ status: "day_full", leftGpuMs: 40 });
      expect(await give(store, "3", "", 40, phone)).toMatchObject({ status: "given" });
      expect(await give(store, "4", "ana", 1, { ...rich, nowMs: T0 + 24 * HOUR_MS - 1 })).toMatchObject({
        status: "day_full",
      });
      expect(await give(store, "5", "ana", 1, { ...rich, nowMs: T0 + 24 * HOUR_MS })).toMatchObject({
        status: "given",
      });
      expect((await store.pot(HERE, T0)).givers).toEqual([{ name: "ana", gpuMs: 61 }]);
    });

    test("it pays alone: held, settled, refunded; nothing fills it, and it says for whom it has not enough", async () => {
      const store = await opened(open);
      await give(store, "1", "ana", 50);
      const shares = [{ memberId: POT, gpuMs: 40 }];
      const job = { memberId: "web:ben", estimateGpuMs: 40 };
      expect(await accept(store, "a", { allowance: LIMIT, job, shares })).toMatchObject({ status: "accepted" });
      expect(await store.pot(HERE, T0)).toMatchObject({ balanceGpuMs: 10, heldGpuMs: 40 });
      expect(await accept(store, "b", { allowance: LIMIT, job, shares })).toEqual({
        status: "refused",
        why: { code: "pot_short", neededGpuMs: 40, leftGpuMs: 10 },
      });
      const running = await claimed(store);
      await finish(store, running, { usedGpuMs: 15 });
      expect(await store.pot(HERE, T0 + 99 * HOUR_MS)).toMatchObject({
        balanceGpuMs: 35,
        heldGpuMs: 0,
        recent: [{ jobId: idOf("a"), usedGpuMs: 15 }],
      });
      expect((await store.job(idOf("a")))?.outcome?.receipts).toEqual([{ by: "pot", gpuMs: 15 }]);
      await accept(store, "c", {
        allowance: LIMIT,
        job: { ...job, estimateGpuMs: 30 },
        shares: [{ memberId: POT, gpuMs: 30 }],
      });
      await store.cancel(idOf("c"), STOPPED, T0);
      expect(await potOf(store)).toBe(35);
      expect(await balanceOf(store, "web:ben", LIMIT)).toBe(100);
      expect(await store.spendWindow(HERE, T0)).toEqual({ heldGpuMs: 0, usedGpuMs: 15 });
    });

    test("beside members it bears as many equal parts as it was held for, and the card says who paid what", async () => {
      const store = await opened(open);
      await give(store, "1", "ana", 50);
      const shares = [
        { memberId: "web:ben", name: "ben", gpuMs: 4 },
        { memberId: POT, gpuMs: 7, parts: 2 },
      ];
      await accept(store, "a", { allowance: LIMIT, job: { memberId: "web:ben", estimateGpuMs: 11 }, shares });
      expect(await store.holdMore(idOf("a"), 20, undefined, T0)).toBe("held");
      expect([await balanceOf(store, "web:ben", LIMIT), await potOf(store)]).toEqual([93, 37]);
      await finish(store, await claimed(store), { usedGpuMs: 31 });
      expect([await balanceOf(store, "web:ben", LIMIT), await potOf(store)]).toEqual([89, 30]);
      expect((await store.job(idOf("a")))?.outcome?.receipts).toEqual([
        { by: "member", name: "ben", gpuMs: 11 },
        { by: "pot", gpuMs: 20 },
      ]);
    });

    test("a vote is paid in equal parts; whoever has not enough votes all the same where the pot bears their part", async () => {
      const store = await opened(open);
      const { jobId } = await shown(store, "a", { job: { memberId: "web:zoe" } });
      const press = (name: string, of = LIMIT) =>
        store.vote(voteInput(jobId, name, name, { allowance: of, whenPassed: whenPassed({ fromPot: true }) }));
      await press("ben", allowance(3));
      await press("cy");
      await give(store, "1", "ana", 3);
      expect(await press("di", allowance(2))).toMatchObject({ status: "unpaid", names: ["ben", "di"] });
      await give(store, "2", "ana", 20);
      await store.vote(
        voteInput(jobId, "ben", "again", { allowance: allowance(3), whenPassed: whenPassed({ fromPot: true }) }),
      );
      const passed = await press("eve", allowance(2));
      expect(passed).toMatchObject({
        status: "passed",
        borneNames: ["eve"],
        job: { voterNames: ["cy", "ben", "eve"] },
      });
      const left = async () => [
        await balanceOf(store, "web:cy", LIMIT),
        await balanceOf(store, "web:ben", allowance(3)),
        await balanceOf(store, "web:eve", allowance(2)),
        await potOf(store),
      ];
      expect(await left()).toEqual([96, 0, 2, 20]);
      await finish(store, await claimed(store), { usedGpuMs: 8 });
      expect(await left()).toEqual([97, 0, 2, 21]);
      const started = passed.status === "passed" ? passed.job?.jobId : undefined;
      expect((await store.job(started ?? ""))?.outcome?.receipts).toEqual([
        { by: "member", name: "cy", gpuMs: 3 },
        { by: "member", name: "ben", gpuMs: 3 },
        { by: "pot", gpuMs: 2 },
      ]);
    });

    test("a vote that the pot is to pay alone waits until it can, without this vote", async () => {
      const store = await opened(open);
      const { jobId } = await shown(store, "a", { job: { memberId: "web:zoe" } });
      const press = (name: string, update: string) =>
        store.vote(voteInput(jobId, name, update, { votesNeeded: 2, whenPassed: whenPassed({ paidBy: "pot" }) }));
      await press("ben", "1");
      await give(store, "g", "ana", 9);
      expect(await press("cy", "2")).toMatchObject({
        status: "pot_short",
        neededGpuMs: 10,
        leftGpuMs: 9,
        decision: { votes: [{ name: "ben" }] },
      });
      await give(store, "h", "ana", 1);
      expect(await press("cy", "3")).toMatchObject({ status: "passed" });
      expect([await potOf(store), await balanceOf(store, "web:ben", PLENTY)]).toEqual([0, PLENTY.capacityGpuMs]);
    });

    test("a chat that goes on under another id keeps its pot, with what is held and given; twice is harmless", async () => {
      const store = await opened(open);
      await give(store, "1", "ana", 50);
      await give(store, "2", "ben", 5, { settingsKey: "web:super" });
      const job = { memberId: "web:ben", estimateGpuMs: 40 };
      await accept(store, "a", { allowance: LIMIT, job, shares: [{ memberId: POT, gpuMs: 40 }] });
      const move = { platform: "web", fromChatId: "room", toChatId: "super", values: [] };
      await store.moveChat(move);
      await store.moveChat(move);
      await finish(store, await claimed(store), { usedGpuMs: 10 });
      expect(await store.pot("web:super", T0)).toMatchObject({
        balanceGpuMs: 45,
        heldGpuMs: 0,
        givers: [{ name: "ana" }, { name: "ben" }],
        recent: [{ jobId: idOf("a") }],
      });
      expect(await potOf(store)).toBe(0);
    });
  });
}
