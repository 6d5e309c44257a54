import { type Text, text } from "../domain/text.ts";

const OUT_OF_ROOM = text("card.out-of-room");
const NO_WORKER = text("card.no-worker");

/** Why nothing is begun, and that nobody has to do anything about their picture; `undefined`: it only has to wait for its turn. */
export function standstill(facts: { readonly outOfRoom: boolean; readonly unserved: boolean }): Text | undefined {
  if (facts.outOfRoom) return OUT_OF_ROOM;
  return facts.unserved ? NO_WORKER : undefined;
}
