import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { storeContract } from "../contracts/store.ts";

storeContract(
  "sqlite in memory",
  ({ nowMs }) => openSqliteStore({ file: ":memory:", exclusive: false, ...(nowMs ? { nowMs } : {}) }),
  { reopen: "needs a file: memory keeps nothing" },
);
