import { MEMORY, openDatabase } from "../../src/stores/sqlite/database.ts";
import { engineOver } from "../../src/stores/sqlite/engine.ts";
import { migrate } from "../../src/stores/sqlite/schema.ts";
import { engineContract } from "../contracts/engine.ts";
import { freshFiles } from "./contract/files.ts";
import { scrambledEngine } from "./scrambled-engine.ts";

const fresh = freshFiles();

function migrated(file: string) {
  const db = openDatabase(file);
  migrate(db);
  return db;
}

engineContract("sqlite in memory", async () => engineOver(migrated(MEMORY)));
engineContract("sqlite in a file", async () => engineOver(migrated(fresh())));
engineContract("scrambled", async () => {
  const file = fresh();
  migrated(file).close();
  return scrambledEngine(file, "undone");
});
