import { rulesOf } from "../domain/chat-settings.ts";
import { chatKeyOf, type Member, type Place, settingsKeyOf } from "../domain/place.ts";
import { allowanceFor, needsApproval, potCapFor } from "../domain/policy.ts";
import type { Terms } from "../ports/command.ts";
import type { Services } from "./services.ts";

/** What may be spent there together within 24 hours; `undefined`: no limit. */
export async function potCapAt(
  { memory, installation }: Pick<Services, "memory" | "installation">,
  place: Place,
): Promise<number | undefined> {
  const settings = await memory.settings(settingsKeyOf(place));
  return potCapFor(place, rulesOf(settings, { style: "", votes: installation.votes }), installation);
}

export async function termsOf(services: Services, member: Member, place: Place): Promise<Terms> {
  const { installation, memory, catalogue } = services;
  const settingsKey = settingsKeyOf(place);
  const settings = await memory.settings(settingsKey);
  const firstStyle = catalogue.styles[0]?.id ?? "";
  const wanted = rulesOf(settings, { style: firstStyle, votes: installation.votes });
  // A style can leave the gallery after a chat chose it.
  const rules = services.styles.has(wanted.style) ? wanted : { ...wanted, style: firstStyle };
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
    nowMs: services.nowMs(),
  };
}
