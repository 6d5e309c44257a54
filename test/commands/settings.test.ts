import { describe, expect, it } from "vitest";
import { type ChatSettings, chatSettingsSchema } from "../../src/domain/chat-settings.ts";
import { contextWith, root } from "./context.ts";
import { formOf, pressInChat, refusal, typed, viewOf } from "./parts.ts";

/** On a platform that tells everything about its members. */
const admin = (settings: ChatSettings = {}) =>
  contextWith({ member: { ...root, roles: [], accountMadeAtMs: 1, joinedAtMs: 1 }, settings });

describe("/settings", () => {
  it("shows what holds, and which of it is a default", async () => {
    const view = viewOf(await typed("/settings", admin({ votes: 5, retention_days: 30 })));
    expect(Object.fromEntries(view.fields?.map(({ name, value }) => [name, value]) ?? [])).toEqual({
      language: "as heard here (default)",
      style: "rca (default)",
      size: "each style's own (default)",
      generate: "everyone (default)",
      reroll: "vote (default)",
      votes: "5",
      vote_minutes: "60 (default)",
      remote: "allowed (default)",
      backends: "every one (default)",
      retention_days: "30",
      channels: "all (default)",
      daily_cap_seconds: "0, no limit (default)",
      generate_roles: "as generate says (default)",
      min_account_days: "0 (default)",
      min_member_days: "0 (default)",
      original: "on_demand (default)",
      role_allowance: "the same for all (default)",
      spoiler: "no (default)",
    });
    expect(view.text).toContain("votes:default");
  });

  it.each<[string, ChatSettings, string, ChatSettings]>([
    ["adds to what was chosen before", { votes: 5 }, "reroll:everyone", { votes: 5, reroll: "everyone" }],
    ["puts one setting back", { votes: 5, size: "poster" }, "votes:default", { size: "poster" }],
    [
      "puts all back",
      {
        style: "chalk",
        size: "poster",
        generate: "admins",
        reroll: "vote",
        votes: 1,
        vote_minutes: 5,
        retention_days: 0,
      },
      "style:default size:default generate:default reroll:default votes:default vote_minutes:default retention_days:default",
      {},
    ],
    ["reads the word in any case", { votes: 5 }, "votes:Default", {}],
    ["keeps 0 days, which is for ever", { retention_days: 5 }, "retention_days:0", { retention_days: 0 }],
    ["pins a value that is the default now", {}, "votes:3", { votes: 3 }],
    ["reads a style's title", {}, "style:Chalk", { style: "chalk" }],
    [
      "takes lists of roles and channels",
      {},
      'generate_roles:"Artists, <@&12>" channels:#art,#posters',
      { generate_roles: "Artists, <@&12>", channels: "#art,#posters" },
    ],
    [
      "takes factors for roles, and a spending cap",
      {},
      'role_allowance:"Artists=2, Guests=0.5" daily_cap_seconds:600',
      { role_allowance: "Artists=2, Guests=0.5", daily_cap_seconds: 600 },
    ],
    [
      "keeps pictures where the chat wants them",
      {},
      "backends:Sketch,gpu remote:forbidden",
      { backends: "Sketch,gpu", remote: "forbidden" },
    ],
    ["puts a list back", { channels: "art" }, "channels:default", {}],
    ["takes a size in pixels", {}, "size:832x1024", { size: "832x1024" }],
    ["changes the rest while the chosen style is gone", { style: "gone" }, "votes:2", { style: "gone", votes: 2 }],
  ])("%s", async (_why, before, line, settings) =>
    expect(await typed(`/settings ${line}`, admin(before))).toMatchObject({ do: "configure", settings }),
  );

  it("stores no word default, and no setting that was put back", async () => {
    const outcome = await typed("/settings style:default votes:default", admin({ style: "chalk", votes: 5 }));
    expect(outcome).toEqual({
      do: "configure",
      settings: {},
      said: "Root changed how Placard works here: style back to the default, votes back to the default.",
    });
  });

  it.each<[string, ChatSettings, string, RegExp]>([
    ["an unknown style", {}, "style:nothing", /“nothing”.*\/styles/],
    ["an unknown size", {}, "size:huge", /square/],
    ["a factor for nobody", {}, "role_allowance:2", /each role with its factor.*You wrote “2”/],
    ["a factor of nothing", {}, "role_allowance:Guests=0", /from 0.1 to 10,/],
    ["a backend that is not here", {}, "backends:gpu,cloud", /no “cloud” here. There are: gpu, sketch/],
    ["a word for a spending cap", {}, "daily_cap_seconds:much", /from 0 to 10000000, or default/],
    ["a side off the steps", {}, "size:833x1024", /832x1024/],
    ["what is as it was", { votes: 2 }, "votes:2", /Nothing was changed/],
    ["a default that holds already", {}, "votes:default", /Nothing was changed/],
    ["a word that is no value", {}, "votes:usual", /from 1 to 50, or default/],
    ["a value past its range", {}, "votes:51", /from 1 to 50/],
    ["a choice that is none", {}, "reroll:nobody", /vote, everyone, requester, default/],
  ])("refuses %s", async (_why, before, line, text) =>
    expect(await typed(`/settings ${line}`, admin(before))).toMatchObject(refusal("bad_args", text)),
  );
});

