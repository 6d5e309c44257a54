import { describe, expect, it } from "vitest";
import { type ReadDeps, readInteraction } from "../../../adapters/discord/invocation.ts";
import { decodeReply, madeAtMs } from "../../../adapters/discord/reply-token.ts";
import { modalValues } from "../../../adapters/discord/wire.ts";
import type { Attachment } from "../../../src/ports/chat.ts";
import { gatewayReferee } from "../../referees/gateway.ts";

const ANA = {
  id: "123456789012345678",
  username: "ana",
  global_name: "Ana",
  discriminator: "0",
  avatar: null,
  public_flags: 0,
};
const GUILD = "223456789012345678";
const CHANNEL = "323456789012345678";
const THREAD = "423456789012345678";
const FILE = {
  id: "523456789012345678",
  filename: "photo.png",
  size: 1234,
  url: "https://cdn.discordapp.com/a/b/photo.png",
  proxy_url: "https://media.discordapp.net/a/b/photo.png",
  content_type: "image/png",
};
const member = (parts: object = {}) => ({
  user: ANA,
  nick: null,
  avatar: null,
  roles: ["623456789012345678"],
  joined_at: "2024-05-01T10:00:00.000000+00:00",
  deaf: false,
  mute: false,
  flags: 0,
  permissions: "2048",
  ...parts,
});
const base = {
  id: "1100000000000000001",
  application_id: "999999999999999999",
  token: "secret-token",
  version: 1,
  locale: "es-419",
  entitlements: [],
  authorizing_integration_owners: { "0": GUILD },
  attachment_size_limit: 10_485_760,
};
const inServer = {
  ...base,
  guild_id: GUILD,
  guild: { id: GUILD, locale: "en-GB", features: [] },
  guild_locale: "en-GB",
  channel_id: CHANNEL,
  channel: { id: CHANNEL, type: 0, name: "posters", guild_id: GUILD, permissions: "2048" },
  member: member(),
  app_permissions: "3072",
  context: 0,
};
const command = (data: object, parts: object = {}) => ({
  ...inServer,
  type: 2,
  data: { id: "723456789012345678", name: "rca", type: 1, ...data },
  ...parts,
});
const attachment = (file: { readonly filename: string; readonly size: number }): Attachment => ({
  name: file.filename,
  mime: "image/png",
  sizeBytes: file.size,
  read: async () => new Uint8Array(),
});
const COPIED = { url: "https://a.example/x.png", proxy_url: "https://images-ext-1.discordapp.net/x" };
const deps: ReadDeps = {
  names: {
    role: () => "Printers",
    channel: (_guild, channel) => (channel === CHANNEL ? "posters" : undefined),
    roleCalled: (_guild, name) => (name === "Printers" ? "623456789012345678" : undefined),
    channelCalled: () => undefined,
  },
  picksOf: (_command, option) =>
    option === "role_allowance" ? { of: "roles", none: "default", weighted: true } : undefined,
  attachment,
  botId: "888888888888888888",
};
const read = (payload: object) => readInteraction(payload, deps);
const invoked = (payload: object) => {
  const received = read(payload);
  if (received?.is !== "command") throw new Error(`no command but ${received?.is}`);
  return received.invocation;
};
const pressedOf = (payload: object) => {
  const received = read(payload);
  if (received?.is !== "press") throw new Error(`no press but ${received?.is}`);
  return received;
};

