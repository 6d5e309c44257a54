import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pauseMs } from "node:timers/promises";
import fc from "fast-check";
import { createDiscord } from "../../../adapters/discord/adapter.ts";
import { moduleValues } from "../../../src/app/modules.ts";
import { fakeBackend } from "../../../src/backends/fake.ts";
import { appOver, openStore } from "../../fakes/app.ts";
import { openDiscordFake } from "../../fakes/discord.ts";
import { hostileJson, hostilePayload, type Spoiler } from "../../fakes/hostile-json.ts";
import { hostileText } from "../../fakes/hostile-text.ts";
import { moduleServices } from "../../fakes/module-services.ts";
import { door, type InputDoor } from "./door.ts";
import { troubleLog } from "./trouble-log.ts";

/** Forged, of another installation, of a verb that nobody knows, and what is no token at all. */
const TOKENS = [
  ..."1.reroll.abcdefghijklmnop.0.AAAAAAAAAAA 1.delete.abcdefghijklmnop.0.AAAAAAAAAAA 9.x.y.z. __proto__ ~1 .".split(
    " ",
  ),
  ..."constructor 1.reroll 1.settings.x.0. placard:form:x ~~~1".split(" "),
  "",
  "\ud800",
  "x".repeat(100),
];
const KINDS = ["command", "command", "press", "press", "question", "form"] as const;
type Kind = (typeof KINDS)[number];

interface Event {
  readonly kind: Kind;
  readonly command: string;
  readonly option: string;
  readonly text: string;
  readonly token: string;
  /** Of the interaction inside its frame; absent: only its words are odd. */
  readonly spoil: Spoiler | undefined;
  /** Another event of the gateway than an interaction. */
  readonly other: string | undefined;
  /** Of the whole frame, number and name included. */
  readonly frame: Spoiler | undefined;
}

const seldom = <T>(weight: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

const events: fc.Arbitrary<Event> = fc.noBias(
  fc.record({
    kind: fc.constantFrom(...KINDS),
    command: fc.constantFrom(..."rca rca info edit settings help show history nonsense __proto__".split(" ")),
    option: fc.constantFrom(..."prompt prompt seed steps size image __proto__ constructor negative".split(" ")),
    text: hostileText(4000),
    token: fc.constantFrom(...TOKENS),
    spoil: seldom(1, hostilePayload),
    other: seldom(
      9,
      fc.constantFrom(..."GUILD_CREATE GUILD_DELETE GUILD_ROLE_CREATE GUILD_ROLE_UPDATE CHANNEL_CREATE".split(" ")),
    ),
    frame: seldom(12, hostileJson),
  }),
);

/** What Discord sends to a whole Placard over the gateway, or somebody in its place. */
export async function discordDoor(): Promise<InputDoor> {
  const folder = mkdtempSync(join(tmpdir(), "placard-hostile-discord-"));
  const fake = await openDiscordFake();
  const guild = fake.guild("The Printers");
  const channel = guild.channel("posters");
  const ann = guild.member("ann", { permissions: ["Administrator"] });
  const { log, assertNone } = troubleLog([fake.token]);
  const store = await openStore(folder);
  const { clock } = fake;
  const adapter = createDiscord(
    { DISCORD_TOKEN: fake.token, DISCORD_API_URL: fake.apiUrl, DISCORD_GUILD_IDS: [], DISCORD_SHARDS: "auto" },
    moduleServices({ under: folder, log, values: moduleValues("discord", () => store.keyValues), clock }),
  );
  const app = await appOver(folder, {
    adapters: [adapter],
    backends: [fakeBackend({ delayMs: 0 })],
    store,
    clock,
    log,
  });
  await app.start();
  let next = 0;
  let pictures = 0;

  function honest({ kind, command, option, text, token }: Event): unknown {
    next += 1;
    const id = (((BigInt(clock.nowMs()) - 1_420_070_400_000n) << 22n) + BigInt(next)).toString();
    const user = { id: ann.id, username: "ann", global_name: null, discriminator: "0", avatar: null };
    const types = { command: 2, press: 3, question: 4, form: 5 } as const;
    const file = { id: "5", filename: "a.png", size: 9, url: `${fake.apiUrl}/x`, content_type: "image/png" };
    const message = {
      id: "77",
      attachments: [file],
      embeds: [{ image: { url: "http://evil.example/a.png" } }],
      author: user,
    };
    const data = {
      command: {
        id: "1",
        name: command,
        type: command === "info" ? 3 : 1,
        target_id: "77",
        options: [{ name: option, type: 3, value: text }],
        resolved: { attachments: { "5": file }, messages: { "77": message } },
      },
      press: { component_type: 3, custom_id: token, values: [text.slice(0, 100)] },
      question: { id: "1", name: command, type: 1, options: [{ name: option, type: 3, value: text, focused: true }] },
      form: {
        custom_id: token,
        components: [{ type: 18, component: { type: 4, custom_id: option, value: text } }, { components: [] }],
      },
    };
    return {
      id,
      application_id: fake.applicationId,
      type: types[kind],
      token: `forged-${next}`,
      version: 1,
      guild_id: guild.id,
      channel_id: channel.id,
      channel: { id: channel.id, type: 0, name: "posters" },
      member: { user, roles: [], permissions: "8", nick: null, joined_at: "2020-01-01T00:00:00+00:00" },
      app_permissions: "2147483647",
      attachment_size_limit: 10_000_000,
      data: data[kind],
      ...(kind === "press" ? { message } : {}),
    };
  }

  return {
    ...door("events of Discord", events, async (event) => {
      const interaction = honest(event);
      const name = event.other ?? "INTERACTION_CREATE";
      const inner =
        event.other === undefined ? interaction : { id: guild.id, guild_id: guild.id, name: event.text, role: {} };
      const d = event.spoil?.(inner).toString() ?? JSON.stringify(inner);
      const frame = fake.gateway.frame;
      if (event.frame) frame(event.frame({ op: 0, t: name, s: 1, d: inner }));
      else frame(`{"op":0,"t":${JSON.stringify(name)},"s":${next},"d":${d}}`);
      // Until it was read and acknowledged: the answer is not what is waited for.
      await pauseMs(1);
      assertNone();
      return "";
    }),
    async honest() {
      pictures += 1;
      const prompt = `honest ${pictures}`;
      // Somebody who sends no JSON is hung up on; the adapter comes back by itself.
      await fake.until(() => fake.gateway.sessions.some(({ open }) => open), 30_000);
      const played = await ann.slash(channel, "rca", { prompt });
      await fake.until(() => played.reply?.files.length === 1, 30_000);
      assertNone();
    },
    async close() {
      await app.stop();
      await fake.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
