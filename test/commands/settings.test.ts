import { describe, expect, it } from "vitest";
import { type ChatSettings, chatSettingsSchema } from "../../src/domain/chat-settings.ts";
import type { Context } from "../../src/ports/command.ts";
import { contextWith, root } from "./context.ts";
import { formOf, pressInChat, refusal, typed, viewOf } from "./parts.ts";

/** On a platform that tells everything about its members. */
const admin = (settings: ChatSettings = {}) =>
  contextWith({
    member: { ...root, roles: [], accountMadeAtMs: 1, joinedAtMs: 1, repliesHeard: true },
    picturePolls: true,
    settings,
  });

describe("/settings", () => {
  it("shows what holds, and which of it is a default", async () => {
    const view = viewOf(await typed("/settings", admin({ votes: 5, retention_days: 30 })));
    expect(Object.fromEntries(view.fields?.map(({ name, value }) => [name, value]) ?? [])).toEqual({
      "Usual style": "RCA (default)",
      "Usual size": "each style’s own (default)",
      "Pictures are covered": "No (default)",
      "Original file": "Only when asked for (default)",
      "How long pictures are kept": "30 days",
      "Who may make pictures": "Everyone (default)",
      "Roles that may make pictures": "no limit by role (default)",
      "Channels for pictures": "all (default)",
      "Age of accounts, at least": "any (default)",
      "Here since, at least": "any (default)",
      "Who may reroll others’ pictures": "A vote decides, and the voters share the cost (default)",
      "Votes a reroll needs": "5",
      "How long a vote is open": "1 h (default)",
      "What votes on pictures show": "everybody sees how it stands (default)",
      "How votes on pictures look": "Buttons under the pictures (default)",
      "What costs something is made": "Made at once (default)",
      "What is voted on before": "all of these (default)",
      "Who pays for what was voted for": "Those who voted for it, in equal parts (default)",
      "Spent together in 24 hours, at most": "no limit (default)",
      "Allowance by role": "the same for all (default)",
      "Prompts may go outside": "Yes (default)",
      "Places where pictures are made": "all there are (default)",
      "Language of this chat": "what the admins’ apps speak (default)",
      "Replies to a picture": "Talk: nothing happens (default)",
      "For whom the pot pays": "Whoever has run out, and votes (default)",
      "Quoted words are set over it": "no (default)",
      "“AI” in a corner of pictures": "no (default)",
      "A moderator sees them first": "No (default)",
      "Members who hide a picture": "2 members (default)",
      "Pictures for adults": "no (default)",
      "Words that nobody draws with": "none (default)",
      Brand: "None",
    });
    expect(view.text).toContain("votes:default");
  });

  it("shows what was chosen in words", async () => {
    const chosen: ChatSettings = {
      language: "pt-BR",
      style: "chalk",
      size: "832x1024",
      original: "on_demand",
      generate: "admins",
      min_account_days: 1,
      daily_cap_seconds: 600,
      role_allowance: "Artists=2, Guests=0.5",
      remote: "forbidden",
      backends: "sketch,gone",
      channels: "art, posters",
    };
    const { fields } = viewOf(await typed("/settings", admin(chosen)));
    const shown = Object.fromEntries(fields?.map(({ name, value }) => [name, value]) ?? []);
    expect(shown).toMatchObject({
      "Language of this chat": "Português (Brasil) (a machine’s draft: help us make it better)",
      "Usual style": "Chalk",
      "Usual size": "832x1024",
      "Original file": "Only when asked for",
      "Who may make pictures": "Admins only",
      "Age of accounts, at least": "1 day",
      "Spent together in 24 hours, at most": "600 s",
      "Allowance by role": "Artists: 2 times, Guests: 0.5 times",
      "Prompts may go outside": "No, only in your own network",
      "Places where pictures are made": "the built-in sketch, gone",
      "Channels for pictures": "art, posters",
    });
  });

  it("shows no key of a setting or of a value", async () => {
    const keys = [...Object.keys(chatSettingsSchema.shape), "on_demand", "requester", "forbidden"];
    const { fields } = viewOf(await typed("/settings", admin({ original: "on_demand", reroll: "requester" })));
    for (const key of keys.filter((one) => one.includes("_"))) expect(JSON.stringify(fields), key).not.toContain(key);
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
    ["takes a language by its tag", {}, "language:es", { language: "es" }],
    ["takes a language by its own name", {}, "language:español", { language: "es" }],
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
      said: "Root changed the settings of this chat.\nUsual style: the default again\nVotes a reroll needs: the default again",
    });
  });

  it.each<[string, ChatSettings, string, RegExp]>([
    ["an unknown style", {}, "style:nothing", /“nothing”.*\/styles/],
    ["an unknown size", {}, "size:huge", /square/],
    ["a factor for nobody", {}, "role_allowance:2", /each role with its factor.*You wrote “2”/],
    ["a factor of nothing", {}, "role_allowance:Guests=0", /from 0.1 to 10,/],
    ["a backend that is not here", {}, "backends:gpu,cloud", /no place called “cloud” here. There are: gpu, sketch/],
    ["a word for a spending cap", {}, "daily_cap_seconds:much", /from 0 to 10000000, or default/],
    ["a side off the steps", {}, "size:833x1024", /832x1024/],
    ["what is as it was", { votes: 2 }, "votes:2", /Nothing was changed/],
    ["a default that holds already", {}, "votes:default", /Nothing was changed/],
    ["a language that is not spoken here", {}, "language:tlh", /en, es, pt-BR, default/],
    ["a word that is no value", {}, "votes:usual", /from 1 to 50, or default/],
    ["a value past its range", {}, "votes:51", /from 1 to 50/],
    [
      "a kind of spending that is none",
      {},
      "vote_on:vary,rerolls",
      /Nobody knows rerolls here\. Choose from: vary, batch, edit, upscale, paid/,
    ],
    ["a choice that is none", {}, "reroll:nobody", /vote, everyone, requester, default/],
  ])("refuses %s", async (_why, before, line, text) =>
    expect(await typed(`/settings ${line}`, admin(before))).toMatchObject(refusal("bad_args", text)),
  );
});

