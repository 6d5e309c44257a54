import { z } from "zod";
import { POT_DRAWERS, type PotDrawers } from "./pot.ts";
import { CORNER_LABELS, type CornerLabelKind, MODEL_TITLE_MAX_CHARS } from "./recipe.ts";
import { namesIn, type RoleFactor, roleFactorsIn } from "./roles.ts";
import type { RouteRules } from "./route-rules.ts";
import { HOLD_MODES } from "./withheld.ts";

const roles = z.string().trim().min(1).max(500);
const days = z.int().min(0).max(3650);

/** What the admins of one chat, or of one community for all its chats, decide. Stored as given; what is absent follows the installation's default. */
export const chatSettingsSchema = z.strictObject({
  language: z.string().max(35).optional(),
  style: z.string().max(32).optional(),
  size: z.string().max(16).optional(),
  generate: z.enum(["everyone", "admins"]).optional(),
  reroll: z.enum(["vote", "everyone", "requester"]).optional(),
  votes: z.int().min(1).max(50).optional(),
  vote_minutes: z.int().min(1).max(10_080).optional(),
  remote: z.enum(["allowed", "forbidden"]).optional(),
  backends: z.string().max(200).optional(),
  retention_days: days.optional(),
  generate_roles: roles.optional(),
  channels: roles.optional(),
  min_account_days: days.optional(),
  min_member_days: days.optional(),
  role_allowance: roles.optional(),
  daily_cap_seconds: z.int().min(0).max(10_000_000).optional(),
  spoiler: z.enum(["yes", "no"]).optional(),
  original: z.enum(["on_demand", "always"]).optional(),
  replies: z.enum(["talk", "ask"]).optional(),
  pick_visibility: z.enum(["live", "hidden", "secret"]).optional(),
  polls: z.enum(["buttons", "native"]).optional(),
  spend: z.enum(["direct", "free_first", "vote"]).optional(),
  vote_on: z.string().max(60).optional(),
  pays: z.enum(["voters", "pot"]).optional(),
  pot_draw: z.enum(POT_DRAWERS).optional(),
  letter: z.enum(["yes", "no"]).optional(),
  adult: z.enum(["yes", "no"]).optional(),
  hold: z.enum(HOLD_MODES).optional(),
  hide: z.int().min(0).max(20).optional(),
  blocked_words: z.string().trim().min(1).max(1000).optional(),
  label: z.enum(["off", ...CORNER_LABELS]).optional(),
  model: z.string().trim().min(1).max(MODEL_TITLE_MAX_CHARS).optional(),
});
export type ChatSettings = z.output<typeof chatSettingsSchema>;

/** A chat's settings with every gap filled from the installation's defaults. */
export interface ChatRules {
  readonly style: string;
  /** Absent: each style's own size. */
  readonly size: string | undefined;
  readonly generate: "everyone" | "admins";
  readonly reroll: "vote" | "everyone" | "requester";
  readonly votes: number;
  readonly voteMinutes: number;
  readonly retentionDays: number;
  readonly route: RouteRules;
  /** Empty: `generate` decides. */
  readonly generateRoles: readonly string[];
  /** Empty: all. */
  readonly channels: readonly string[];
  readonly minAccountDays: number;
  readonly minMemberDays: number;
  readonly roleAllowance: readonly RoleFactor[];
  /** 0: no limit. */
  readonly dailyCapGpuMs: number;
  readonly spoiler: boolean;
  readonly original: "on_demand" | "always";
  /** What words in reply to a picture are, where they reach us by themselves. */
  readonly replies: "talk" | "ask";
  /** Whether votes on pictures show their counts while they are open: see `DecisionRule`. */
  readonly pickVisibility: "live" | "hidden" | "secret";
  /** "native": as the platform's own poll, where that has one with pictures. */
  readonly polls: "buttons" | "native";
  /** "vote": what `voteOn` names is put to the vote before it costs anything; "free_first": so, with a free draft at once. */
  readonly spend: "direct" | "free_first" | "vote";
  readonly voteOn: readonly SpendKind[];
  /** Of what was voted for. */
  readonly pays: "voters" | "pot";
  readonly potDraw: PotDrawers;
  /** What a prompt quotes is set over the picture, where a command does not say otherwise. */
  readonly letter: boolean;
  /** Pictures for adults are shown, covered, where the platform's mark allows it: see `adultHere`. */
  readonly adult: boolean;
  readonly hold: (typeof HOLD_MODES)[number];
  /** So many members hide a picture until a moderator decides; 0: nobody but moderators. */
  readonly hide: number;
  /** Nothing with one of these is made. */
  readonly blockedWords: readonly string[];
  /** In a corner of what a model made, wherever it is posted or given away. */
  readonly label: CornerLabelKind | undefined;
  /** By its title: draws where nobody names one and the style has no LoRA. Absent: whichever fits the style. */
  readonly model: string | undefined;
}

/** Of members who hide a picture, where a chat says nothing. */
const HIDE_PRESSES = 2;

/** What can be put to the vote before it spends. "paid": made where somebody pays money for it. */
export const SPEND_KINDS = ["vary", "batch", "edit", "upscale", "paid"] as const;
export type SpendKind = (typeof SPEND_KINDS)[number];

/** "vary, batch". Without those that nobody knows. */
export const spendKindsIn = (typed: string): readonly SpendKind[] => {
  const named = namesIn(typed).map((name) => name.toLowerCase());
  return SPEND_KINDS.filter((kind) => named.includes(kind));
};

/** Where the pictures of a chat may be made. */
function routeRulesOf(settings: ChatSettings): RouteRules {
  const backends = namesIn(settings.backends ?? "").map((name) => name.toLowerCase());
  return { ...(backends.length === 0 ? {} : { backends }), remote: settings.remote !== "forbidden" };
}

export function rulesOf(
  settings: ChatSettings,
  installation: { readonly style: string; readonly votes: number },
): ChatRules {
  // Checked when it was set; one that a later version reads differently counts as none.
  const factors = roleFactorsIn(settings.role_allowance ?? "");
  return {
    style: settings.style ?? installation.style,
    size: settings.size,
    generate: settings.generate ?? "everyone",
    reroll: settings.reroll ?? "vote",
    votes: settings.votes ?? installation.votes,
    voteMinutes: settings.vote_minutes ?? 60,
    retentionDays: settings.retention_days ?? 0,
    route: routeRulesOf(settings),
    generateRoles: namesIn(settings.generate_roles ?? ""),
    channels: namesIn(settings.channels ?? ""),
    minAccountDays: settings.min_account_days ?? 0,
    minMemberDays: settings.min_member_days ?? 0,
    roleAllowance: factors.ok ? factors.value : [],
    dailyCapGpuMs: (settings.daily_cap_seconds ?? 0) * 1000,
    spoiler: settings.spoiler === "yes",
    original: settings.original ?? "on_demand",
    replies: settings.replies ?? "talk",
    pickVisibility: settings.pick_visibility ?? "live",
    polls: settings.polls ?? "buttons",
    spend: settings.spend ?? "direct",
    voteOn: settings.vote_on === undefined ? SPEND_KINDS : spendKindsIn(settings.vote_on),
    pays: settings.pays ?? "voters",
    potDraw: settings.pot_draw ?? "everyone",
    letter: settings.letter === "yes",
    adult: settings.adult === "yes",
    hold: settings.hold ?? "off",
    hide: settings.hide ?? HIDE_PRESSES,
    blockedWords: namesIn(settings.blocked_words ?? ""),
    label: settings.label === "off" ? undefined : settings.label,
    model: settings.model,
  };
}
