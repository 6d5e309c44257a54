import { expect, it } from "vitest";
import { readInteraction } from "../../adapters/discord/invocation.ts";
import { updateSchema } from "../../adapters/telegram/shapes.ts";
import { seenIn } from "../../adapters/telegram/updates.ts";
import { wireMessage } from "../../adapters/web/wire.ts";
import { memberName } from "../../src/domain/member-name.ts";

/** What a member of this name is called, and a chat of it, by each platform; `undefined`: nobody can be called so there. */
const DOORS: Readonly<Record<string, (name: string) => readonly (string | undefined)[]>> = {
  discord(name) {
    const user = { id: "123456789012345678", username: "ana", global_name: name };
    const names = {
      role: () => name,
      channel: () => name,
      roleCalled: () => undefined,
      channelCalled: () => undefined,
    };
    const command = {
      id: "1100000000000000001",
      application_id: "999999999999999999",
      token: "t",
      type: 2,
      guild_id: "223456789012345678",
      channel: { id: "323456789012345678", type: 0, name },
      member: { user, nick: null, roles: ["623456789012345678"], permissions: "0" },
      data: { name: "rca" },
    };
    const nicked = { ...command, member: { ...command.member, nick: name } };
    return [command, nicked].flatMap((payload) => {
      const read = readInteraction(payload, { names, attachment: () => expect.fail("no file"), botId: "1" });
      if (read?.is !== "command") return expect.fail("no command");
      const { member, target } = read.invocation;
      return [member.name, member.roles?.[0]?.name, target.place.title];
    });
  },
  telegram(name) {
    const chat = { id: -100, type: "supergroup", title: name };
    const said = { message_id: 1, date: 1, text: "/rca x", entities: [{ type: "bot_command", offset: 0, length: 4 }] };
    const messages = [
      { ...said, chat, from: { id: 5, is_bot: false, first_name: name } },
      { ...said, chat, from: { id: 5, is_bot: false, first_name: "", last_name: name } },
      { ...said, chat, sender_chat: chat },
      { ...said, chat, sender_chat: chat, author_signature: name },
    ];
    return messages.flatMap((message) => {
      const seen = seenIn(updateSchema.parse({ update_id: 1, message }), { id: 77, username: "placard_bot" });
      if (seen?.kind !== "command") return expect.fail("no command");
      return [seen.who.name, seen.where.title];
    });
  },
  web(name) {
    const given = memberName(name);
    const stored = { seq: 1, rev: 1, id: "m", group: "den", atMs: 1, body: { text: "hi" } };
    // Joined before names were looked at.
    const shown = wireMessage({ ...stored, authorId: "web:1", authorName: name, forName: name });
    return [given.ok ? given.value.name : undefined, shown.author?.name, shown.forName];
  },
};

const HOSTILE = [
  "\u202eevil",
  "Ann\u200b",
  "Ada\u3164",
  "Ada\u2800",
  "Ada\ufe0f",
  "\u3164\u3164",
  "A\nB",
  `Z${"\u0301".repeat(30)}`,
];

it.each(Object.keys(DOORS).flatMap((door) => HOSTILE.map((name) => [door, name] as const)))(
  "%s shows nothing of %j that turns a line round or that nobody sees",
  (door, name) => {
    const shown = DOORS[door]?.(name) ?? [];
    expect(shown.length).toBeGreaterThan(2);
    for (const each of shown) {
      expect(each ?? "refused").not.toMatch(/\p{Cc}|[\u200b\u202a-\u202e\u2066-\u2069\u3164\u2800]|\ufe0f|\p{M}{5}/u);
      expect((each ?? "refused").trim()).not.toBe("");
    }
  },
);

it.each(Object.keys(DOORS))("%s shows an honest name as it is", (door) =>
  expect(new Set(DOORS[door]?.("Zoë 👩‍👩‍👧"))).toEqual(new Set(["Zoë 👩‍👩‍👧"])),
);
