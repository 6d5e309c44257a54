import { z } from "zod";
import type { RoutePolicy } from "./route-policy.ts";

/** What the admins of one chat decide. Stored as given; what is absent follows the installation's default. */
export const chatSettingsSchema = z.strictObject({
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
  retention_days: z.int().min(0).max(3650).optional().describe("days pictures are kept; 0 keeps them for ever"),
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
  readonly route: RoutePolicy;
}

/** Where the pictures of a chat may be made. */
export function routePolicyOf(settings: ChatSettings): RoutePolicy {
  const backends = (settings.backends ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");
  return { ...(backends.length === 0 ? {} : { backends }), remote: settings.remote !== "forbidden" };
}

export function rulesOf(
  settings: ChatSettings,
  installation: { readonly style: string; readonly votes: number },
): ChatRules {
  return {
    style: settings.style ?? installation.style,
    size: settings.size,
    generate: settings.generate ?? "everyone",
    reroll: settings.reroll ?? "vote",
    votes: settings.votes ?? installation.votes,
    voteMinutes: settings.vote_minutes ?? 60,
    retentionDays: settings.retention_days ?? 0,
    route: routePolicyOf(settings),
  };
}
