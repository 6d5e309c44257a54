import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pauseMs } from "node:timers/promises";
import fc from "fast-check";
import { RATES } from "../../../adapters/telegram/limits.ts";
import { telegramSettings } from "../../../adapters/telegram/settings.ts";
import { createTelegram } from "../../../adapters/telegram.ts";
import { moduleValues } from "../../../src/app/modules.ts";
import { fakeBackend } from "../../../src/backends/fake.ts";
import { appOver, openStore } from "../../fakes/app.ts";
import { freePort } from "../../fakes/free-port.ts";
import { hostileJson, hostilePayload, type Spoiler } from "../../fakes/hostile-json.ts";
import { hostileText } from "../../fakes/hostile-text.ts";
import { moduleServices } from "../../fakes/module-services.ts";
import { rawExchange, rawRequest } from "../../fakes/raw-http.ts";
import { openTelegramFake } from "../../fakes/telegram.ts";
import { door, type InputDoor } from "./door.ts";
import { troubleLog } from "./trouble-log.ts";

const ORIGIN = "https://bot.example";
const PATH = "/telegram";
const MANY = 1_000_000;
const SOON_MS = 15_000;

const PATHS = ["/", "//", "///", "/telegram/", "/telegram?x", "//telegram", "http://[::1", "/%", "*", "/telegram%00"];
const METHODS = ["GET", "PUT", "HEAD", "OPTIONS", "DELETE", "CONNECT"];
const SECRETS = [undefined, "", "guess", "A".repeat(5000), "__proto__", "\u00ff"];
/** Forged, of another installation, of a verb that nobody knows, and what is no token at all. */
const TOKENS = [
  ..."1.reroll.abcdefghijklmnop.0.AAAAAAAAAAA 1.delete.abcdefghijklmnop.0.AAAAAAAAAAA 9.x.y.z. __proto__ ~1 .".split(
    " ",
  ),
  ..."constructor w_AAAAAAAAAAAA 1.reroll 1.settings.x.0.".split(" "),
  "f:1:2:3",
  "",
  "\ud800",
  "x".repeat(64),
];
const KINDS = ["message", "edited_message", "channel_post", "edited_channel_post", "callback_query"] as const;
const MORE_KINDS = ["my_chat_member", "message_reaction", "inline_query", "poll", "business_message"] as const;
type Kind = (typeof KINDS)[number] | (typeof MORE_KINDS)[number];

interface Sent {
  readonly kind: Kind;
  readonly text: string;
  readonly token: string;
  readonly bit: number;
  readonly isCommand: boolean;
  /** Of the update; absent: it is as it should be, but for its words. */
  readonly spoil: Spoiler | undefined;
  readonly path: string | undefined;
  readonly method: string | undefined;
  readonly secret: number | undefined;
}

const seldom = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 15, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

const sents: fc.Arbitrary<Sent> = fc.noBias(
  fc.record({
    kind: fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom<Kind>(...KINDS) },
      { weight: 1, arbitrary: fc.constantFrom<Kind>(...MORE_KINDS) },
    ),
    text: hostileText(4096),
    token: fc.oneof(fc.constantFrom(...TOKENS), fc.constant("ours")),
    bit: fc.nat(511),
    isCommand: fc.boolean(),
    spoil: fc.oneof(
      { weight: 1, arbitrary: fc.constant(undefined) },
      { weight: 3, arbitrary: hostilePayload },
      { weight: 1, arbitrary: hostileJson },
    ),
    path: seldom(fc.constantFrom(...PATHS)),
    method: seldom(fc.constantFrom(...METHODS)),
    secret: seldom(fc.nat(SECRETS.length - 1)),
  }),
);

/** 0: Node hung up on what is no HTTP. */
const DEFINED = new Set([0, 200, 400, 401, 404, 405, 408, 413, 431]);

/** One bit of it is another: what was signed is not this. */
function flipped(token: string, bit: number): string {
  const bytes = Buffer.from(token);
  const at = bit % Math.max(1, bytes.length * 7);
  const byte = Math.floor(at / 7);
  if (byte < bytes.length) bytes[byte] = (bytes[byte] ?? 0) ^ (1 << (at % 7));
  return bytes.toString();
}

