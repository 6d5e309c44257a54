import type { AcceptResult } from "../../src/ports/store.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { acceptInput, allowance, voteInput } from "./contract/inputs.ts";

// A second process for sqlite-processes.test.ts: `race FILE SUBJECT WHICH` or `write FILE`.

const [mode, file = "", subjectJobId = "", which = ""] = process.argv.slice(2);
const say = (message: unknown) => new Promise((resolve) => process.send?.(message, resolve));
const store = await openSqliteStore({ file, exclusive: mode === "write" });

if (mode === "write") {
  for (let i = 0; ; i++) {
    const result: AcceptResult = await store.accept(acceptInput(`w${i}`));
    if (result.status === "accepted") await say(`w${i}`);
  }
}

process.once("message", async () => {
  const results = await Promise.all(
    Array.from({ length: 25 }, (_, i) =>
      store.accept(acceptInput(`r${which} ${i}`, { allowance: allowance(100), job: { memberId: "web:racer" } })),
    ),
  );
  // Two processes, five members each, five presses each: an odd number of presses leaves a vote.
  const votes = await Promise.all(
    Array.from({ length: 25 }, (_, i) =>
      store.vote(voteInput(subjectJobId, `v${which}${i % 5}`, `v${which} ${i}`, { votesNeeded: 6 })),
    ),
  );
  const count = (items: readonly { readonly status: string }[], status: string) =>
    items.filter((item) => item.status === status).length;
  await say({
    accepted: count(results, "accepted"),
    refused: count(results, "refused"),
    passed: count(votes, "passed"),
  });
  await store.close();
  process.disconnect();
});
await say("ready");
