import { z } from "zod";
import { namesIn, type RoleFactor, roleFactorsIn } from "./roles.ts";
import type { RouteRules } from "./route-rules.ts";

const roles = z.string().trim().min(1).max(500);
const days = z.int().min(0).max(3650);

/** What the admins of one chat, or of one community for all its chats, decide. Stored as given; what is absent follows the installation's default. */
export const chatSettingsSchema = z.strictObject({
  language: z.string().max(35).optional().describe("language of what everybody here reads"),
  style: z.string().max(32).optional().describe("style used by /imagine when none is named"),
  size: z.string().max(16).optional().describe("size used when none is named: a preset"),
  generate: z.enum(["everyone", "admins"]).optional().describe("who may make pictures here"),
  reroll: z
    .enum(["vote", "everyone", "requester"])
    .optional()
    .describe("who may reroll somebody else's picture: by vote, everyone at their own cost, or only the requester"),
  votes: z.int().min(1).max(50).optional().describe("votes a reroll needs"),
  vote_minutes: z.int().min(1).max(10_080).optional().describe("minutes a vote stays open"),
  remote: z
    .enum(["allowed", "forbidden"])
    .optional()
    .describe("whether prompts may leave the house: forbidden keeps to the group's own machines"),
  backends: z
    .string()
    .max(200)
    .optional()
    .describe("where pictures may be made, best first, e.g. comfyui,sketch: only these are used here"),
  retention_days: days.optional().describe("days pictures are kept; 0 keeps them for ever"),
  generate_roles: roles
    .optional()
    .describe("roles that may make pictures, with commas between them; default: see generate"),
  channels: roles.optional().describe("channels where pictures are made, with commas between them; default: all"),
  min_account_days: days.optional().describe("days an account must be old to make pictures, where the platform tells"),
  min_member_days: days
    .optional()
    .describe("days a member must have been here to make pictures, where the platform tells"),
  role_allowance: roles
    .optional()
    .describe("roles with more or less allowance, e.g. Artists=2, Guests=0.5; the highest holds"),
  daily_cap_seconds: z
    .int()
    .min(0)
    .max(10_000_000)
    .optional()
    .describe("GPU seconds all members here may spend together within 24 hours; 0: no limit"),
  spoiler: z.enum(["yes", "no"]).optional().describe("yes: pictures are covered until a member uncovers them"),
  original: z
    .enum(["on_demand", "always"])
    .optional()
    .describe("always: the lossless file with its recipe is posted after each picture too"),
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
}

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
  };
}
