import { describe, expect, onTestFinished, test } from "vitest";
import type { Engine, Sql } from "../../src/ports/sql.ts";

/** An engine over tables of its own, of which one is `turn(lane, tag)`. */
export type OpenEngine = () => Promise<Engine>;

const ADD = "INSERT INTO turn(lane, tag) VALUES($1, $2)";
const lanes = async (sql: Sql) =>
  (await sql.all<{ readonly lane: string }>("SELECT lane FROM turn ORDER BY lane")).map(({ lane }) => lane);

/** What every engine does, so that rules can stand over it: `src/ports/sql.ts`. */
export function engineContract(name: string, open: OpenEngine): void {
  const opened = async (): Promise<Engine> => {
    const engine = await open();
    onTestFinished(() => engine.close());
    return engine;
  };

  describe(`engine: ${name}`, () => {
    test("what a transaction did is there when it resolves, and its result is told", async () => {
      const engine = await opened();
      expect(await engine.transact(async (sql) => sql.run(ADD, "a", 1))).toBe(1);
      expect(await engine.read(lanes)).toEqual(["a"]);
      expect(await engine.read(async (sql) => sql.get("SELECT tag FROM turn WHERE lane = $1", "b"))).toBeUndefined();
    });

    test("one statement alone is done and told as in any other transaction, and is undone where it fails itself", async () => {
      const engine = await opened();
      expect(await engine.transact(async (sql) => sql.run(ADD, "a", 1), "one")).toBe(1);
      expect(await engine.read(lanes)).toEqual(["a"]);
      const both = "INSERT INTO turn(lane, tag) VALUES($1, $3), ($2, $3)";
      await expect(engine.transact(async (sql) => sql.run(both, "b", "a", 1), "one")).rejects.toThrow(/unique/i);
      await Promise.all(["c", "d"].map((lane) => engine.transact(async (sql) => sql.run(ADD, lane, 1), "one")));
      expect(await engine.read(lanes)).toEqual(["a", "c", "d"]);
      await expect(engine.transact(async (sql) => void sql.run(ADD, "e", 1), "one")).rejects.toThrow(
        "an await is missing",
      );
      expect(await engine.read(lanes)).toEqual(["a", "c", "d"]);
    });

    test("nothing of one that throws is there, and others are not touched by it", async () => {
      const engine = await opened();
      const failing = engine.transact(async (sql) => {
        await sql.run(ADD, "b", 1);
        throw new Error("undone");
      });
      const others = ["a", "c"].map((lane) => engine.transact(async (sql) => sql.run(ADD, lane, 1)));
      await expect(failing).rejects.toThrow("undone");
      await Promise.all(others);
      expect(await engine.read(lanes)).toEqual(["a", "c"]);
    });

    test("a statement that fails makes its transaction fail, also where that is caught", async () => {
      const engine = await opened();
      await engine.transact(async (sql) => sql.run(ADD, "a", 1));
      const twice = engine.transact(async (sql) => {
        await sql.run(ADD, "b", 1);
        await sql.run(ADD, "a", 1);
      });
      await expect(twice).rejects.toThrow(/unique/i);
      expect(await engine.read(lanes)).toEqual(["a"]);
    });

    test("what is done for its effect alone is done before what follows, and undoes everything where it fails", async () => {
      const engine = await opened();
      const seen = await engine.transact(async (sql) => {
        await sql.effect(ADD, "a", 1);
        await sql.effect(ADD, "b", 1);
        return lanes(sql);
      });
      expect(seen).toEqual(["a", "b"]);
      const failing = (last: (sql: Sql) => Promise<unknown>) =>
        engine.transact(async (sql) => {
          await sql.run(ADD, "c", 1);
          await sql.effect(ADD, "a", 1);
          return last(sql);
        });
      // At the end, where nothing follows, and told by whatever follows.
      await expect(failing(async () => "over")).rejects.toThrow(/unique/i);
      await expect(failing(lanes)).rejects.toThrow(/unique/i);
      await expect(engine.transact((sql) => Promise.resolve(sql.effect(ADD, "a", 1)), "one")).rejects.toThrow(
        /unique/i,
      );
      expect(await engine.read(lanes)).toEqual(["a", "b"]);
    });

    test("nobody reads what is not committed", async () => {
      const engine = await opened();
      let during: Promise<readonly string[]> | undefined;
      const undone = engine.transact(async (sql) => {
        await sql.run(ADD, "a", 1);
        during ??= engine.read(lanes);
        for (let i = 0; i < 5; i++) await sql.get("SELECT 1 AS one");
        throw new Error("undone");
      });
      await expect(undone).rejects.toThrow("undone");
      expect(await during).toEqual([]);
    });

    test("a missing await is refused", async () => {
      const engine = await opened();
      const lost = async (sql: Sql) => {
        await sql.run(ADD, "a", 1);
        void sql.run(ADD, "b", 1);
      };
      await expect(engine.transact(lost)).rejects.toThrow("an await is missing");
      expect(await engine.read(lanes)).toEqual([]);
    });

    test("nothing comes after the end of a transaction", async () => {
      const engine = await opened();
      let kept: Sql | undefined;
      await engine.transact(async (sql) => {
        kept = sql;
        await sql.run(ADD, "a", 1);
      });
      await expect(Promise.resolve(kept?.run(ADD, "b", 1))).rejects.toThrow("used after its end");
      expect(await engine.read(lanes)).toEqual(["a"]);
    });

    test("closing waits for what was asked before, twice is harmless, and then it refuses", async () => {
      const engine = await opened();
      const before = engine.transact(async (sql) => sql.run(ADD, "a", 1));
      await engine.close();
      await engine.close();
      expect(await before).toBe(1);
      await expect(engine.transact(lanes)).rejects.toThrow();
      await expect(engine.read(lanes)).rejects.toThrow();
    });
  });
}
