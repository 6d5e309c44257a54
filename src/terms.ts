import { chatKeyOf, type Member, type Place, settingsKeyOf } from "./chat.ts";
import { type ChatRules, type ChatSettings, rulesOf } from "./chat-settings.ts";
import type { Allowance } from "./ledger.ts";
import { type Asker, allowanceFor, needsApproval, potCapFor } from "./policy.ts";
import type { World } from "./world.ts";

/** What holds for one member in one place, from the chat's settings and the installation's. */
export interface Terms extends Asker {
  readonly chatKey: string;
  readonly settingsKey: string;
  /** As the admins gave them. */
  readonly settings: ChatSettings;
  readonly rules: ChatRules;
  /** Of this member here. */
  readonly allowance: Allowance;
  /** What may be spent here together within 24 hours; absent: no limit. */
  readonly potCapGpuMs: number | undefined;
  /** false: somebody who runs this Placard must let it in first. */
  readonly approved: boolean;
}

/** What may be spent there together within 24 hours; `undefined`: no limit. */
export async function potCapAt(
  { memory, installation }: Pick<World, "memory" | "installation">,
  place: Place,
): Promise<number | undefined> {
  const settings = await memory.settings(settingsKeyOf(place));
  return potCapFor(place, rulesOf(settings, { style: "", votes: installation.votes }), installation);
}

export async function termsOf(world: World, member: Member, place: Place): Promise<Terms> {
  const { installation, memory, commandWorld } = world;
  const settingsKey = settingsKeyOf(place);
  const settings = await memory.settings(settingsKey);
  const firstStyle = commandWorld.styles[0]?.id ?? "";
  const wanted = rulesOf(settings, { style: firstStyle, votes: installation.votes });
  // A style can leave the gallery after a chat chose it.
  const rules = world.styles.has(wanted.style) ? wanted : { ...wanted, style: firstStyle };
  const isOperator = installation.admins.includes(member.id);
  const { directMessages } = installation;
  return {
    member,
    place,
    chatKey: chatKeyOf(place),
    settingsKey,
    isAdmin: member.admin || isOperator,
    isOperator,
    settings,
    rules,
    directMessages,
    allowance: allowanceFor(installation.allowance, rules, member),
    potCapGpuMs: potCapFor(place, rules, installation),
    approved: !needsApproval(place, installation.approval) || (await memory.approval(settingsKey)) !== undefined,
    nowMs: world.nowMs(),
  };
}
