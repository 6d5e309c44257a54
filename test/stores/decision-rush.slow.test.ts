import { expect, test } from "vitest";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { decisionRaceContract } from "../contracts/decision-races.ts";
import { freshFiles } from "./contract/files.ts";
import { idOf, shown, voteInput } from "./contract/inputs.ts";
import { opened } from "./contract/opened.ts";

const fresh = freshFiles();
const open = () => openSqliteStore({ file: fresh(), exclusive: true });
const PRESSES = 1000;
/** Of this thread: what other programs on the machine take is not counted, nor what waits for the disk beside it. */
const MOST_MS = 1000;

decisionRaceContract("sqlite in a file, a thousand", open, PRESSES);

test("a thousand members press at once: one outcome, one job, within a second", async () => {
  const store = await opened(open);
  await shown(store, "a");
  const from = process.threadCpuUsage();
  const results = await Promise.all(
    Array.from({ length: PRESSES }, (_, at) =>
      store.vote(voteInput(idOf("a"), `m${at}`, `p${at}`, { votesNeeded: 900 })),
    ),
  );
  const { user, system } = process.threadCpuUsage(from);
  expect(results.filter(({ status }) => status === "passed")).toHaveLength(1);
  expect(await store.counts()).toEqual({ queued: 1, running: 0 });
  expect((user + system) / 1000).toBeLessThan(MOST_MS);
});
