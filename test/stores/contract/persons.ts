import { describe, expect, test } from "vitest";
import { EVERYWHERE } from "../../../src/domain/block.ts";
import type { Allowance } from "../../../src/domain/ledger.ts";
import type { Store } from "../../../src/ports/store.ts";
import {
  accept,
  allowance,
  balanceOf,
  ballotOn,
  claimed,
  finish,
  HOUR_MS,
  idOf,
  type OpenStore,
  STOPPED,
  sampleJob,
  shown,
  T0,
  voteInput,
} from "./inputs.ts";
import { opened } from "./opened.ts";

const LIMIT = allowance(100);
const WEB = "web:ana";
const PHONE = "telegram:7";
const CHAT = "discord:9";
const person = (id: string) => ({ id, name: id.slice(id.indexOf(":") + 1) });

export const linked = (store: Store, one: string, other: string, of: Allowance = LIMIT, nowMs = T0) =>
  store.link({ members: [person(one), person(other)], personId: `person:${one} ${other}`, allowance: of, nowMs });
const balances = (store: Store, ...ids: readonly string[]) => Promise.all(ids.map((id) => balanceOf(store, id, LIMIT)));
const spend = (store: Store, name: string, memberId: string, gpuMs: number) =>
  accept(store, name, { allowance: LIMIT, job: { memberId, estimateGpuMs: gpuMs } });

