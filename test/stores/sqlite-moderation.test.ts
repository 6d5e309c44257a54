import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { storeContractOfModeration } from "../contracts/store.ts";
import { freshFiles } from "./contract/files.ts";

const fresh = freshFiles();

storeContractOfModeration("sqlite in a file", ({ nowMs }) =>
  openSqliteStore({ file: fresh(), exclusive: false, ...(nowMs ? { nowMs } : {}) }),
);
