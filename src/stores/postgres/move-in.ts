import type { Client } from "pg";
import type { CopyWork } from "../../ports/backup.ts";
import type { Moved, MovedTable, MoveIn, Outgoing } from "../../ports/move.ts";
import { shownAddress } from "./address.ts";
import { migrate } from "./migrate.ts";
import { comparedRows, comparedSums } from "./move-in/compare.ts";
import { movePictures, type PicturesTo } from "./move-in/pictures.ts";
import { bringRows, goOnCounting } from "./move-in/rows.ts";
import { beginMove, endMove, tablesIn } from "./move-in/state.ts";
import { withClient } from "./pool.ts";
import { startProblem } from "./start-problem.ts";
import { refuseUnfit } from "./unfit.ts";

/**
 * The way into a database that is empty. All that is under way is noted there in the transaction that brings it, so that the next
 * run knows; the tables of a Placard are there from the beginning, and `refuseHalfMoved` keeps it away until the end.
 */
export function moveInto(address: string, pictures: PicturesTo): MoveIn {
  const where = `the database at ${shownAddress(address)}`;
  return {
    where,
    receive: (from, work) =>
      withClient(address, undefined, (client) => received(client, from, { where, pictures, work })).catch(
        (error: unknown) => {
          throw startProblem(error, address);
        },
      ),
  };
}

interface How {
  readonly where: string;
  readonly pictures: PicturesTo;
  readonly work: CopyWork;
}

async function received(client: Client, all: Outgoing, { where, pictures, work }: How): Promise<Moved> {
  await refuseUnfit(client);
  const begun = await beginMove(client, all, work.nowMs());
  await migrate(client);
  const from = { ...all, tables: await tablesFor(client, all.tables) };
  await bringRows(client, from, work);
  await goOnCounting(client, from.tables);
  const groupLog = from.tables.some(({ ofGroupLog }) => ofGroupLog);
  const moved = await movePictures(client, from, { to: pictures, withUploads: groupLog }, work);
  const { tables, altered } = await comparedRows(client, from, work);
  const sums = await comparedSums(client, from);
  await from.unchanged();
  // Without it the server would plan with what it knows of empty tables.
  await client.query("ANALYZE");
  from.leaveFor(where, work.nowMs());
  await endMove(client);
  return { tables, sums, altered, pictures: moved, groupLog, resumed: begun === "resumed" };
}

/** Those that are here, too. */
async function tablesFor(client: Client, tables: readonly MovedTable[]): Promise<readonly MovedTable[]> {
  const there = await tablesIn(client);
  const lost = tables.find(({ name, ofGroupLog }) => !ofGroupLog && !there.has(name));
  if (lost) throw new Error(`there is no place for ${lost.name} in the database`);
  return tables.filter(({ name }) => there.has(name));
}
