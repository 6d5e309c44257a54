import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { Sql } from "../../src/ports/sql.ts";
import { MEMORY, openDatabase } from "../../src/stores/sqlite/database.ts";
import { engineOver } from "../../src/stores/sqlite/engine.ts";
import { AT_COMMIT, type WalFlush } from "../../src/stores/sqlite/wal-flush.ts";

const ADD = "INSERT INTO note(word) VALUES($1)";

function notes(wal: WalFlush = AT_COMMIT) {
  const db = openDatabase(MEMORY);
  const engine = engineOver(db, wal);
  onTestFinished(() => engine.close());
  db.exec("CREATE TABLE note(word TEXT PRIMARY KEY) STRICT");
  const all = db.query<{ readonly word: string }>("SELECT word FROM note ORDER BY word");
  return {
    db,
    engine,
    add: (word: string) => engine.transact(async (sql) => sql.run(ADD, word)),
    words: () => all.all().map(({ word }) => word),
    commits: (exec = vi.spyOn(db, "exec")) => ({
      get count() {
        return exec.mock.calls.filter(([sql]) => sql === "COMMIT").length;
      },
    }),
  };
}

describe("what comes in one round of the event loop", () => {
  test("is one transaction, and nothing is told before it is through", async () => {
    const { add, words, commits } = notes();
    const commit = commits();
    const told: string[] = [];
    const work = ["a", "b", "c"].map((word) => add(word).then(() => told.push(word)));
    expect([words(), told]).toEqual([[], []]);
    await Promise.all(work);
    expect([words(), told]).toEqual([
      ["a", "b", "c"],
      ["a", "b", "c"],
    ]);
    expect(commit.count).toBe(1);
  });

  test("is undone alone where it fails, halves of it too", async () => {
    const { engine, add, words } = notes();
    const outcomes = await Promise.allSettled([
      add("a"),
      engine.transact(async (sql) => {
        await sql.run(ADD, "b");
        throw new Error("no");
      }),
      add("a"),
      add("d"),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "fulfilled"]);
    expect(words()).toEqual(["a", "d"]);
  });

  test("fails together where it cannot be written, and the next one is another", async () => {
    const { db, add, words } = notes();
    const exec = db.exec;
    vi.spyOn(db, "exec").mockImplementation((sql) => {
      if (sql !== "COMMIT") return exec(sql);
      vi.mocked(db.exec).mockImplementation(exec);
      throw new Error("disk full");
    });
    const outcomes = await Promise.allSettled([add("a"), add("b")]);
    expect(outcomes.map((outcome) => outcome.status === "rejected" && String(outcome.reason))).toEqual([
      "Error: disk full",
      "Error: disk full",
    ]);
    expect(words()).toEqual([]);
    await add("c");
    expect(words()).toEqual(["c"]);
  });

  test("fails together where a part of it takes the whole transaction along", async () => {
    const { db, engine, add, words } = notes();
    const outcomes = await Promise.allSettled([
      add("a"),
      engine.transact(async () => {
        // As SQLite does by itself on a full disk.
        db.exec("ROLLBACK");
        throw new Error("disk full");
      }),
      add("c"),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(words()).toEqual([]);
  });

  test("leaves the event loop room where it is a crowd, and closing waits for it", async () => {
    const { engine, add, commits } = notes();
    const commit = commits();
    let count = 0;
    const crowd = () => Promise.all(Array.from({ length: 50 }, () => add(`${count++}`)));
    const first = crowd();
    await new Promise(setImmediate);
    expect(commit.count).toBe(1);
    await first;
    expect(commit.count).toBe(4);
    const second = crowd();
    await engine.close();
    expect(await second).toHaveLength(50);
    await expect(add("late")).rejects.toThrow("closed");
  });
});

describe("what comes during a flush", () => {
  const round = () => new Promise(setImmediate);

  function flushing() {
    const flush = Promise.withResolvers<void>();
    const wal = { ...AT_COMMIT, underWay: () => flush.promise };
    return { ...notes(wal), end: () => flush.resolve(), fail: () => flush.reject(new Error("EIO")) };
  }

  test.each(["end", "fail"] as const)("is gathered for one commit after its %s", async (how) => {
    const { add, commits, words, ...flush } = flushing();
    const commit = commits();
    const first = add("a");
    await round();
    const second = add("b");
    await round();
    expect([commit.count, words()]).toEqual([0, []]);
    flush[how]();
    await Promise.all([first, second]);
    expect([commit.count, words()]).toEqual([1, ["a", "b"]]);
  });

  test("waits no longer once it is a full batch", async () => {
    const { add, commits } = flushing();
    const commit = commits();
    const work = [add("first")];
    await round();
    for (let at = 1; at < 16; at += 1) work.push(add(`${at}`));
    await Promise.all(work);
    expect(commit.count).toBe(1);
  });

  test("is written in a round of its own: no reader who is at work meets it", async () => {
    const { engine, add, end } = flushing();
    const written = add("a");
    await round();
    const seen = engine.read(async (sql) => {
      for (let i = 0; i < 20; i++) await sql.get("SELECT 1");
      return sql.get<{ readonly n: number }>("SELECT count(*) AS n FROM note");
    });
    end();
    expect(await seen).toEqual({ n: 0 });
    await written;
  });
});

describe("a body that breaks the rules of the port", () => {
  const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

  test("is refused when it awaits something else, at once, and the others of its round are not", async () => {
    const { engine, add, words } = notes();
    const late: unknown[] = [];
    const never = engine.transact(async (sql) => {
      await sql.run(ADD, "never");
      await new Promise(() => {});
    });
    const meanwhile = engine.transact(async (sql) => {
      await sql.run(ADD, "late");
      await soon();
      try {
        await sql.run(ADD, "later");
      } catch (error) {
        late.push(error);
      }
    });
    const others = [add("a"), add("b")];
    await expect(never).rejects.toThrow("awaited something besides its database");
    await expect(meanwhile).rejects.toThrow("awaited something besides its database");
    await Promise.all(others);
    await soon();
    await soon();
    expect(late.map(String)).toEqual(["Error: a transaction awaited something besides its database"]);
    expect(words()).toEqual(["a", "b"]);
  });

  test.each<[string, (sql: Sql) => Promise<unknown>]>([
    ["at its end", async (sql) => void sql.run(ADD, "lost")],
    [
      "before others",
      async (sql) => {
        void sql.run(ADD, "lost");
        await sql.run(ADD, "kept");
      },
    ],
    [
      "in a function of its own",
      async (sql) => {
        const helper = async () => void sql.run(ADD, "lost");
        await helper();
        await sql.run(ADD, "kept");
      },
    ],
  ])("is refused when an await is missing %s", async (_, body) => {
    const { engine, words } = notes();
    await expect(engine.transact(body)).rejects.toThrow("an await is missing");
    await expect(engine.read(body)).rejects.toThrow("an await is missing");
    expect(words().filter((word) => word === "lost")).toEqual([]);
  });

  test("cannot go on after its end", async () => {
    const { engine, words } = notes();
    let kept: Sql | undefined;
    await engine.transact(async (sql) => {
      kept = sql;
    });
    await expect(Promise.resolve(kept?.run(ADD, "late"))).rejects.toThrow("used after its end");
    expect(words()).toEqual([]);
  });
});

describe("a reader", () => {
  const count = async (sql: Sql) => sql.get<{ readonly n: number }>("SELECT count(*) AS n FROM note");

  test("sees nothing that is not committed", async () => {
    const { engine } = notes();
    let seen: Promise<unknown> | undefined;
    const undone = engine.transact(async (sql) => {
      await sql.run(ADD, "a");
      seen = engine.read(count);
      await sql.get("SELECT 1");
      throw new Error("undone");
    });
    await expect(undone).rejects.toThrow("undone");
    expect(await seen).toEqual({ n: 0 });
  });

  test("that awaits something else is refused while a batch is open", async () => {
    const { engine, add } = notes();
    const go = Promise.withResolvers<void>();
    const seen = engine.read(async (sql) => {
      await go.promise;
      return count(sql);
    });
    const writing = engine.transact(async (sql) => {
      go.resolve();
      for (let i = 0; i < 5; i++) await sql.run(ADD, `${i}`);
    });
    await expect(seen).rejects.toThrow("awaited something besides its database");
    await Promise.all([writing, add("a")]);
  });
});