/** Accounts that are one person: one bucket, one history, one limit, one block. */
export function personContract(open: OpenStore): void {
  describe("persons", () => {
    test("an account alone is a person by itself; joined ones have one bucket, the smaller of both", async () => {
      const store = await opened(open);
      expect(await store.accountsOf(WEB)).toEqual([WEB]);
      expect(await store.joinedAccounts(WEB)).toEqual([]);
      await spend(store, "a", WEB, 30);
      await spend(store, "b", PHONE, 60);
      const accounts = [person(WEB), person(PHONE)];
      const result = await linked(store, WEB, PHONE);
      expect(result).toMatchObject({ status: "linked" });
      expect(result.status === "linked" && result.accounts.toSorted((a, b) => b.id.localeCompare(a.id))).toEqual(
        accounts,
      );
      expect(await balances(store, WEB, PHONE)).toEqual([40, 40]);
      expect(await store.accountsOf(PHONE)).toEqual([PHONE, WEB]);
      await spend(store, "c", WEB, 25);
      expect(await spend(store, "d", PHONE, 16)).toMatchObject({
        status: "refused",
        why: { code: "quota_used", account: { bucket: { balanceGpuMs: 15 }, heldGpuMs: 115 } },
      });
      expect(await linked(store, PHONE, WEB)).toMatchObject({ status: "same" });
    });

    test("a third joins them, and two persons of two become one of four; more than eight are refused", async () => {
      const store = await opened(open);
      await linked(store, WEB, PHONE);
      await linked(store, CHAT, WEB);
      expect((await store.accountsOf(PHONE)).toSorted()).toEqual([CHAT, PHONE, WEB]);
      await spend(store, "a", CHAT, 10);
      await linked(store, "web:b1", "web:b2");
      await spend(store, "b", "web:b1", 70);
      await linked(store, "web:b2", PHONE);
      expect(await balances(store, CHAT, "web:b1", WEB)).toEqual([30, 30, 30]);
      for (const id of ["web:c", "web:d", "web:e"]) await linked(store, id, CHAT);
      expect(await store.accountsOf(WEB)).toHaveLength(8);
      expect(await linked(store, "web:f", CHAT)).toEqual({ status: "full" });
      expect(await store.accountsOf("web:f")).toEqual(["web:f"]);
    });

    test("parting halves what is there, also a debt and what is untouched; the last one left is alone again", async () => {
      const store = await opened(open);
      await linked(store, WEB, PHONE);
      await linked(store, CHAT, WEB);
      expect(await store.unlink(PHONE, LIMIT, T0)).toMatchObject({ status: "parted", rest: [{}, {}] });
      expect(await balances(store, PHONE, WEB, CHAT)).toEqual([50, 50, 50]);
      await spend(store, "a", WEB, 5);
      expect(await store.unlink(WEB, LIMIT, T0)).toEqual({ status: "parted", rest: [person(CHAT)] });
      expect(await balances(store, WEB, CHAT)).toEqual([22, 23]);
      expect(await store.unlink(CHAT, LIMIT, T0)).toEqual({ status: "alone" });
      expect(await store.accountsOf(CHAT)).toEqual([CHAT]);
      await finish(store, await claimed(store), { usedGpuMs: 60 });
      expect(await balances(store, WEB, CHAT)).toEqual([-33, 23]);
      await linked(store, WEB, CHAT);
      await store.unlink(WEB, LIMIT, T0);
      expect(await balances(store, WEB, CHAT)).toEqual([-17, -16]);
    });

    test("what is held comes back to the bucket its account belongs to then", async () => {
      const store = await opened(open);
      await spend(store, "a", WEB, 60);
      await linked(store, WEB, PHONE);
      await finish(store, await claimed(store), { usedGpuMs: 20 });
      expect(await balances(store, WEB, PHONE)).toEqual([80, 80]);
      await spend(store, "b", PHONE, 40);
      await store.unlink(PHONE, LIMIT, T0);
      expect(await balances(store, WEB, PHONE)).toEqual([20, 20]);
      await store.cancel(idOf("b"), STOPPED, T0);
      expect(await balances(store, WEB, PHONE)).toEqual([20, 60]);
    });

    test("two accounts of one person pay both parts of one job out of one bucket, or not at all", async () => {
      const store = await opened(open);
      await linked(store, WEB, PHONE);
      const shares = [WEB, PHONE].map((memberId) => ({ memberId, gpuMs: 60 }));
      const job = { memberId: WEB, estimateGpuMs: 120 };
      expect(await accept(store, "a", { allowance: LIMIT, job, shares })).toMatchObject({
        status: "refused",
        why: { neededGpuMs: 120 },
      });
      const halves = [WEB, PHONE].map((memberId) => ({ memberId, gpuMs: 30 }));
      await accept(store, "b", { allowance: LIMIT, job: { ...job, estimateGpuMs: 60 }, shares: halves });
      expect(await balances(store, WEB)).toEqual([40]);
      await finish(store, await claimed(store), { usedGpuMs: 50 });
      expect(await balances(store, PHONE)).toEqual([50]);
    });

    test("more is held for both accounts that were joined meanwhile, or for none", async () => {
      const store = await opened(open);
      const shares = [WEB, PHONE].map((memberId) => ({ memberId, gpuMs: 10 }));
      await accept(store, "a", { allowance: LIMIT, job: { memberId: WEB, estimateGpuMs: 20 }, shares });
      await linked(store, WEB, PHONE);
      expect(await balances(store, WEB)).toEqual([90]);
      expect(await store.holdMore(idOf("a"), 120, undefined, T0)).toBe("member_short");
      expect(await store.holdMore(idOf("a"), 110, undefined, T0)).toBe("held");
      expect(await balances(store, WEB, PHONE)).toEqual([0, 0]);
    });

    test("open orders, those that wait, history and the fair turn count for the person", async () => {
      const store = await opened(open);
      await shown(store, "a", { job: { memberId: WEB } });
      await shown(store, "b", { job: { memberId: PHONE } });
      await linked(store, WEB, PHONE);
      const history = await store.history({ memberId: WEB, limit: 9 });
      expect(history.map(({ jobId }) => jobId)).toEqual([idOf("b"), idOf("a")]);
      expect(await store.history({ memberId: PHONE, chatKey: "web:room", limit: 1 })).toMatchObject([
        { jobId: idOf("b") },
      ]);
      expect((await store.account(PHONE, LIMIT, T0)).recent.map(({ jobId }) => jobId).toSorted()).toEqual(
        [idOf("a"), idOf("b")].toSorted(),
      );
      await accept(store, "c", { job: { memberId: WEB }, maxOpenPerMember: 2 });
      await accept(store, "d", { job: { memberId: PHONE }, maxOpenPerMember: 2 });
      await accept(store, "e", { job: { memberId: "web:ben" } });
      expect(await accept(store, "f", { job: { memberId: WEB }, maxOpenPerMember: 2 })).toMatchObject({
        why: { code: "queue_full", open: 2 },
      });
      expect((await store.openJobs({ memberId: PHONE }, 9)).map(({ jobId }) => jobId)).toEqual([idOf("c"), idOf("d")]);
      const order = [await claimed(store), await claimed(store), await claimed(store)].map(({ jobId }) => jobId);
      expect(order).toEqual(["c", "e", "d"].map(idOf));
    });

    test("two accounts have one vote: the newest counts, another press takes it back, and parted each has its own", async () => {
      const store = await opened(open);
      const { jobId } = await shown(store, "a");
      const by = (memberId: string, updateId: string, nowMs = T0) =>
        store.vote(voteInput(jobId, "x", updateId, { member: { memberId, name: person(memberId).name }, nowMs }));
      const votes = async () => (await ballotOn(store, jobId))?.votes.map(({ memberId }) => memberId);
      await by(WEB, "1");
      await by(PHONE, "2", T0 + 1);
      await linked(store, WEB, PHONE);
      expect(await by(CHAT, "3")).toMatchObject({ status: "counted" });
      expect(await votes()).toEqual([WEB, PHONE, CHAT]);
      expect(await by(WEB, "4", T0 + 2)).toMatchObject({ status: "taken_back" });
      expect(await votes()).toEqual([CHAT]);
      await by(PHONE, "5");
      await store.unlink(WEB, LIMIT, T0);
      expect(await by(WEB, "6")).toMatchObject({ status: "passed", job: { voterNames: ["9", "7", "ana"] } });
    });

    test("whoever parts from a blocked account stays blocked, and so do those it leaves", async () => {
      const by = { id: "web:root", name: "root" };
      for (const [blocked, other] of [
        [WEB, PHONE],
        [PHONE, WEB],
      ] as const) {
        const store = await opened(open);
        await linked(store, WEB, PHONE);
        await store.block({ scope: "web:room", member: person(blocked), by, sinceMs: T0 }, STOPPED);
        await store.unlink(PHONE, LIMIT, T0);
        expect(await store.blockOf(other, "web:room", T0)).toMatchObject({ member: person(other), by });
      }
    });

    test("a block shuts out all accounts, those joined later, and those that part again; its end lets all in", async () => {
      const store = await opened(open);
      await linked(store, WEB, PHONE);
      await accept(store, "a", { job: sampleJob("a", { memberId: PHONE }) });
      const by = { id: "web:root", name: "root" };
      const entry = { scope: "web:room", member: person(WEB), by, sinceMs: T0 };
      const { block, accountIds, cancelled } = await store.block(entry, STOPPED);
      expect({ accountIds, cancelled }).toEqual({ accountIds: [WEB, PHONE], cancelled: 1 });
      await linked(store, CHAT, PHONE);
      const shut = async () =>
        (await Promise.all([WEB, PHONE, CHAT].map((id) => store.blockOf(id, "web:room", T0)))).map(
          (found) => found !== undefined,
        );
      expect(await shut()).toEqual([true, true, true]);
      await store.unlink(WEB, LIMIT, T0);
      expect(await shut()).toEqual([true, true, true]);
      await store.unlink(CHAT, LIMIT, T0);
      expect(await shut()).toEqual([true, true, true]);
      await linked(store, WEB, PHONE);
      await linked(store, WEB, CHAT);
      await store.unblock(block.number);
      expect(await shut()).toEqual([false, false, false]);
      await store.block({ ...entry, scope: EVERYWHERE, untilMs: T0 + HOUR_MS }, STOPPED);
      await store.block({ ...entry, member: person(CHAT), scope: EVERYWHERE, untilMs: T0 + 2 * HOUR_MS }, STOPPED);
      expect(await store.blockOf(PHONE, "web:room", T0)).toMatchObject({ untilMs: T0 + 2 * HOUR_MS });
    });
  });
}
