import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { decisionRaceContract } from "../contracts/decision-races.ts";
import { freshFiles } from "./contract/files.ts";
import { scrambledStore } from "./scrambled-store.ts";

const fresh = freshFiles();

decisionRaceContract("sqlite in a file", () => openSqliteStore({ file: fresh(), exclusive: false }), 60);
decisionRaceContract("scrambled", async () => scrambledStore(fresh(), "undone"), 60);
