import type { Clock } from "../../lib/clock.ts";
import type { GroupLog } from "../../ports/group-log.ts";
import type { Log } from "../../ports/log.ts";
import type { Engine } from "../../ports/sql.ts";
import type { Wake } from "../../ports/wake.ts";
import { frontsAmong } from "../../rules/fronts-among.ts";
import { groupLogOver } from "../../rules/group-log.ts";

/** The web chat's log in the database that the rows are in. What others change is read when `wake` says that there is something. */
export async function groupLogAt({
  engine,
  wake,
  nowMs,
  clock,
  log,
}: {
  readonly engine: Engine;
  readonly wake: Wake;
  readonly nowMs: () => number;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<GroupLog> {
  // Whoever asks the database something tells of one that is away; the next word or the floor looks again.
  const failed = (error: Error) => log.debug("web.log_unread", { error });
  const fronts = await frontsAmong({ engine, nowMs, clock, failed });
  const stopHearing = wake.hear((word) => {
    if (word === undefined || word.about === "chat") fronts.look();
  });
  return groupLogOver({
    engine,
    nowMs,
    fronts,
    durable: async () => undefined,
    failed,
    wake: (look) =>
      wake.hear((word) => {
        if (word === undefined || word.about === "chat") look();
      }),
    async close() {
      stopHearing();
      await fronts.close();
    },
  });
}
