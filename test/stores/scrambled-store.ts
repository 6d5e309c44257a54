import { type StoreOverSql, storeOver } from "../../src/rules/store.ts";
import { openDatabase } from "../../src/stores/sqlite/database.ts";
import { migrate } from "../../src/stores/sqlite/schema.ts";
import { type RunAgain, scrambledEngine } from "./scrambled-engine.ts";

/** The store over `scrambledEngine`; its file is made when it is absent. */
export function scrambledStore(file: string, runAgain: RunAgain, nowMs: () => number = Date.now): StoreOverSql {
  const db = openDatabase(file);
  db.exec("PRAGMA synchronous = OFF");
  migrate(db);
  db.close();
  return storeOver(scrambledEngine(file, runAgain), nowMs);
}
