import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { storeContractOfTheRest } from "../contracts/store.ts";
import { freshFiles } from "./contract/files.ts";

const fresh = freshFiles();
let sharedFile = "";

storeContractOfTheRest("sqlite in a file", ({ place, nowMs }) => {
  if (place && !sharedFile) sharedFile = fresh();
  return openSqliteStore({ file: place ? sharedFile : fresh(), exclusive: false, ...(nowMs ? { nowMs } : {}) });
});
