import type { CopyWork } from "../ports/backup.ts";
import type { MoveIn, Outgoing } from "../ports/move.ts";
import { closedStorage } from "./closed-storage.ts";

export interface Move {
  readonly dataDir: string;
  readonly out: (work: CopyWork) => Promise<Outgoing>;
  readonly into: MoveIn;
}

/**
 * From the files of an installation into the store that the settings name.
 *
 * @throws Error for the operator when none is named, or it takes nothing over
 */
export async function openMove(environment: Readonly<Record<string, string | undefined>>): Promise<Move> {
  const { dataDir, storage } = await closedStorage(environment);
  const { moveOut, moveIn } = storage;
  if (!moveOut || !moveIn) throw new Error("the store that your settings name takes nothing over from files");
  return { dataDir, out: moveOut, into: await moveIn() };
}
