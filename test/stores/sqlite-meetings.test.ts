import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { storeContractOfMeetings } from "../contracts/store.ts";
import { freshFiles } from "./contract/files.ts";

const fresh = freshFiles();

storeContractOfMeetings("sqlite in a file", ({ nowMs }) =>
  openSqliteStore({ file: fresh(), exclusive: false, ...(nowMs ? { nowMs } : {}) }),
);
