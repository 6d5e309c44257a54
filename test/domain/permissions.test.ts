import { describe, expect, it } from "vitest";
import { rulesOf } from "../../src/domain/chat-settings.ts";
import {
  allowanceFor,
  generateProblem,
  needsApproval,
  spendCapFor,
  unapprovedProblem,
} from "../../src/domain/permissions.ts";
import { namesIn, roleFactorsIn } from "../../src/domain/roles.ts";
import type { Terms } from "../../src/domain/terms.ts";
import { allowance, ana, contextWith, NOW_MS } from "../commands/context.ts";
import { english } from "../words.ts";

const DAY_MS = 86_400_000;
const GROUP = { platform: "discord", chatId: "123", group: true, title: "Art" };
const DIRECT = { platform: "discord", chatId: "9", group: false };
const IN_GROUP = { place: GROUP, ownPlatform: false };
const IN_DIRECT = { place: DIRECT, ownPlatform: false };
const roles = (...names: readonly string[]) => names.map((name, at) => ({ id: `${at + 1}00`, name }));
type Settings = Parameters<typeof rulesOf>[0];

const terms = (settings: Settings, over: Partial<Terms> = {}): Terms =>
  contextWith({ settings, member: ana, ...IN_GROUP, ...over });
const artist = { ...ana, roles: roles("Artists", "Crew") };
const guest = { ...ana, roles: roles("Guests") };
const admin = { isAdmin: true };

describe("who may make pictures", () => {
  it.each<[string, Settings, Partial<Terms>, RegExp | undefined]>([
    ["everyone, by default", {}, {}, undefined],
    ["only admins, refused", { generate: "admins" }, {}, /only the admins.*Ask one/],
    ["only admins, an admin", { generate: "admins" }, admin, undefined],
    ["a role by its name, in any case", { generate_roles: "artists" }, { member: artist }, undefined],
    ["a role with @", { generate_roles: "@Artists" }, { member: artist }, undefined],
    ["a role by its id", { generate_roles: "200" }, { member: artist }, undefined],
    ["a role as it is pasted", { generate_roles: "<@&200>" }, { member: artist }, undefined],
    ["one of several roles", { generate_roles: "Staff, Crew" }, { member: artist }, undefined],
    ["another role", { generate_roles: "Artists, Staff" }, { member: guest }, /role Artists or Staff. Ask an admin/],
    ["part of a role's name", { generate_roles: "Artist" }, { member: artist }, /role Artist\./],
    ["no role at all", { generate_roles: "Artists" }, { member: { ...ana, roles: [] } }, /Ask an admin for it/],
    ["roles nobody tells", { generate_roles: "Artists" }, {}, /does not tell me roles.*\/settings/],
    [
      "a role, while generate says admins: the role decides",
      { generate_roles: "Crew", generate: "admins" },
      { member: artist },
      undefined,
    ],
    ["an admin without the role", { generate_roles: "Crew" }, admin, undefined],
    ["commas only: nobody is named", { generate_roles: " , " }, {}, undefined],
  ])("%s", (_why, settings, over, text) => {
    const problem = generateProblem(terms(settings, over));
    if (text)
      expect(english(problem)).toMatchObject({ code: "not_allowed", text: expect.stringMatching(text) as string });
    else expect(problem).toBeUndefined();
  });
});

