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
  if (await isOperator({ store, installation }, member.id)) return undefined;
  const block = await store.blockOf(member.id, settingsKeyOf(place), nowMs());
  return block && blockedProblem(block, nowMs());
}

/** Whether somebody runs this Placard, by whichever of their accounts. */
export async function isOperator(
  { store, installation }: Pick<Services, "store" | "installation">,
  memberId: string,
): Promise<boolean> {
  const { admins } = installation;
  if (admins.length === 0 || admins.includes(memberId)) return admins.includes(memberId);
  return (await store.accountsOf(memberId)).some((id) => admins.includes(id));
}