describe("where the platform tells nothing about its members", () => {
  const untold = (settings: ChatSettings = {}) => contextWith({ member: root, settings });
  const ABOUT = [
    "Roles that may make pictures",
    "Allowance by role",
    "Age of accounts, at least",
    "Here since, at least",
    "How votes on pictures look",
  ];

  it("settings that could do nothing are not offered", async () => {
    const names = viewOf(await typed("/settings", untold())).fields?.map(({ name }) => name) ?? [];
    expect(names).toContain("Who may make pictures");
    expect(names.filter((name) => ABOUT.includes(name))).toEqual([]);
    const { fields } = formOf(await pressInChat("settings", untold(), { page: "1" }));
    expect(fields.map(({ name }) => name)).toEqual(["generate", "channels"]);
  });

  it.each([
    [
      "generate_roles:Artists",
      /“Roles that may make pictures” does nothing here: this platform does not tell who has which role/,
    ],
    ["role_allowance:Artists=2", /does nothing here/],
    ["min_account_days:7", /how old accounts are/],
    ["min_member_days:7", /since when members are here/],
    ["polls:native", /no polls with pictures/],
  ])("%s is refused", async (line, text) =>
    expect(await typed(`/settings ${line}`, untold())).toMatchObject(refusal("bad_args", text)),
  );

  it("what was set before is shown and can be taken back", async () => {
    const before = untold({ min_account_days: 7 });
    expect(viewOf(await typed("/settings", before)).fields).toContainEqual({
      name: "Age of accounts, at least",
      value: "7 days",
    });
    expect(await typed("/settings min_account_days:default", before)).toMatchObject({ do: "configure", settings: {} });
  });
});

