import { describe, expect, test } from "vitest";
import { AYE, type Decision, NONE_OF_THESE } from "../../src/domain/decision.ts";
import type { VoteResult } from "../../src/ports/decisions.ts";
import type { Store } from "../../src/ports/store.ts";
import {
  ballotOn,
  HOUR_MS,
  idOf,
  type OpenStore,
  QUORUM,
  rerollOf,
  shown,
  T0,
  type VoteOver,
  voteInput,
} from "../stores/contract/inputs.ts";
import { opened } from "../stores/contract/opened.ts";

const SUBJECT = idOf("a");
const PICK = "p".repeat(16);
const ANA = { id: "web:ana", name: "ana" };

async function picking(open: OpenStore): Promise<Store> {
  const store = await opened(open);
  await shown(store, "a");
  const decision = {
    ...rerollOf(SUBJECT, "ana", "open"),
    decisionId: PICK,
    kind: "pick" as const,
    options: [{ id: "1", imageId: `${SUBJECT}.0` }, { id: "2" }, { id: NONE_OF_THESE }],
    rule: { ...QUORUM, method: "approval" as const, needed: 1, maxChoices: 3, spends: false as const },
  };
  await store.openDecision({ updateId: "open", decision, nowMs: T0 });
  return store;
}
const press = (store: Store, member: string, optionId: string, over: VoteOver = {}) =>
  store.vote({
    ...voteInput(SUBJECT, member, `${member} ${optionId}`, over),
    on: { decisionId: PICK },
    choice: { how: "toggle", optionId },
  });
const statuses = (results: readonly VoteResult[], status: VoteResult["status"]) =>
  results.filter((result) => result.status === status).length;
const lines = async (store: Store) =>
  (await store.due(T0 + 9 * HOUR_MS, 99, { platform: "web" })).filter(({ kind }) => kind === "decision");

/** What many press at once has one outcome, and starts one job. @param presses so many at once, each by somebody else */
export function decisionRaceContract(name: string, open: OpenStore, presses: number): void {
  describe(`decisions at once: ${name}`, () => {
    test(`${presses} presses on one decision are ${presses} votes, one outcome and one line`, async () => {
      const store = await picking(open);
      const counted = await Promise.all(
        Array.from({ length: presses }, (_, at) => press(store, `m${at}`, at % 3 === 0 ? "2" : "1")),
      );
      expect(statuses(counted, "counted")).toBe(presses);
      const ends = await Promise.all(
        Array.from({ length: 9 }, (_, at) =>
          at % 2
            ? store.closeDecisions(T0 + HOUR_MS)
            : store.closeDecision({ updateId: `end ${at}`, decisionId: PICK, by: ANA, nowMs: T0 }),
        ),
      );
      const ended = ends.filter((end) => ("length" in end ? end.length === 1 : end.status === "closed"));
      expect(ended).toHaveLength(1);
      const twos = Math.ceil(presses / 3);
      expect((await store.decision(PICK, T0))?.outcome).toMatchObject({
        winners: ["1"],
        counts: { 1: presses - twos, 2: twos },
        voted: presses,
      });
      expect(await lines(store)).toHaveLength(1);
    });

    test(`${presses} presses where two thirds are enough start one job, which those pay for`, async () => {
      const store = await opened(open);
      await shown(store, "a");
      const votesNeeded = Math.ceil((presses * 2) / 3);
      const results = await Promise.all(
        Array.from({ length: presses }, (_, at) => store.vote(voteInput(SUBJECT, `m${at}`, `p${at}`, { votesNeeded }))),
      );
      expect([statuses(results, "counted"), statuses(results, "passed"), statuses(results, "over")]).toEqual([
        votesNeeded - 1,
        1,
        presses - votesNeeded,
      ]);
      expect(await store.counts()).toEqual({ queued: 1, running: 0 });
      const [job] = await store.openJobs({}, 9);
      expect(await ballotOn(store, SUBJECT)).toMatchObject({
        votes: { length: votesNeeded },
        outcome: { startedJobId: job?.jobId },
      });
      expect(job?.voterIds).toHaveLength(votesNeeded);
      expect(await lines(store)).toHaveLength(1);
    });

    test("two presses that would both complete it: one does, and the other finds it over", async () => {
      for (let round = 0; round < 5; round += 1) {
        const store = await opened(open);
        await shown(store, "a");
        await store.vote(voteInput(SUBJECT, "ben", "1"));
        await store.vote(voteInput(SUBJECT, "cy", "2"));
        const last = await Promise.all(["di", "eve"].map((who) => store.vote(voteInput(SUBJECT, who, who))));
        expect(last.map(({ status }) => status).toSorted()).toEqual(["over", "passed"]);
        expect(await store.counts()).toEqual({ queued: 1, running: 0 });
      }
    });

    test("a press against the end, by hand or by the clock: it counts in what ended, or it is over", async () => {
      for (let round = 0; round < 8; round += 1) {
        const store = await picking(open);
        await press(store, "ben", "1");
        const end = () =>
          round % 2
            ? store.closeDecision({ updateId: "end", decisionId: PICK, by: ANA, nowMs: T0 })
            : store.closeDecisions(T0 + HOUR_MS);
        // At the deadline itself it is over, whoever comes first.
        const nowMs = round % 4 < 2 ? T0 : T0 + HOUR_MS - 1;
        const both =
          round < 4 ? [press(store, "cy", "1", { nowMs }), end()] : [end(), press(store, "cy", "1", { nowMs })];
        const [one, other] = await Promise.all(both);
        const pressed = [one, other].find(
          (each): each is VoteResult => each !== undefined && "status" in each && each.status !== "closed",
        );
        const after = (await store.decision(PICK, T0 + HOUR_MS)) as Decision;
        expect(after).toMatchObject({ state: "passed", outcome: { winners: ["1"] } });
        expect(after.outcome?.voted).toBe(pressed?.status === "counted" ? 2 : 1);
        expect(after.votes).toHaveLength(after.outcome?.voted ?? 0);
        expect(pressed?.status === "counted" || pressed?.status === "over").toBe(true);
      }
    });

    test("many who open the same at once open one, and what is pressed meanwhile counts there", async () => {
      const store = await opened(open);
      await shown(store, "a");
      const input = (at: number) => ({
        ...rerollOf(SUBJECT, "ana", `o${at}`),
        kind: "pick" as const,
        options: [{ id: AYE }],
      });
      const results = await Promise.all(
        Array.from({ length: 12 }, (_, at) =>
          store.openDecision({ updateId: `o${at}`, decision: input(at), nowMs: T0 }),
        ),
      );
      expect(results.filter(({ status }) => status === "opened")).toHaveLength(1);
      const ids = results.map((result) => ("decision" in result ? result.decision.decisionId : ""));
      expect(new Set(ids).size).toBe(1);
    });
  });
}
