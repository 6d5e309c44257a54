import { describe, expect, test } from "vitest";
import type { NewJob, Said } from "../../../src/domain/job.ts";
import type { Store } from "../../../src/ports/store.ts";
import { accept, claimed, idOf, type OpenStore, STOPPED, type StoreGaps, T0 } from "./inputs.ts";
import { opened } from "./opened.ts";

const TEN_MINUTES_MS = 600_000;
const inTime = (atMs = T0, words = "a red fox"): Said => ({ words, atMs });
const late = (atMs = T0, words = "a red fox"): Said => ({ words, atMs, late: true });

const say = async (store: Store, name: string, said: Said, over: Partial<NewJob> = {}) => {
  const result = await accept(store, name, { job: { said, ...over } });
  return result.status === "same" ? `same as ${result.job.jobId}` : result.status;
};
const SAME = `same as ${idOf("a")}`;

/** The same words, where one of the two came late: the member may have been told that the first had failed. */
export function lateTwinContract(open: OpenStore, gaps: StoreGaps): void {
  describe("late twins", () => {
    test.each<[string, Said, Said, string]>([
      ["both in time", inTime(), inTime(), "accepted"],
      ["the first late", late(), inTime(), SAME],
      ["the second late", inTime(), late(), SAME],
      ["both late", late(), late(), SAME],
      ["sent ten minutes after", late(), inTime(T0 + TEN_MINUTES_MS), SAME],
      ["sent a moment later than that", late(), inTime(T0 + TEN_MINUTES_MS + 1), "accepted"],
      ["late, and sent ten minutes before", inTime(), late(T0 - TEN_MINUTES_MS), SAME],
      ["late, and sent a moment earlier than that", inTime(), late(T0 - TEN_MINUTES_MS - 1), "accepted"],
      ["late, and sent ten minutes after", inTime(), late(T0 + TEN_MINUTES_MS), SAME],
      ["late, and sent a moment later than that", inTime(), late(T0 + TEN_MINUTES_MS + 1), "accepted"],
      ["other words", late(), late(T0, "a blue boat"), "accepted"],
    ])("%s", async (_which, first, second, expected) => {
      const store = await opened(open);
      expect(await say(store, "a", first)).toBe("accepted");
      expect(await say(store, "b", second)).toBe(expected);
    });

    test("another late one makes no twins of two in time", async () => {
      const store = await opened(open);
      await say(store, "a", inTime());
      await say(store, "x", late(T0, "a blue boat"));
      expect(await say(store, "b", inTime())).toBe("accepted");
    });

    test("what failed is nobody's twin", async () => {
      const store = await opened(open);
      await say(store, "a", late());
      const job = await claimed(store);
      await store.fail(job.jobId, job.attempt, STOPPED, T0);
      expect(await say(store, "b", late())).toBe("accepted");
    });

    test("what was cancelled is not made by a late one, and is by one in time", async () => {
      const store = await opened(open);
      await say(store, "a", late());
      await store.cancel(idOf("a"), STOPPED, T0);
      expect(await say(store, "b", late())).toBe(SAME);
      expect(await say(store, "c", inTime())).toBe("accepted");
    });

    test("the newest of several is meant, and asked again it is the same one", async () => {
      const store = await opened(open);
      await say(store, "a", inTime());
      await say(store, "b", inTime());
      expect(await say(store, "c", late())).toBe(`same as ${idOf("b")}`);
      expect(await accept(store, "c", { job: { said: late() } })).toMatchObject({
        status: "known",
        job: { jobId: idOf("b") },
      });
    });

    test("a late one is found by the next process", async (context) => {
      if (gaps.reopen) return context.skip(gaps.reopen);
      const memberId = "web:late";
      const first = await open({ place: "late twins" });
      const before = await say(first, "late a", late(), { memberId });
      await first.close();
      const next = await opened(open, { place: "late twins" });
      expect([before, await say(next, "late b", inTime(), { memberId })]).toEqual([
        "accepted",
        `same as ${idOf("late a")}`,
      ]);
    });
  });
}