describe("a command", () => {
  const sent = command({
    options: [
      { name: "prompt", type: 3, value: "portrait: a cat -- asleep" },
      { name: "seed", type: 3, value: "0" },
      { name: "cfg", type: 10, value: 3.5 },
      { name: "loud", type: 5, value: false },
    ],
  });

  it("is what Discord's types say a command is", async () => {
    const referee = await gatewayReferee();
    const event = { op: 0, s: 1, t: "INTERACTION_CREATE", d: sent };
    expect(referee.message("InteractionCreate", event)).toBeUndefined();
  });

  it("has the names of whom and what it mentions, in options and forms", async () => {
    const prompt = `a wall for <@${ANA.id}>, <@!${ANA.id}>, <@&623456789012345678> of <#${CHANNEL}> <:fist:1234567>`;
    const resolved = {
      users: { [ANA.id]: ANA },
      members: { [ANA.id]: { nick: "Ana\u202e B", roles: [], joined_at: "2024-05-01T10:00:00Z", permissions: "0" } },
      roles: {},
    };
    const named = "a wall for Ana B, Ana B, Printers of #posters <:fist:1234567>";
    const data = { options: [{ name: "prompt", type: 3, value: prompt }], resolved };
    expect(invoked(command(data)).raw).toEqual({ values: { prompt: named } });
    const field = { type: 18, id: 1, component: { type: 4, id: 2, custom_id: "prompt", value: prompt } };
    const form = { ...inServer, type: 5, data: { custom_id: "t", components: [field], resolved } };
    expect(pressedOf(form).pressed.values).toEqual({ prompt: named });
    // Whom a command is about is named best by the id, and nobody knows this one.
    for (const value of [`<@${ANA.id}>`, "for <@999999999999999999>"])
      expect(invoked(command({ options: [{ name: "member", type: 3, value }], resolved })).raw).toEqual({
        values: { member: value },
      });
  });

  it("comes with its member, its place and what was filled in", () => {
    expect(invoked(sent)).toEqual({
      updateId: "discord:1100000000000000001",
      commandName: "rca",
      raw: { values: { prompt: "portrait: a cat -- asleep", seed: "0", cfg: 3.5, loud: false } },
      attachments: [],
      member: {
        id: `discord:${ANA.id}`,
        name: "Ana",
        admin: false,
        roles: [{ id: "623456789012345678", name: "Printers" }],
        accountMadeAtMs: madeAtMs(ANA.id),
        languages: ["es-419"],
        joinedAtMs: Date.parse("2024-05-01T10:00:00Z"),
      },
      target: {
        place: {
          platform: "discord",
          chatId: CHANNEL,
          communityId: GUILD,
          title: "posters",
          language: "en-GB",
          ageRestricted: false,
          group: true,
        },
        memberId: `discord:${ANA.id}`,
        replyToken: "c.999999999999999999.1100000000000000001..secret-token",
        replyTokenExpiresAtMs: madeAtMs(base.id) + 15 * 60_000 - 30_000,
      },
    });
  });

  it.each([
    [true, true],
    [false, false],
    [undefined, false],
  ])("is in a channel for adults only where Discord says so: %s", (nsfw, ageRestricted) => {
    const channel = { id: CHANNEL, type: 0, name: "posters", ...(nsfw === undefined ? {} : { nsfw }) };
    expect(invoked(command({}, { channel })).target.place.ageRestricted).toBe(ageRestricted);
  });

  it.each([
    ["Manage Server", String(1n << 5n), true],
    ["Administrator", String(1n << 3n), true],
    ["more than 2^53 other bits", String((1n << 60n) | (1n << 11n)), false],
    ["nothing", "0", false],
  ])("knows an admin by the permission: %s", (_what, permissions, admin) => {
    expect(invoked(command({}, { member: member({ permissions }) })).member.admin).toBe(admin);
  });

  it.each([
    ["the nickname of the server", { nick: "Nan" }, "Nan"],
    ["the display name", { nick: null }, "Ana"],
    ["the user name", { user: { ...ANA, global_name: null } }, "ana"],
  ])("calls a member by %s", (_what, parts, name) => {
    expect(invoked(command({}, { member: member(parts) })).member.name).toBe(name);
  });

  it.each([10, 11, 12])("belongs to the chat that a thread of type %i hangs in", (type) => {
    const channel = { id: THREAD, type, name: "the march", parent_id: CHANNEL, guild_id: GUILD };
    expect(invoked(command({}, { channel_id: THREAD, channel })).target.place).toEqual({
      platform: "discord",
      chatId: CHANNEL,
      threadId: THREAD,
      communityId: GUILD,
      title: "posters",
      language: "en-GB",
      ageRestricted: false,
      group: true,
    });
  });

  it("takes English as nobody's choice: it is what every new server has", () => {
    expect(invoked(command({}, { guild_locale: "en-US" })).target.place).not.toHaveProperty("language");
  });

  it("names no title of a thread whose chat it does not know", () => {
    const channel = { id: THREAD, type: 11, name: "the march", parent_id: "1", guild_id: GUILD };
    expect(invoked(command({}, { channel_id: THREAD, channel })).target.place).not.toHaveProperty("title");
  });

  it("comes from a direct message without roles, rights or community", () => {
    const {
      member: _member,
      guild_id: _guild,
      guild: _whole,
      guild_locale: _its,
      app_permissions: _ours,
      ...rest
    } = inServer;
    const direct = {
      ...rest,
      type: 2,
      user: ANA,
      channel: { id: CHANNEL, type: 1 },
      data: { id: "1", name: "rca", type: 1 },
    };
    const { member: who, target } = invoked(direct);
    expect(who).toEqual({
      id: `discord:${ANA.id}`,
      name: "Ana",
      languages: ["es-419"],
      admin: false,
      accountMadeAtMs: madeAtMs(ANA.id),
    });
    expect(target.place).toEqual({ platform: "discord", chatId: CHANNEL, group: false });
  });

  it("brings its file along, not the file's id", () => {
    const { raw, attachments } = invoked(
      command({
        options: [
          { name: "prompt", type: 3, value: "x" },
          { name: "image", type: 11, value: FILE.id },
        ],
        resolved: { attachments: { [FILE.id]: FILE } },
      }),
    );
    expect(raw).toEqual({ values: { prompt: "x" } });
    expect(attachments).toMatchObject([{ name: "photo.png", sizeBytes: 1234 }]);
  });

  it("keeps a value that only looks like something built in", () => {
    const options = [{ name: "prompt", type: 3, value: "constructor" }];
    expect(invoked(command({ options, resolved: { attachments: {} } })).raw).toEqual({
      values: { prompt: "constructor" },
    });
  });
});

