import type { ChatRules } from "./chat-settings.ts";
import type { AddressCeiling, Allowance } from "./ledger.ts";
import type { Member } from "./place.ts";
import type { Problem } from "./problem.ts";
import type { DirectMessages, Terms, Where } from "./terms.ts";
import { listed, type Text, text } from "./text.ts";
import { days, duration } from "./time-words.ts";

// Who may make pictures where, and with how much: decided here for commands and buttons alike.

const DAY_MS = 86_400_000;

/** Which chats somebody who runs this Placard must have let in: none, all of foreign platforms, those of named ones. */
export interface Approval {
  readonly foreign: boolean;
  readonly platforms: readonly string[];
}

const isDirect = ({ place, ownPlatform }: Where) => !place.group && !ownPlatform;

/** Why this member may not make pictures here now; `undefined` when they may. */
export function generateProblem(terms: Terms): Problem | undefined {
  const { isOperator, directMessages } = terms;
  const direct = isOperator ? undefined : noDirectProblem(terms, directMessages);
  if (direct) return direct;
  const elsewhere = channelProblem(terms);
  if (elsewhere) return elsewhere;
  const problem = roleProblem(terms) ?? ageProblem(terms);
  // Read last: to know it, a platform may have to be asked.
  return problem && terms.isAdmin ? undefined : problem;
}

/** Why nobody makes pictures in this direct chat; `undefined` where they may, and for groups. */
export const noDirectProblem = (where: Where, allowed: DirectMessages) =>
  isDirect(where) && allowed === "off" ? no(text("problem.no-direct")) : undefined;

/** Why this member's own pictures are not paid by what was given to be spent here; `undefined` where they may be. */
export function potProblem(terms: Pick<Terms, "place" | "rules" | "isAdmin">): Problem | undefined {
  if (!terms.place.group) return no(text("problem.pot.alone"));
  const { potDraw } = terms.rules;
  if (potDraw === "everyone" || (potDraw === "admins" && terms.isAdmin)) return undefined;
  return no(text(`problem.pot.${potDraw}`));
}

const no = (why: Text, retryAtMs?: number): Problem => ({
  code: "not_allowed",
  text: why,
  ...(retryAtMs === undefined ? {} : { retryAtMs }),
});

/** It keeps other channels free of pictures, so it holds for admins too. */
function channelProblem({ place, rules }: Pick<Terms, "place" | "rules">): Problem | undefined {
  if (rules.channels.length === 0 || !place.group) return undefined;
  const here = [place.chatId, place.threadId, place.title].flatMap((name) => (name === undefined ? [] : [bare(name)]));
  if (rules.channels.some((channel) => here.includes(bare(channel)))) return undefined;
  return no(text("problem.channel", { channels: listed(rules.channels.map(shownChannel), "or") }));
}

function roleProblem({ member, rules }: Pick<Terms, "member" | "rules">): Problem | undefined {
  if (rules.generateRoles.length > 0) {
    if (rules.generateRoles.some((role) => hasRole(member, role))) return undefined;
    const roles = listed(rules.generateRoles, "or");
    return no(member.roles === undefined ? text("problem.roles.untold", { roles }) : text("problem.roles", { roles }));
  }
  if (rules.generate === "everyone") return undefined;
  return no(text("problem.admins-make"));
}

/** What the platform does not tell is no reason to refuse. */
function ageProblem({ member, rules, nowMs }: Pick<Terms, "member" | "rules" | "nowMs">): Problem | undefined {
  const young = (sinceMs: number | undefined, days: number) =>
    sinceMs !== undefined && nowMs < sinceMs + days * DAY_MS ? sinceMs + days * DAY_MS : undefined;
  const account = young(member.accountMadeAtMs, rules.minAccountDays);
  const joined = young(member.joinedAtMs, rules.minMemberDays);
  const untilMs = Math.max(account ?? 0, joined ?? 0);
  if (untilMs === 0) return undefined;
  const wait = duration(untilMs - nowMs);
  const why =
    untilMs === account
      ? text("problem.young-account", { age: days(rules.minAccountDays), wait })
      : text("problem.young-member", { age: days(rules.minMemberDays), wait });
  return no(why, untilMs);
}

/** Why a vote of this member does not count yet, where names are new; what the platform does not tell is no reason. */
export function youngVoteProblem(
  { member, nowMs }: Pick<Terms, "member" | "nowMs">,
  minAgeMs: number,
): Problem | undefined {
  const countsAtMs = (member.accountMadeAtMs ?? Number.NEGATIVE_INFINITY) + minAgeMs;
  if (nowMs >= countsAtMs) return undefined;
  return no(text("problem.young-vote", { wait: duration(countsAtMs - nowMs) }), countsAtMs);
}

/** "#Art", "<#123>", "@Artists" and "<@&123>" as people write and paste them. */
const bare = (name: string): string =>
  name
    .trim()
    .replace(/^<(?:#|@&?)(\d+)>$/u, "$1")
    .replace(/^[#@]/u, "")
    .toLowerCase();

const shownChannel = (name: string) => (/^\d+$|^-\d+$|^[#<]/u.test(name) ? name : `#${name}`);

export const hasRole = ({ roles }: Member, wanted: string): boolean =>
  (roles ?? []).some(({ id, name }) => id.toLowerCase() === bare(wanted) || bare(name) === bare(wanted));

/** A member's own allowance here: the highest factor of their roles, for what they can have and what comes back. */
export function allowanceFor(base: Allowance, rules: Pick<ChatRules, "roleAllowance">, member: Member): Allowance {
  const factors = rules.roleAllowance.filter(({ role }) => hasRole(member, role)).map(({ factor }) => factor);
  if (factors.length === 0) return base;
  const factor = Math.max(...factors);
  return {
    ...base,
    capacityGpuMs: Math.round(base.capacityGpuMs * factor),
    refillGpuMsPerHour: Math.round(base.refillGpuMsPerHour * factor),
  };
}

/**
 * What may be spent here together within 24 hours, the smallest of what the chat and the installation say; `undefined`: no
 * limit.
 *
 * @param installation `chatCapGpuMs` for each group or community, 0: no limit
 */
export function spendCapFor(
  where: Where,
  rules: Pick<ChatRules, "dailyCapGpuMs">,
  installation: { readonly directMessages: DirectMessages; readonly chatCapGpuMs: number },
): number | undefined {
  const { directMessages, chatCapGpuMs } = installation;
  const direct = isDirect(where) && typeof directMessages === "object" ? [directMessages.capGpuMs] : [];
  const caps = [...direct, rules.dailyCapGpuMs, where.place.group ? chatCapGpuMs : 0].filter((gpuMs) => gpuMs > 0);
  return caps.length === 0 ? undefined : Math.min(...caps);
}

/** Names are free in the web chat, so what an address may spend is bounded too. @param addressCapGpuMs 0: no limit */
export const addressCeilingFor = ({ addressKey }: Member, addressCapGpuMs: number): AddressCeiling | undefined =>
  addressKey === undefined || addressCapGpuMs === 0 ? undefined : { addressKey, capGpuMs: addressCapGpuMs };

export const needsApproval = ({ place, ownPlatform }: Where, approval: Approval): boolean =>
  place.group && (approval.platforms.includes(place.platform) || (approval.foreign && !ownPlatform));

/** @param operators how many member ids the setting ADMINS has */
export const unapprovedProblem = (operators: number): Problem =>
  no(operators === 0 ? text("problem.unapproved.nobody") : text("problem.unapproved"));
