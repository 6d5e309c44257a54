import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { raceContract } from "../contracts/races.ts";
import { freshFiles } from "./contract/files.ts";
import { scrambledStore } from "./scrambled-store.ts";

const fresh = freshFiles();

raceContract("sqlite in memory", () => openSqliteStore({ file: ":memory:", exclusive: false }));
raceContract("sqlite in a file", () => openSqliteStore({ file: fresh(), exclusive: false }));
raceContract("scrambled", async () => scrambledStore(fresh(), "undone"));