describe("a message's menu", () => {
  const target = "823456789012345678";
  const chosen = (name: string, message: object) =>
    command({ name, type: 3, target_id: target, resolved: { messages: { [target]: { id: target, ...message } } } });
  const theirs = { author: { id: ANA.id }, attachments: [{ ...FILE, content_type: "text/plain" }, FILE] };
  const ours = { author: { id: "888888888888888888" }, attachments: [FILE] };

  it("starts from the first picture of anybody's message", () => {
    const { commandName, attachments, about } = invoked(chosen("Use this picture", theirs));
    expect(commandName).toBe("edit");
    expect(attachments).toMatchObject([{ name: "photo.png" }]);
    expect(about).toMatchObject({ messageId: target, place: { chatId: CHANNEL } });
  });
  it.each([
    ["a card's picture", { embeds: [{ title: "x" }, { image: COPIED }] }],
    ["an address that shows a picture", { embeds: [{ title: "x" }, { thumbnail: COPIED }] }],
    [
      "a gallery's picture",
      { components: [{ type: 17, components: [{ type: 12, items: [{ media: COPIED }] }] }], embeds: [] },
    ],
  ])("starts from %s, in Discord's own copy", (_what, parts) => {
    const urls: string[] = [];
    const noting = {
      ...deps,
      attachment: (file: { url: string; filename: string; size: number }) => {
        urls.push(file.url);
        return attachment(file);
      },
    };
    readInteraction(chosen("Use this picture", { attachments: [], ...parts }), noting);
    expect(urls).toEqual(["https://images-ext-1.discordapp.net/x"]);
  });
  it("points at our own picture by its message alone: the store knows more than the posted file", () => {
    expect(invoked(chosen("Show recipe", ours))).toMatchObject({
      commandName: "info",
      attachments: [],
      about: { messageId: target },
    });
    expect(invoked(chosen("Use this picture", ours))).toMatchObject({ commandName: "edit", attachments: [] });
    expect(invoked(chosen("Show recipe", { ...ours, author: { id: base.application_id } })).attachments).toEqual([]);
  });
  it("reads the recipe out of somebody else's file", () => {
    expect(invoked(chosen("Show recipe", theirs)).attachments).toHaveLength(1);
  });
  it("hands over a message without a picture, for the core to refuse", () => {
    expect(invoked(chosen("Use this picture", { attachments: [] })).attachments).toEqual([]);
  });
});