describe("where pictures are made", () => {
  it.each<[string, string, Partial<Terms>, RegExp | undefined]>([
    ["the channel's id", "123", {}, undefined],
    ["its name", "art", {}, undefined],
    ["its name with #", "#Art", {}, undefined],
    ["its mention", "<#123>", {}, undefined],
    ["one of several", "posters, art", {}, undefined],
    ["a thread of it", "art", { place: { ...GROUP, threadId: "77" } }, undefined],
    ["the thread itself", "77", { place: { ...GROUP, threadId: "77" } }, undefined],
    ["another one", "posters, <#55>", {}, /made in #posters or <#55> here/],
    ["another one, for admins too", "posters", admin, /#posters/],
    ["a place without a name", "art", { place: { ...GROUP, title: undefined as never, chatId: "5" } }, /#art/],
    ["direct messages have no channel", "posters", { place: DIRECT }, undefined],
  ])("%s", (_why, channels, over, text) => {
    const problem = generateProblem(terms({ channels }, over));
    if (text) expect(english(problem?.text)).toMatch(text);
    else expect(problem).toBeUndefined();
  });
});

describe("how old accounts and memberships must be", () => {
  const member = (accountDays: number | undefined, joinedDays?: number) => ({
    ...ana,
    ...(accountDays === undefined ? {} : { accountMadeAtMs: NOW_MS - accountDays * DAY_MS }),
    ...(joinedDays === undefined ? {} : { joinedAtMs: NOW_MS - joinedDays * DAY_MS }),
  });
  it.each<[string, Settings, Partial<Terms>, RegExp | undefined]>([
    ["old enough to the millisecond", { min_account_days: 7 }, { member: member(7) }, undefined],
    [
      "a millisecond too young",
      { min_account_days: 7 },
      { member: { ...ana, accountMadeAtMs: NOW_MS - 7 * DAY_MS + 1 } },
      /once they are 7 days old\..* in 1 s/,
    ],
    ["two days to go", { min_account_days: 7 }, { member: member(5) }, /Yours can in 2 days/],
    ["new here", { min_member_days: 1 }, { member: member(99, 0) }, /here for 1 day. You can in 1 day/],
    [
      "both: the later one counts",
      { min_account_days: 7, min_member_days: 3 },
      { member: member(6, 0) },
      /here for 3 days. You can in 3 days/,
    ],
    ["what the platform does not tell", { min_account_days: 7, min_member_days: 3 }, {}, undefined],
    ["an admin", { min_account_days: 7 }, { ...admin, member: member(0) }, undefined],
  ])("%s", (_why, settings, over, text) => {
    const problem = generateProblem(terms(settings, over));
    if (text) expect(english(problem?.text)).toMatch(text);
    else expect(problem).toBeUndefined();
  });

  it("says when to come back", () =>
    expect(generateProblem(terms({ min_account_days: 7 }, { member: member(5) }))?.retryAtMs).toBe(
      NOW_MS + 2 * DAY_MS,
    ));
});

describe("direct messages", () => {
  it.each<[string, Partial<Terms>, boolean]>([
    ["off", { directMessages: "off" }, false],
    ["off, for who runs the chat", { directMessages: "off", ...admin }, false],
    ["off, for who runs Placard", { directMessages: "off", isOperator: true, ...admin }, true],
    ["on", {}, true],
    ["with a limit", { directMessages: { capGpuMs: 1 } }, true],
    ["off, in our own shell", { directMessages: "off", ownPlatform: true }, true],
    ["off, in a group", { directMessages: "off", place: GROUP }, true],
  ])("%s", (_why, over, may) => expect(generateProblem(terms({}, { place: DIRECT, ...over })) === undefined).toBe(may));
});

const direct = (capGpuMs: number, chatCapGpuMs = 0) => ({ directMessages: { capGpuMs }, chatCapGpuMs });

describe("what may be spent", () => {
  const rules = rulesOf({ role_allowance: "Artists=2, Crew = 3, Guests=0.5" }, { style: "rca", votes: 3 });
  it.each<[string, typeof artist | typeof ana, number]>([
    ["the highest factor of a member's roles", artist, 3],
    ["less for some", guest, 0.5],
    ["as usual for others", { ...ana, roles: roles("Staff") }, 1],
    ["as usual where nobody tells roles", ana, 1],
  ])("%s", (_why, member, factor) =>
    expect(allowanceFor(allowance, rules, member)).toEqual({
      capacityGpuMs: 300_000 * factor,
      refillGpuMsPerHour: 6000 * factor,
      resetMs: 86_400_000,
    }),
  );

  it.each<[string, Parameters<typeof spendCapFor>, number | undefined]>([
    ["no limit", [IN_GROUP, { dailyCapGpuMs: 0 }, { directMessages: "on", chatCapGpuMs: 0 }], undefined],
    ["the chat's", [IN_GROUP, { dailyCapGpuMs: 5 }, direct(3)], 5],
    ["the installation's for groups", [IN_GROUP, { dailyCapGpuMs: 0 }, direct(3, 4)], 4],
    ["the installation's, which no chat can raise", [IN_GROUP, { dailyCapGpuMs: 5 }, direct(3, 4)], 4],
    ["that of direct messages", [IN_DIRECT, { dailyCapGpuMs: 0 }, direct(3)], 3],
    ["that of direct messages, not that of groups", [IN_DIRECT, { dailyCapGpuMs: 0 }, direct(3, 1)], 3],
    ["the smaller one", [IN_DIRECT, { dailyCapGpuMs: 2 }, direct(3)], 2],
    ["none in our own shell", [{ place: DIRECT, ownPlatform: true }, { dailyCapGpuMs: 0 }, direct(3)], undefined],
  ])("in a spend window: %s", (_why, input, cap) => expect(spendCapFor(...input)).toBe(cap));
});

describe("lists that admins write", () => {
  it("names", () => expect(namesIn(" a, b c ,, d")).toEqual(["a", "b c", "d"]));
  it("factors, with spaces, commas and = in names", () =>
    expect(roleFactorsIn("Lead = Artists=2, Guests=0.5,<@&12>=10")).toEqual({
      ok: true,
      value: [
        { role: "Lead = Artists", factor: 2 },
        { role: "Guests", factor: 0.5 },
        { role: "<@&12>", factor: 10 },
      ],
    }));
  it.each(["Artists", "=2", "Artists=0", "Artists=0.05", "Artists=10.5", "Artists=-1", "Artists=two", "a=1e9"])(
    "no factors: %s",
    (text) => expect(roleFactorsIn(text)).toMatchObject({ ok: false, problem: { code: "bad_args" } }),
  );
});

describe("letting chats in", () => {
  it.each<[string, Parameters<typeof needsApproval>, boolean]>([
    ["nobody need", [IN_GROUP, { foreign: false, platforms: [] }], false],
    ["all of other platforms", [IN_GROUP, { foreign: true, platforms: [] }], true],
    [
      "not the web chat",
      [
        { place: { platform: "web", group: true }, ownPlatform: true },
        { foreign: true, platforms: [] },
      ],
      false,
    ],
    [
      "the web chat when told",
      [
        { place: { platform: "web", group: true }, ownPlatform: true },
        { foreign: true, platforms: ["web"] },
      ],
      true,
    ],
    ["a named platform alone", [IN_GROUP, { foreign: false, platforms: ["telegram"] }], false],
    ["no direct messages", [IN_DIRECT, { foreign: true, platforms: ["discord"] }], false],
  ])("%s", (_why, input, needed) => expect(needsApproval(...input)).toBe(needed));

  it("tells whom to ask, also while nobody could", () => {
    expect(english(unapprovedProblem(1).text)).toMatch(/Ask whoever runs it to type \/approve/);
    expect(english(unapprovedProblem(0).text)).toMatch(/ADMINS.*\/approve/);
  });
});
