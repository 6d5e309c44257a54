import { expect, onTestFinished, test, vi } from "vitest";
import { MEMORY, openDatabase } from "../../src/stores/sqlite/database.ts";
import { createTogether } from "../../src/stores/sqlite/together.ts";

function notes() {
  const db = openDatabase(MEMORY);
  onTestFinished(() => db.close());
  db.exec("CREATE TABLE note(word TEXT PRIMARY KEY) STRICT");
  const add = db.query("INSERT INTO note VALUES(?)");
  const all = db.query<{ readonly word: string }>("SELECT word FROM note ORDER BY word");
  return { db, add: (word: string) => add.run(word), words: () => all.all().map(({ word }) => word) };
}

test("what comes in one iteration of the event loop is one transaction, and nothing is told before it is through", async () => {
  const { db, add, words } = notes();
  const commits = vi.spyOn(db, "tx");
  const { together } = createTogether(db);
  const told: string[] = [];
  const work = ["a", "b", "c"].map((word) => together(() => add(word)).then(() => told.push(word)));
  expect([words(), told]).toEqual([[], []]);
  await Promise.all(work);
  expect([words(), told]).toEqual([
    ["a", "b", "c"],
    ["a", "b", "c"],
  ]);
  expect(commits).toHaveBeenCalledTimes(1);
});

test("one that fails is undone alone, halves of it too", async () => {
  const { db, add, words } = notes();
  const { together } = createTogether(db);
  const outcomes = await Promise.allSettled([
    together(() => add("a")),
    together(() => {
      add("b");
      throw new Error("no");
    }),
    together(() => add("a")),
    together(() => add("d")),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "fulfilled"]);
  expect(words()).toEqual(["a", "d"]);
});

test("a transaction that cannot be written fails for all of it, and the next one is another", async () => {
  const { db, add, words } = notes();
  const { together } = createTogether(db);
  vi.spyOn(db, "tx").mockImplementationOnce((body) => {
    db.tx(() => {
      body();
      throw new Error("disk full");
    });
    throw new Error("never here");
  });
  const outcomes = await Promise.allSettled([together(() => add("a")), together(() => add("b"))]);
  expect(outcomes.map((outcome) => outcome.status === "rejected" && String(outcome.reason))).toEqual([
    "Error: disk full",
    "Error: disk full",
  ]);
  expect(words()).toEqual([]);
  await together(() => add("c"));
  expect(words()).toEqual(["c"]);
});

test("a part after which the whole transaction is gone fails for all of it", async () => {
  const { db, add, words } = notes();
  const { together } = createTogether(db);
  const outcomes = await Promise.allSettled([
    together(() => add("a")),
    together(() => {
      // As SQLite does by itself on a full disk.
      db.exec("ROLLBACK");
      throw new Error("disk full");
    }),
    together(() => add("c")),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(words()).toEqual([]);
});

test("a crowd leaves the event loop room in between, and a flush waits for nobody", async () => {
  const { db, add, words } = notes();
  const { together, flush } = createTogether(db);
  const crowd = () => Promise.all(Array.from({ length: 50 }, () => together(() => add(`${count++}`))));
  let count = 0;
  const first = crowd();
  await new Promise(setImmediate);
  expect(words()).toHaveLength(16);
  await first;
  const second = crowd();
  flush();
  expect(words()).toHaveLength(100);
  await second;
});
