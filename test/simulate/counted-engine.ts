import type { Answer, Engine, Sql, Value } from "../../src/ports/sql.ts";
import type { Outside } from "./quiet.ts";
import type { Life } from "./virtual-clock.ts";

/** What went through the border to a database, over all lives of the program. */
export interface SqlCounts {
  transactions: number;
  looks: number;
  statements: number;
  rowsWritten: number;
  /** Transactions of each second from the start. */
  readonly perSecond: Map<number, number>;
  /** By the words of each statement. */
  readonly byText: Map<string, StatementCost>;
}

interface StatementCost {
  times: number;
  /** On the main thread. */
  tookMs: number;
  longestMs: number;
}

export const noCounts = (): SqlCounts => ({
  transactions: 0,
  looks: 0,
  statements: 0,
  rowsWritten: 0,
  perSecond: new Map(),
  byText: new Map(),
});

/** Counts, and answers nothing to whoever is dead: what they asked for in their last moment may have been done. */
export function countedEngine(
  engine: Engine,
  { counts, outside, startMs }: { readonly counts: SqlCounts; readonly outside: Outside; readonly startMs: number },
  life: Life,
): Engine {
  const asked = async <T>(work: () => Promise<T>): Promise<T> => {
    if (life.isOver) return new Promise<never>(() => {});
    return life.only(outside.during(work));
  };
  return {
    oneWriter: engine.oneWriter,
    transact(body) {
      counts.transactions += 1;
      const second = Math.floor((life.clock.nowMs() - startMs) / 1000);
      counts.perSecond.set(second, (counts.perSecond.get(second) ?? 0) + 1);
      return asked(() => engine.transact((sql, again) => body(countedSql(sql, counts), again)));
    },
    read(body) {
      counts.looks += 1;
      return asked(() => engine.read((sql) => body(countedSql(sql, counts))));
    },
    close: () => engine.close(),
  };
}

function countedSql(sql: Sql, counts: SqlCounts): Sql {
  const note = <R>(text: string, answer: Answer<R>, rowsOf: (value: R) => number): Answer<R> => {
    counts.statements += 1;
    return timed(answer, costOf(counts, text), (value) => {
      counts.rowsWritten += rowsOf(value);
    });
  };
  return {
    get: <R>(text: string, ...values: readonly Value[]) =>
      // A change that gives its row back.
      note(text, sql.get<R>(text, ...values), (row) => (text.startsWith("UPDATE") && row !== undefined ? 1 : 0)),
    all: <R>(text: string, ...values: readonly Value[]) => note(text, sql.all<R>(text, ...values), () => 0),
    run: (text, ...values) => note(text, sql.run(text, ...values), (rows) => rows),
    // Counted as any other change.
    effect: (text, ...values) => nothing(note(text, sql.run(text, ...values), (rows) => rows)),
  };
}

function costOf({ byText }: SqlCounts, text: string): StatementCost {
  const known = byText.get(text) ?? { times: 0, tookMs: 0, longestMs: 0 };
  byText.set(text, known);
  return known;
}

const nothing = (answer: Answer<unknown>): Answer<void> => ({
  // biome-ignore lint/suspicious/noThenProperty: it is there to be awaited
  then: (fulfilled, rejected) => answer.then(() => fulfilled(), rejected),
});

/** SQLite does a statement the moment it is awaited, so what passes meanwhile is its own time. */
const timed = <R>(answer: Answer<R>, cost: StatementCost, then: (value: R) => void): Answer<R> => ({
  // biome-ignore lint/suspicious/noThenProperty: it is there to be awaited
  then(fulfilled, rejected) {
    const fromMs = performance.now();
    answer.then((value) => {
      const tookMs = performance.now() - fromMs;
      cost.times += 1;
      cost.tookMs += tookMs;
      cost.longestMs = Math.max(cost.longestMs, tookMs);
      then(value);
      fulfilled(value);
    }, rejected);
  },
});