describe("where the platform tells nothing about its members", () => {
  const untold = (settings: ChatSettings = {}) => contextWith({ member: root, settings });
  const ABOUT = ["generate_roles", "role_allowance", "min_account_days", "min_member_days"];

  it("settings that could do nothing are not offered", async () => {
    const names = viewOf(await typed("/settings", untold())).fields?.map(({ name }) => name) ?? [];
    expect(names).toContain("generate");
    expect(names.filter((name) => ABOUT.includes(name))).toEqual([]);
    const { fields } = formOf(await pressInChat("settings", untold(), { page: "1" }));
    expect(fields.map(({ name }) => name)).toEqual(["generate", "channels"]);
  });

  it.each([
    ["generate_roles:Artists", /does nothing here: this platform does not tell me roles/],
    ["role_allowance:Artists=2", /does nothing here/],
    ["min_account_days:7", /how old accounts are/],
    ["min_member_days:7", /since when members are here/],
  ])("%s is refused", async (line, text) =>
    expect(await typed(`/settings ${line}`, untold())).toMatchObject(refusal("bad_args", text)),
  );

  it("what was set before is shown and can be taken back", async () => {
    const before = untold({ min_account_days: 7 });
    expect(viewOf(await typed("/settings", before)).fields).toContainEqual({ name: "min_account_days", value: "7" });
    expect(await typed("/settings min_account_days:default", before)).toMatchObject({ do: "configure", settings: {} });
  });
});

describe("the settings form", () => {
  const groups = [0, 1, 2, 3, 4, 5];
  const forms = (settings: ChatSettings = {}) =>
    Promise.all(
      groups.map(async (group) => formOf(await pressInChat("settings", admin(settings), { page: String(group) }))),
    );
  const filledIn = async (settings: ChatSettings) =>
    Object.fromEntries((await forms(settings)).flatMap(({ fields }) => fields.map(({ name, value }) => [name, value])));

  it("has every setting once, at most five at a time, each behind a button of its own", async () => {
    const all = await forms();
    for (const { fields } of all) expect(fields.length).toBeLessThanOrEqual(5);
    const names = all.flatMap(({ fields }) => fields.map(({ name }) => name));
    expect(names.toSorted()).toEqual(Object.keys(chatSettingsSchema.shape).toSorted());
    const { buttons, fields } = viewOf(await typed("/settings", admin()));
    expect(buttons?.flat().map(({ token }) => token)).toEqual(all.map(({ token }) => token));
    expect(fields?.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    // A button of a later version, and one of an earlier, whose index was always 0.
    expect(formOf(await pressInChat("settings", admin(), { page: "99" })).fields.length).toBeGreaterThan(0);
  });

  it("shows what was chosen, and the word default elsewhere", async () =>
    expect(await filledIn({ votes: 5, size: "832x1024", retention_days: 0 })).toEqual({
      style: "default",
      size: "832x1024",
      generate: "default",
      reroll: "default",
      votes: "5",
      vote_minutes: "default",
      remote: "default",
      backends: "default",
      retention_days: "0",
      language: "default",
      channels: "default",
      daily_cap_seconds: "default",
      generate_roles: "default",
      min_account_days: "default",
      min_member_days: "default",
      original: "default",
      role_allowance: "default",
      spoiler: "default",
    }));

  it("offers the word in every field: in its list, or beside its numbers", async () => {
    for (const field of (await forms()).flatMap(({ fields }) => fields))
      expect([...(field.choices ?? []).map(({ value }) => value), ...(field.words ?? [])], field.name).toContain(
        "default",
      );
  });

  it("sent back as it came changes nothing, whatever was set", async () => {
    const before = { votes: 5, size: "832x1024", style: "gone" };
    expect(await pressInChat("settings", admin(before), { page: "0" }, await filledIn(before))).toMatchObject(
      refusal("bad_args", /Nothing was changed/),
    );
  });

  it("puts a setting back by the word, and leaves what was emptied as it is", async () => {
    const before = { votes: 5, reroll: "everyone", size: "poster" } as const;
    const values = { ...(await filledIn(before)), votes: "default", size: "" };
    expect(await pressInChat("settings", admin(before), { page: "0" }, values)).toMatchObject({
      do: "configure",
      settings: { reroll: "everyone", size: "poster" },
      said: "Root changed how Placard works here: votes back to the default.",
    });
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ["a wrong number", { votes: "many" }, /votes: .*or default/],
    ["a field that is none", { colour: "red" }, /colour/],
    ["a value that is no text", { votes: { $gt: 0 } }, /votes/],
    ["two mistakes at once", { votes: "0", vote_minutes: "-1" }, /2 things/],
  ])("refuses %s", async (_why, values, text) =>
    expect(await pressInChat("settings", admin(), { page: "0" }, values)).toMatchObject(refusal("bad_args", text)),
  );

  it.each([
    ["is not opened", undefined],
    ["is not taken", { votes: "1" }],
  ])("%s for members who are no admins", async (_why, values) =>
    expect(await pressInChat("settings", contextWith(), { page: "0" }, values)).toMatchObject(
      refusal("not_allowed", /admins/),
    ),
  );
});
