import { blockedProblem } from "../domain/block.ts";
import { type Member, type Place, settingsKeyOf } from "../domain/place.ts";
import type { Problem } from "../domain/problem.ts";
import type { Services } from "./services.ts";

/**
 * The one door that whatever a member causes goes through: commands, buttons, forms, votes, completions, inline queries, and
 * coming into a group of the web chat. Why it stays shut for them there; `undefined`: it is open.
 */
export async function shutOut(
  { store, installation, nowMs }: Pick<Services, "store" | "installation" | "nowMs">,
  member: Pick<Member, "id">,
  place: Place,
): Promise<Problem | undefined> {
  // Who runs Placard could be shut out by no entry that they did not make themselves, before they were in ADMINS.
  if (installation.admins.includes(member.id)) return undefined;
  const block = await store.blockOf(member.id, settingsKeyOf(place), nowMs());
  return block && blockedProblem(block, nowMs());
}