describe("pictures for adults", () => {
  const discord = (ageRestricted: boolean) =>
    ({ ...admin(), place: { platform: "discord", chatId: "c", group: true, ageRestricted } }) as Context;
  it("can be wanted only where the platform that marks places for adults has marked this one", async () => {
    expect(await typed("/settings adult:yes", discord(false))).toMatchObject(
      refusal("bad_args", /only in channels that are marked for adults/),
    );
    expect(await typed("/settings adult:yes", discord(true))).toMatchObject({ settings: { adult: "yes" } });
    expect(await typed("/settings adult:yes", admin())).toMatchObject({ settings: { adult: "yes" } });
    const names = async (marked: boolean) =>
      formOf(await pressInChat("settings", discord(marked), { page: "7" })).fields.map(({ name }) => name);
    expect(await names(false)).toEqual(["hold", "hide", "blocked_words"]);
    expect(await names(true)).toEqual(["hold", "hide", "adult", "blocked_words"]);
  });
});

describe("the settings form", () => {
  const groups = [0, 1, 2, 3, 4, 5, 6, 7];
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
    // The model only where there is a choice of several: see test/flow/models.test.ts.
    expect([...names, "model"].toSorted()).toEqual(Object.keys(chatSettingsSchema.shape).toSorted());
    const { buttons, fields } = viewOf(await typed("/settings", admin({ retention_days: 0 })));
    expect(
      buttons
        ?.flat()
        .slice(0, -1)
        .map(({ token }) => token),
    ).toEqual(all.map(({ token }) => token));
    expect(fields?.slice(0, -1).map(({ name }) => name)).toEqual(
      all.flatMap((form) => form.fields.map(({ label }) => label)),
    );
    // What takes a file has a place of its own.
    expect([buttons?.flat().at(-1)?.label, fields?.at(-1)?.name]).toEqual(["Brand", "Brand"]);
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
      letter: "default",
      label: "default",
      hold: "default",
      hide: "default",
      adult: "default",
      blocked_words: "default",
      channels: "default",
      daily_cap_seconds: "default",
      generate_roles: "default",
      min_account_days: "default",
      min_member_days: "default",
      original: "default",
      replies: "default",
      pays: "default",
      pick_visibility: "default",
      polls: "default",
      pot_draw: "default",
      role_allowance: "default",
      spend: "default",
      spoiler: "default",
      vote_on: "default",
    }));

  it("offers the word in every field: in its list, or beside its numbers", async () => {
    for (const field of (await forms()).flatMap(({ fields }) => fields))
      expect([...(field.choices ?? []).map(({ value }) => value), ...(field.words ?? [])], field.name).toContain(
        "default",
      );
  });

  it("calls every field in words, says its key beside them, and what the default comes to", async () => {
    const fields = (await forms({ generate: "admins" })).flatMap((form) => form.fields);
    for (const { name, label, summary, choices } of fields) {
      expect(label, name).toMatch(/^[^_:]{4,45}$/u);
      expect(summary, name).toMatch(new RegExp(` · ${name}:$`, "u"));
      expect(summary.length, name).toBeLessThanOrEqual(100);
      for (const choice of choices ?? []) expect(choice.label, name).toMatch(/^[^_]{2,60}$/u);
    }
    const labels = (name: string) =>
      fields.find((field) => field.name === name)?.choices?.map((choice) => `${choice.value}: ${choice.label}`);
    expect(labels("generate")).toEqual(["everyone: Everyone", "admins: Admins only", "default: Default"]);
    expect(labels("original")).toEqual([
      "on_demand: Only when asked for",
      "always: Posted after each picture, too",
      "default: Only when asked for (default)",
    ]);
    expect(labels("language")).toEqual([
      "en: English",
      "es: Español",
      "pt-BR: Português (Brasil) (machine draft)",
      "default: what the admins’ apps speak (default)",
    ]);
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
      said: "Root changed the settings of this chat.\nVotes a reroll needs: the default again",
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