/** What comes to the webhook of a whole Placard: by Telegram's secret, or without. */
export async function telegramDoor(): Promise<InputDoor> {
  const folder = mkdtempSync(join(tmpdir(), "placard-hostile-telegram-"));
  const port = await freePort();
  const fake = await openTelegramFake({ flood: "off", proxy: { [ORIGIN]: `http://127.0.0.1:${port}` } });
  const { log, assertNone } = troubleLog([fake.token]);
  const store = await openStore(folder);
  const env = {
    TELEGRAM_TOKEN: fake.token,
    TELEGRAM_API_URL: fake.url,
    TELEGRAM_WEBHOOK_URL: ORIGIN + PATH,
    TELEGRAM_WEBHOOK_PORT: String(port),
  };
  const rates = {
    ...RATES,
    groupSendsPerMinute: MANY,
    privateSendsPerMinute: MANY,
    chatSendsAtOnce: MANY,
    chatSendEveryMs: 0,
    editsPerMinute: MANY,
    progressEditsPerMinute: MANY,
    callsPerSecond: MANY,
  };
  const world = moduleServices({ under: folder, log, values: moduleValues("telegram", () => store.keyValues) });
  const adapter = createTelegram(telegramSettings.parse(env), fake.token, world, rates);
  const app = await appOver(folder, { adapters: [adapter], backends: [fakeBackend({ delayMs: 0 })], store, log });
  await app.start();
  const ann = fake.person("Ann");
  const group = fake.supergroup("Rent strike", { members: [ann] });
  const seat = ann.in(group);
  const groupJson = { id: group.id, type: "supergroup", title: "Rent strike" };
  const annJson = { id: ann.id, is_bot: false, first_name: "Ann" };
  const secret = String(fake.callsOf("setWebhook")[0]?.params["secret_token"]);
  let updateId = 900_000_000;
  let pictures = 0;

  const ours = (): string => {
    const data = seat.fromBot().flatMap(({ keyboard }) => keyboard.flat().map((button) => button["callback_data"]));
    return data.findLast((token) => typeof token === "string") ?? "none";
  };

  function honest({ kind, text, token, bit, isCommand }: Sent): unknown {
    const line = isCommand ? `/rca ${text}`.slice(0, 4096) : text;
    const message = {
      message_id: updateId,
      date: Math.floor(Date.now() / 1000),
      chat: groupJson,
      from: annJson,
      text: line,
      entities: isCommand ? [{ type: "bot_command", offset: 0, length: 4 }] : [],
      photo: [{ file_id: "AAAA", width: 9, height: 9, file_size: 9 }],
      reply_to_message: { message_id: 1, date: 1, chat: groupJson, from: annJson, text: "x" },
    };
    const payloads: Readonly<Record<string, unknown>> = {
      callback_query: {
        id: String(updateId),
        from: annJson,
        chat_instance: "1",
        message: { message_id: 1, chat: groupJson },
        data: token === "ours" ? flipped(ours(), bit) : token,
      },
      my_chat_member: {
        chat: groupJson,
        from: annJson,
        old_chat_member: { status: "member" },
        new_chat_member: { status: "administrator" },
      },
      message_reaction: {
        chat: groupJson,
        message_id: 1,
        user: annJson,
        old_reaction: [],
        new_reaction: [{ type: "emoji", emoji: "👍" }],
      },
      inline_query: { id: String(updateId), from: annJson, query: text.slice(0, 256), offset: "" },
      poll: { id: "1", question: text },
    };
    updateId += 1;
    return { update_id: updateId, [kind]: payloads[kind] ?? message };
  }

  return {
    ...door("updates of Telegram", sents, async (sent) => {
      const update = honest(sent);
      const body = sent.spoil?.(update) ?? Buffer.from(JSON.stringify(update));
      const given = sent.secret === undefined ? secret : SECRETS[sent.secret];
      const bytes = rawRequest({
        method: sent.method ?? "POST",
        path: sent.path ?? PATH,
        headers: [
          ["host", "bot.example"],
          ["content-type", "application/json"],
          ["content-length", String(body.length)],
          ["connection", "close"],
          ...(given === undefined ? [] : [["x-telegram-bot-api-secret-token", given] as const]),
        ],
        body,
      });
      const { status, head, body: answered } = await rawExchange(port, bytes);
      if (!DEFINED.has(status)) throw new Error(`status ${status}`);
      if (status === 200 && given !== secret) throw new Error("taken without the secret");
      if ([fake.token, secret].some((told) => `${head}${answered}`.includes(told))) throw new Error("a secret is told");
      assertNone();
      return answered;
    }),
    async honest() {
      pictures += 1;
      seat.say(`/rca honest ${pictures} seed:${pictures}`);
      const untilMs = Date.now() + SOON_MS;
      const isThere = () =>
        seat.fromBot().some(({ kind, text }) => kind === "photo" && text.includes(`honest ${pictures}`));
      while (!isThere()) {
        if (Date.now() > untilMs) throw new Error("an honest order gets no picture");
        await pauseMs(20);
      }
      assertNone();
    },
    async close() {
      await app.stop();
      await fake.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
