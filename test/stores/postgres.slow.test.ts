import { expect, onTestFinished, test } from "vitest";
import { storeOver } from "../../src/rules/store.ts";
import { decisionRaceContract } from "../contracts/decision-races.ts";
import { engineContract } from "../contracts/engine.ts";
import { personRaceContract } from "../contracts/person-races.ts";
import { raceContract } from "../contracts/races.ts";
import { storeContract } from "../contracts/store.ts";
import type { OpenOptions } from "./contract/inputs.ts";
import { enginesAt, serverForTests } from "./postgres-engine.ts";

// The same rules over another database: that they, their statements and their locks are not SQLite's alone.

const url = await serverForTests("store: over PostgreSQL");

if (url !== undefined) {
  const engines = enginesAt(url);
  let deadlocks = 0;
  const conflicted = () => {
    deadlocks += 1;
  };
  const engine = () => engines({ conflicted });
  const open = async ({ place, nowMs = Date.now }: OpenOptions = {}) =>
    storeOver(await engines({ conflicted, ...(place === undefined ? {} : { place }) }), nowMs);
  storeContract("over PostgreSQL", open, { runsAgain: true });
  engineContract("PostgreSQL", engine);
  engineContract("PostgreSQL with named statements", () => engines({ conflicted, named: true }));
  raceContract("PostgreSQL", open);
  personRaceContract("PostgreSQL", open);
  decisionRaceContract("PostgreSQL", open, 300);

  test("nobody left the order of locks", () => {
    expect(deadlocks).toBe(0);
  });

  test("a statement that failed is not forgotten where a body catches it: the server has undone everything", async () => {
    const own = await engine();
    onTestFinished(() => own.close());
    const add = "INSERT INTO turn(lane, tag) VALUES('a', 1)";
    const caught = own.transact(async (sql) => {
      await sql.run(add);
      await Promise.resolve(sql.run(add)).catch(() => undefined);
    });
    await expect(caught).rejects.toThrow(/unique/i);
    expect(await own.read(async (sql) => sql.all("SELECT lane FROM turn"))).toEqual([]);
  });

  test("a zero byte, which PostgreSQL keeps in no text, breaks nothing", async () => {
    const own = await engine();
    onTestFinished(() => own.close());
    await own.transact(async (sql) => sql.run("INSERT INTO turn(lane, tag) VALUES($1, 1)", "a\0b"));
    expect(await own.read(async (sql) => sql.get("SELECT tag FROM turn WHERE lane = $1", "a\0b"))).toEqual({ tag: 1 });
  });

  test("a body that awaits something else is borne: it costs a connection and its locks", async () => {
    const own = await engine();
    onTestFinished(() => own.close());
    const kept = await own.transact(async (sql) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return sql.run("INSERT INTO turn(lane, tag) VALUES('a', 1)");
    });
    expect(kept).toBe(1);
  });
}
