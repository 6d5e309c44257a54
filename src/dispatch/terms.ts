import { type ChatRules, rulesOf } from "../domain/chat-settings.ts";
import { currentItem, type Meeting } from "../domain/meeting.ts";
import { addressCeilingFor, allowanceFor, needsApproval, spendCapFor } from "../domain/permissions.ts";
import { chatKeyOf, type Member, type Place, settingsKeyOf } from "../domain/place.ts";
import type { Terms, Where } from "../domain/terms.ts";
import { adultHere, type HoldRules } from "../domain/withheld.ts";
import type { Services } from "./services.ts";

/** A platform that is not on here counts as a foreign one. */
export const whereOf = ({ adapters }: Pick<Services, "adapters">, place: Place): Where => ({
  place,
  ownPlatform: adapters.get(place.platform)?.capabilities.ownPlatform === true,
  ...(adapters.get(place.platform)?.capabilities.privateOnly ? { privateOnly: true as const } : {}),
});

/** What may be spent there together within 24 hours; `undefined`: no limit. */
export async function spendCapAt(
  services: Pick<Services, "adapters" | "memory" | "installation">,
  place: Place,
): Promise<number | undefined> {
  const { memory, installation } = services;
  const settings = await memory.settings(settingsKeyOf(place));
  return spendCapFor(
    whereOf(services, place),
    rulesOf(settings, { style: "", votes: installation.votes }),
    installation,
  );
}

/** What is held of pictures that are made for this place. */
export async function holdRulesAt(
  { memory, installation }: Pick<Services, "memory" | "installation">,
  place: Place,
): Promise<HoldRules> {
  const { hold, adult } = rulesOf(await memory.settings(settingsKeyOf(place)), {
    style: "",
    votes: installation.votes,
  });
  return { hold, adult: adultHere(adult, place) };
}

/** What is drawn for an item looks as its meeting wants it. */
const inMeeting = (rules: ChatRules, meeting: Meeting | undefined): ChatRules =>
  meeting && currentItem(meeting)
    ? { ...rules, style: meeting.style ?? rules.style, size: meeting.size ?? rules.size }
    : rules;

/** What holds there now; a style can leave the gallery after a chat chose it. */
export async function rulesAt(
  {
    installation,
    memory,
    catalogue,
    store,
    styles,
  }: Pick<Services, "installation" | "memory" | "catalogue" | "store" | "styles">,
  place: Place,
) {
  const settings = await memory.settings(settingsKeyOf(place));
  const firstStyle = catalogue.styles[0]?.id ?? "";
  const meeting = await store.meetingIn(chatKeyOf(place));
  const wanted = inMeeting(rulesOf(settings, { style: firstStyle, votes: installation.votes }), meeting);
  const rules: ChatRules = styles.has(wanted.style) ? wanted : { ...wanted, style: firstStyle };
  return { settings, meeting, rules };
}

/** All but whether the member runs the chat: to be read off the member where a decision depends on it, see `decidedForMember`. */
export async function termsOf(services: Services, member: Member, place: Place): Promise<Omit<Terms, "isAdmin">> {
  const { installation, memory } = services;
  const settingsKey = settingsKeyOf(place);
  const { settings, meeting, rules } = await rulesAt(services, place);
  const accountIds = await services.store.accountsOf(member.id);
  const isOperator = accountIds.some((id) => installation.admins.includes(id));
  const { directMessages } = installation;
  const where = whereOf(services, place);
  return {
    member,
    accountIds,
    ...where,
    place,
    ...(services.adapters.get(place.platform)?.capabilities.picturePolls ? { picturePolls: true as const } : {}),
    chatKey: chatKeyOf(place),
    settingsKey,
    isOperator,
    settings,
    rules,
    ...(meeting ? { meeting } : {}),
    brand: await memory.brand(settingsKey),
    directMessages,
    allowance: allowanceFor(installation.allowance, rules, member),
    spendCapGpuMs: spendCapFor(where, rules, installation),
    addressCeiling: addressCeilingFor(member, installation.addressCapGpuMs),
    approved: !needsApproval(where, installation.approval) || (await memory.approval(settingsKey)) !== undefined,
    nowMs: services.nowMs(),
  };
}
