import { describe, expect, test } from "vitest";
import { AYE } from "../../src/domain/decision.ts";
import { potIdOf } from "../../src/domain/pot.ts";
import type { Store } from "../../src/ports/store.ts";
import {
  accept,
  allowance,
  ballotOn,
  claimed,
  finish,
  idOf,
  type OpenStore,
  STOPPED,
  shown,
  T0,
  voteInput,
} from "../stores/contract/inputs.ts";
import { opened } from "../stores/contract/opened.ts";
import { linked } from "../stores/contract/persons.ts";
import { give } from "../stores/contract/pots.ts";

const LIMIT = allowance(100);
const [WEB, PHONE, CHAT] = ["web:ana", "telegram:7", "discord:9"] as const;
const many = <T>(count: number, make: (index: number) => Promise<T>): Promise<readonly T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

/** What all of them have, each person once, and what is held for them. */
async function inAll(store: Store, ids: readonly string[]): Promise<number> {
  const persons = new Map<string, string>();
  for (const id of ids) persons.set((await store.accountsOf(id)).toSorted().join(), id);
  let sum = 0;
  for (const id of persons.values()) {
    const { bucket, heldGpuMs } = await store.account(id, LIMIT, T0);
    sum += bucket.balanceGpuMs + heldGpuMs;
  }
  return sum;
}

/** Joining and parting while everything goes on. Beside `raceContract`, for every implementation. */
export function personRaceContract(name: string, open: OpenStore): void {
  describe(`persons at once: ${name}`, () => {
    test("orders by two accounts while they are joined: never more than one person has", async () => {
      const store = await opened(open);
      const order = (i: number) =>
        accept(store, `o${i}`, {
          allowance: LIMIT,
          job: { memberId: i % 2 ? WEB : PHONE, estimateGpuMs: 15, lane: `l${i}` },
        });
      await many<unknown>(9, (i) => (i === 4 ? linked(store, WEB, PHONE) : order(i)));
      const joint = await store.account(WEB, LIMIT, T0);
      expect(await store.account(PHONE, LIMIT, T0)).toMatchObject({ bucket: joint.bucket });
      const later = await many(20, (i) => order(i + 20));
      const taken = later.filter(({ status }) => status === "accepted").length;
      expect(taken).toBe(Math.floor(joint.bucket.balanceGpuMs / 15));
      expect(await inAll(store, [WEB, PHONE])).toBeLessThanOrEqual(200);
    });

    test("two links at once, and one the other way round: one person, and one bucket", async () => {
      const store = await opened(open);
      await accept(store, "a", { allowance: LIMIT, job: { memberId: CHAT, estimateGpuMs: 40 } });
      const results = await Promise.all([
        linked(store, WEB, PHONE),
        linked(store, PHONE, WEB),
        linked(store, PHONE, CHAT),
        linked(store, CHAT, WEB),
      ]);
      expect(results.filter(({ status }) => status === "linked")).toHaveLength(2);
      expect((await store.accountsOf(WEB)).toSorted()).toEqual([CHAT, PHONE, WEB].toSorted());
      for (const id of [WEB, PHONE, CHAT]) expect((await store.account(id, LIMIT, T0)).bucket.balanceGpuMs).toBe(60);
    });

    test("what ends while its payer parts and joins comes back once", async () => {
      const store = await opened(open);
      await linked(store, WEB, PHONE);
      for (let i = 0; i < 6; i++)
        await accept(store, `h${i}`, {
          allowance: LIMIT,
          job: { memberId: i % 2 ? WEB : PHONE, estimateGpuMs: 10, lane: `l${i}` },
        });
      await many(12, async (i) => {
        if (i % 2 === 0) await store.cancel(idOf(`h${i / 2}`), STOPPED, T0);
        else if (i % 4 === 1) await store.unlink(i % 8 === 1 ? WEB : PHONE, LIMIT, T0);
        else await linked(store, WEB, PHONE);
      });
      const { heldGpuMs } = await store.account(WEB, LIMIT, T0);
      expect(heldGpuMs).toBe(0);
      expect(await inAll(store, [WEB, PHONE])).toBeLessThanOrEqual(100);
    });

    test("gifts by both accounts, orders, and the pot's own at once: each unit once", async () => {
      const store = await opened(open);
      await linked(store, WEB, PHONE);
      const phone = { member: { memberId: PHONE, name: "Ana" } };
      await many<unknown>(12, (i) =>
        i % 3 === 2
          ? accept(store, `o${i}`, { allowance: LIMIT, job: { memberId: WEB, estimateGpuMs: 10, lane: `l${i}` } })
          : give(store, `g${i}`, "ana", 10, i % 3 ? phone : {}),
      );
      const pot = await store.pot("web:room", T0);
      expect(pot.balanceGpuMs + (await inAll(store, [WEB, PHONE]))).toBe(100);
      const shares = [{ memberId: potIdOf("web:room"), gpuMs: 10 }];
      const drawn = await many(12, (i) =>
        accept(store, `p${i}`, { allowance: LIMIT, job: { memberId: "web:ben", lane: `p${i}` }, shares }),
      );
      expect(drawn.filter(({ status }) => status === "accepted")).toHaveLength(Math.floor(pot.balanceGpuMs / 10));
    });

    test("votes by two accounts while they are joined are one vote, and nobody waits for ever", async () => {
      const store = await opened(open);
      const { jobId } = await shown(store, "a", { job: { memberId: "web:zoe" } });
      // Not pressed in turn: what is joined between two presses makes the second one take the first one back.
      const choice = { how: "set", optionIds: [AYE] } as const;
      const by = (memberId: string, update: string) =>
        store.vote(
          voteInput(jobId, "x", update, {
            member: { memberId, name: memberId },
            choice,
            votesNeeded: 4,
            allowance: LIMIT,
          }),
        );
      await Promise.all([
        by(WEB, "1"),
        linked(store, WEB, PHONE),
        by(PHONE, "2"),
        linked(store, CHAT, PHONE),
        by(CHAT, "3"),
        give(store, "g", "ana", 5),
        store.unlink(CHAT, LIMIT, T0),
      ]);
      await linked(store, CHAT, WEB);
      await linked(store, WEB, PHONE);
      const persons = new Set((await ballotOn(store, jobId))?.votes.map(({ personId }) => personId));
      expect(persons.size).toBe(1);
      for (const [at, id] of ["web:b", "web:c"].entries()) await by(id, `late ${at}`);
      expect((await ballotOn(store, jobId))?.state).toBe("open");
      expect(await by("web:d", "last")).toMatchObject({ status: "passed" });
      await finish(store, await claimed(store), { usedGpuMs: 9 });
      expect(await inAll(store, [WEB, PHONE, CHAT])).toBeLessThanOrEqual(300);
    });
  });
}