describe("a press", () => {
  const message = { id: "923456789012345678", channel_id: CHANNEL, content: "", attachments: [], embeds: [] };
  const press = (parts: object = {}) => ({
    ...inServer,
    type: 3,
    message,
    data: { custom_id: "1.reroll.abcdefghijklmnop.0.AAAAAAAAAAA", component_type: 2 },
    ...parts,
  });

  it("comes with its token and its presser", () => {
    expect(pressedOf(press()).pressed).toMatchObject({
      updateId: "discord:1100000000000000001",
      token: "1.reroll.abcdefghijklmnop.0.AAAAAAAAAAA",
      member: { name: "Ana" },
      target: { place: { chatId: CHANNEL } },
    });
    expect(pressedOf(press()).pressed).not.toHaveProperty("values");
  });
  it("tells whether only its member sees the message", () => {
    const replyOf = (payload: object) => decodeReply(pressedOf(payload).pressed.target.replyToken)?.origin;
    expect(replyOf(press())).toBe("press");
    expect(replyOf(press({ message: { ...message, flags: 64 } }))).toBe("press-private");
  });
  it("takes off what only tells two buttons apart", () => {
    const data = { custom_id: "1.reroll.abcdefghijklmnop.0.AAAAAAAAAAA~2", component_type: 2 };
    expect(pressedOf(press({ data })).pressed.token).toBe("1.reroll.abcdefghijklmnop.0.AAAAAAAAAAA");
  });
  it("comes with what was chosen from a list", () => {
    const data = { custom_id: "t", component_type: 3, values: ["rca"] };
    expect(pressedOf(press({ data })).pressed.values).toEqual({ choice: "rca" });
  });
  it("comes with what was filled in, from labels and from rows", () => {
    const components = [
      { type: 18, id: 1, component: { type: 4, id: 2, custom_id: "prompt", value: "a boat" } },
      { type: 18, id: 3, component: { type: 3, id: 4, custom_id: "style", values: ["rca"] } },
      { type: 1, id: 5, components: [{ type: 4, id: 6, custom_id: "seed", value: "" }] },
      { type: 10, id: 7 },
    ];
    const received = pressedOf({ ...inServer, type: 5, data: { custom_id: "t", components } });
    expect(received.pressed).toMatchObject({ token: "t", values: { prompt: "a boat", style: "rca", seed: "" } });
    expect(decodeReply(received.pressed.target.replyToken)?.origin).toBe("form");
  });
});

describe("somebody typing", () => {
  it("asks about the option in focus", () => {
    const options = [
      { name: "prompt", type: 3, value: "x" },
      { name: "style", type: 3, value: "ch", focused: true },
    ];
    const received = read({ ...command({ options }), type: 4 });
    expect(received).toMatchObject({
      is: "question",
      question: { commandName: "rca", optionName: "style", typed: "ch" },
    });
  });
});

describe("what is not for us", () => {
  it.each<[string, unknown]>([
    ["a ping", { ...inServer, type: 1 }],
    ["a kind to come", { ...inServer, type: 99, data: {} }],
    ["no member", { ...command({}), member: undefined }],
    ["no channel", { ...command({}), channel: undefined, channel_id: undefined }],
    ["an id that is none", { ...command({}), id: "abc" }],
    ["a question about nothing", { ...command({ options: [] }), type: 4 }],
    ["nothing", undefined],
    ["a text", "x"],
    ["a list", []],
  ])("is left alone: %s", (_what, payload) => {
    expect(readInteraction(payload, deps)).toBeUndefined();
  });
  it("survives a form of any depth", () => {
    let part: object = { custom_id: "deep", value: "x" };
    for (let depth = 0; depth < 50; depth += 1) part = { component: part };
    expect(modalValues([part])).toMatchObject([{ customId: "deep", values: ["x"] }]);
  });
});
