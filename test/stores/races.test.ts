import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { personRaceContract } from "../contracts/person-races.ts";
import { raceContract } from "../contracts/races.ts";
import { freshFiles } from "./contract/files.ts";
import { scrambledStore } from "./scrambled-store.ts";

const fresh = freshFiles();

raceContract("sqlite in memory", () => openSqliteStore({ file: ":memory:", exclusive: false }));
raceContract("sqlite in a file", () => openSqliteStore({ file: fresh(), exclusive: false }));
personRaceContract("sqlite in memory", () => openSqliteStore({ file: ":memory:", exclusive: false }));
personRaceContract("scrambled", async () => scrambledStore(fresh(), "undone"));
raceContract("scrambled", async () => scrambledStore(fresh(), "undone"));
