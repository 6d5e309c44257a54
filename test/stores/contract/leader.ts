import { describe, expect, test } from "vitest";
import { ReignOver } from "../../../src/ports/leader.ts";
import { accept, idOf, MESSAGE, type OpenStore, T0 } from "./inputs.ts";
import { opened } from "./opened.ts";

/** Of several who send one leads, and who no longer leads notes nothing. */
export function leaderContract(open: OpenStore): void {
  describe("leader", () => {
    test("one leads until its reign ends; the fence grows with each change of holder, and each name has its own", async () => {
      const store = await opened(open);
      const first = await store.lead("relay", "one", T0, T0 + 1_000);
      expect(first).toEqual({ name: "relay", fence: 1 });
      expect(await store.lead("relay", "two", T0 + 999, T0 + 2_000)).toBeUndefined();
      expect(await store.lead("gateway", "two", T0, T0 + 1_000)).toEqual({ name: "gateway", fence: 1 });
      expect(await store.lead("relay", "one", T0 + 999, T0 + 2_000)).toEqual(first);
      expect(await store.lead("relay", "two", T0 + 1_999, T0 + 3_000)).toBeUndefined();
      expect(await store.lead("relay", "two", T0 + 2_000, T0 + 3_000)).toEqual({ name: "relay", fence: 2 });
      expect(await store.lead("relay", "one", T0 + 2_001, T0 + 4_000)).toBeUndefined();
    });

    test("given back it is another's at once; whoever kept it takes it up as it was", async () => {
      const store = await opened(open);
      const reign = await store.lead("relay", "one", T0, T0 + 1_000);
      await store.lead("relay", "one", T0, T0);
      expect(await store.lead("relay", "one", T0, T0 + 1_000)).toEqual(reign);
      await store.lead("relay", "one", T0, T0);
      expect(await store.lead("relay", "two", T0, T0 + 1_000)).toEqual({ name: "relay", fence: 2 });
    });

    test("tells who had it last and until when, also when that is over or was given back", async () => {
      const store = await opened(open);
      expect(await store.leading("relay")).toBeUndefined();
      await store.lead("relay", "one", T0, T0 + 1_000);
      await store.lead("relay", "two", T0, T0 + 9_000);
      expect(await store.leading("relay")).toEqual({ holder: "one", untilMs: T0 + 1_000 });
      await store.lead("relay", "one", T0, T0 - 1);
      expect(await store.leading("relay")).toEqual({ holder: "one", untilMs: T0 - 1 });
    });

    test("of 20 who ask at once one leads", async () => {
      const store = await opened(open);
      const asked = await Promise.all(
        Array.from({ length: 20 }, (_, i) => store.lead("relay", `holder ${i}`, T0, T0 + 1_000)),
      );
      expect(asked.filter((reign) => reign !== undefined)).toEqual([{ name: "relay", fence: 1 }]);
    });

    test("nothing is noted under a reign that is over, and whoever tries hears of it", async () => {
      const store = await opened(open);
      await accept(store, "a");
      const key = { jobId: idOf("a"), kind: "job" } as const;
      const old = await store.lead("relay", "one", T0, T0 + 1_000);
      const reign = await store.lead("relay", "two", T0 + 1_000, T0 + 2_000);
      if (!old || !reign) throw new Error("nobody leads");
      const late = { ...key, reign: old };
      await expect(store.posted(late, 1, MESSAGE)).rejects.toThrow(ReignOver);
      await expect(store.postpone(late, T0 + 9_000)).rejects.toThrow(ReignOver);
      await expect(store.abandon(late)).rejects.toThrow(ReignOver);
      expect(await store.due(T0, 9, { platform: "web" })).toEqual([{ ...key, revision: 1, failures: 0 }]);
      expect((await store.job(key.jobId))?.message).toBeUndefined();
      await store.postpone({ ...key, reign }, T0 + 9_000);
      expect(await store.due(T0, 9, { platform: "web" })).toEqual([]);
      await store.posted({ ...key, reign }, 1, MESSAGE);
      expect((await store.job(key.jobId))?.message).toEqual(MESSAGE);
    });
  });
}
