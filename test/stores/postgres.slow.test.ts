import { describe, expect, onTestFinished, test } from "vitest";
import { storeOver } from "../../src/rules/store.ts";
import { decisionRaceContract } from "../contracts/decision-races.ts";
import { engineContract } from "../contracts/engine.ts";
import { personRaceContract } from "../contracts/person-races.ts";
import { raceContract } from "../contracts/races.ts";
import { storeContract } from "../contracts/store.ts";
import { loadPg, postgresEngine } from "./postgres-engine.ts";

// The same rules over another database: that they, their statements and their locks are not SQLite's alone.

const url = process.env["TEST_DATABASE_URL"];
const pg = await loadPg();

if (url === undefined || pg === undefined) {
  describe("store: over PostgreSQL", () => {
    test("is asked everything that SQLite is", (context) => {
      context.skip(
        "needs TEST_DATABASE_URL, the address of a PostgreSQL database (each test makes a schema of its own), and the package pg: npm install --no-save pg",
      );
    });
  });
} else {
  let deadlocks = 0;
  const engine = () =>
    postgresEngine(pg, url, () => {
      deadlocks += 1;
    });
  const open = async ({ nowMs = Date.now }: { readonly nowMs?: () => number } = {}) => storeOver(await engine(), nowMs);
  storeContract("over PostgreSQL", open, { reopen: "each test has a schema of its own", runsAgain: true });
  engineContract("PostgreSQL", engine);
  raceContract("PostgreSQL", open);
  personRaceContract("PostgreSQL", open);
  decisionRaceContract("PostgreSQL", open, 300);

  test("nobody left the order of locks", () => {
    expect(deadlocks).toBe(0);
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
