import { describe, expect, it } from "vitest";
import { gatewayReferee } from "./gateway.ts";
import type { JsonObject } from "./json.ts";

const user = { id: "1", username: "u", discriminator: "0", global_name: null, avatar: null };
const channel = {
  ...{ id: "4", type: 0, name: "general", guild_id: "3", position: 0, nsfw: false, permission_overwrites: [] },
  ...{ parent_id: null, last_message_id: null, topic: null, rate_limit_per_user: 0, flags: 0, permissions: "8" },
};
const member = {
  ...{ user, roles: [], joined_at: "2026-01-01T00:00:00Z", deaf: false, mute: false, flags: 0, permissions: "8" },
  ...{ nick: null, avatar: null, premium_since: null, pending: false, communication_disabled_until: null },
};
const intact: JsonObject = {
  ...{ id: "1", application_id: "2", type: 2, token: "t", version: 1, guild_id: "3", channel_id: "4", channel, member },
  ...{ guild: { id: "3", features: [], locale: "en-US" }, guild_locale: "en-US", locale: "en-US" },
  ...{ app_permissions: "8", entitlements: [], authorizing_integration_owners: { 0: "3" }, context: 0 },
  attachment_size_limit: 10_485_760,
  data: { id: "5", name: "ping", type: 1, options: [{ type: 3, name: "text", value: "x" }] },
};
const without = (key: string): JsonObject =>
  Object.fromEntries(Object.entries(intact).filter(([name]) => name !== key));
const interaction = (d: JsonObject) => ({ op: 0, s: 1, t: "INTERACTION_CREATE", d });

describe("the types of discord-api-types as a referee of the gateway", () => {
  it("accepts an intact interaction", async () => {
    expect((await gatewayReferee()).message("InteractionCreate", interaction(intact))).toBeUndefined();
  });
  it.each<readonly [string, JsonObject]>([
    ["no token", without("token")],
    ["a numeric id", { ...intact, id: 1 }],
    [
      "an object as a string option",
      { ...intact, data: { id: "5", name: "p", type: 1, options: [{ type: 3, name: "t", value: {} }] } },
    ],
    [
      "a member without roles",
      { ...intact, member: Object.fromEntries(Object.entries(member).filter(([name]) => name !== "roles")) },
    ],
    ["an interaction of type 99", { ...intact, type: 99 }],
    ["no attachment_size_limit", without("attachment_size_limit")],
  ])("refuses %s", async (_name, d) => {
    expect((await gatewayReferee()).message("InteractionCreate", interaction(d))).toBeDefined();
  });
  it("judges what the client sends", async () => {
    const referee = await gatewayReferee();
    const identify = { token: "t", intents: 1, properties: { os: "linux", browser: "b", device: "d" } };
    expect(referee.message("Identify", { op: 2, d: identify })).toBeUndefined();
    expect(referee.message("Identify", { op: 2, d: { ...identify, intents: undefined } })).toBeDefined();
    expect(referee.message("Resume", { op: 6, d: { token: "t", session_id: "s", seq: 3 } })).toBeUndefined();
    expect(referee.message("Resume", { op: 6, d: { token: "t", session_id: "s", seq: "3" } })).toBeDefined();
  });
  it("does not pass over a message it has no type for", async () => {
    expect((await gatewayReferee()).message("Nonsense", {})?.[0]).toMatch(/no schema for Nonsense/);
  });
});
