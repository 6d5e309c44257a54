import { WebSocket } from "ws";
import { isObject, type JsonObject, objectsOf } from "../referees/json.ts";
import { createTestClock } from "./clock.ts";
import { INTENTS } from "./discord/limits.ts";
import type { PlayedInteraction } from "./discord/played.ts";
import { type DiscordFake, openDiscordFake } from "./discord.ts";

interface RawAnswer {
  readonly status: number;
  readonly code: unknown;
  /** The parsed JSON; an empty object where there is none. */
  readonly body: JsonObject;
  /** Where the answer is a list. */
  readonly list: readonly JsonObject[];
  readonly headers: Headers;
}

interface RawFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly mime?: string;
}

export type RawCall = (
  method: string,
  path: string,
  body?: unknown,
  options?: { readonly token?: string | undefined; readonly files?: readonly RawFile[]; readonly signal?: AbortSignal },
) => Promise<RawAnswer>;

/** A bot without any library: what it sends is what the test says, wrong things too. */
export const rawBot =
  (fake: DiscordFake): RawCall =>
  async (method, path, body, options = {}) => {
    const { token = fake.token, files, signal } = options;
    const form = new FormData();
    if (files) form.set("payload_json", JSON.stringify(body ?? {}));
    for (const [index, { name, bytes, mime = "image/png" }] of (files ?? []).entries())
      form.set(`files[${index}]`, new Blob([Uint8Array.from(bytes)], { type: mime }), name);
    const json = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
    const sent = files ? form : json;
    const response = await fetch(`${fake.apiUrl}/v10${path}`, {
      method,
      headers: { authorization: `Bot ${token}`, ...(files ? {} : { "content-type": "application/json" }) },
      ...(sent === undefined ? {} : { body: sent }),
      ...(signal ? { signal } : {}),
    });
    const text = await response.text();
    const answer: unknown = text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : {};
    const object = isObject(answer) ? answer : {};
    return {
      status: response.status,
      code: object["code"],
      body: object,
      list: objectsOf(answer),
      headers: response.headers,
    };
  };

export interface RawSession {
  readonly events: readonly { readonly name: string; readonly data: JsonObject }[];
  /** Everything that came, events included. */
  readonly received: readonly JsonObject[];
  readonly closedWith: number | undefined;
  readonly sessionId: string;
  readonly seq: number;
  send(payload: unknown): void;
  /** Resolves when the question is answered. @throws after 10 s */
  until<T>(question: () => T | undefined | false): Promise<T>;
  hangUp(code?: number): void;
}

export const identifyOf = (fake: DiscordFake, parts: JsonObject = {}): JsonObject => ({
  op: 2,
  d: {
    token: fake.token,
    intents: 1,
    properties: { os: "linux", browser: "test", device: "test" },
    ...parts,
  },
});

/** A gateway connection that says `first` after Hello, and then what the test says. */
export function rawSession(fake: DiscordFake, first: unknown): RawSession {
  const socket = new WebSocket(
    `${fake.apiUrl.replace(/^http/, "ws").replace(/\/api$/, "/gateway")}?v=10&encoding=json`,
  );
  const received: JsonObject[] = [];
  const watchers = new Set<() => void>();
  let closedWith: number | undefined;
  const events = () =>
    received.filter(({ op }) => op === 0).map(({ t, d }) => ({ name: String(t), data: isObject(d) ? d : {} }));
  const changed = () => {
    for (const watch of watchers) watch();
  };
  socket.on("message", (raw) => {
    const payload: unknown = JSON.parse(raw.toString());
    if (!isObject(payload)) return;
    received.push(payload);
    if (payload["op"] === 10 && first !== undefined) socket.send(JSON.stringify(first));
    changed();
  });
  socket.on("close", (code) => {
    closedWith = code;
    changed();
  });
  socket.on("error", () => changed());
  return {
    received,
    get events() {
      return events();
    },
    get closedWith() {
      return closedWith;
    },
    get sessionId() {
      return String(events().find(({ name }) => name === "READY")?.data["session_id"]);
    },
    get seq() {
      return received.reduce((last, { s }) => (typeof s === "number" ? s : last), 0);
    },
    send: (payload) => socket.send(typeof payload === "string" ? payload : JSON.stringify(payload)),
    until(question) {
      const { promise, resolve, reject } = Promise.withResolvers<NonNullable<ReturnType<typeof question>>>();
      const ask = () => {
        const answer = question();
        if (answer !== undefined && answer !== false) resolve(answer as NonNullable<typeof answer>);
      };
      const limit = setTimeout(() => reject(new Error(`not within 10 s: ${question.toString()}`)), 10_000);
      watchers.add(ask);
      ask();
      return promise.finally(() => {
        clearTimeout(limit);
        watchers.delete(ask);
      }) as Promise<never>;
    },
    hangUp: (code) => socket.close(code),
  };
}

/** A session that is ready: from now on members' actions reach somebody. */
export async function readySession(fake: DiscordFake, parts: JsonObject = {}): Promise<RawSession> {
  const session = rawSession(fake, identifyOf(fake, parts));
  await session.until(() => session.events.some(({ name }) => name === "READY"));
  return session;
}

const DRAW = {
  name: "rca",
  description: "Draw",
  options: [
    { type: 3, name: "prompt", description: "What to draw", required: true, max_length: 20 },
    { type: 3, name: "style", description: "Style", autocomplete: true },
  ],
};

/** A group with two members and a bot without any library, at a clock that stands still. */
export async function rawWorld() {
  const clock = createTestClock();
  clock.freeze();
  const fake = await openDiscordFake({ clock, requestMaxBytes: 4_000 });
  const bot = rawBot(fake);
  const group = fake.guild("Group");
  const general = group.channel("general");
  const ann = group.member("ann");
  const session = await readySession(fake, { intents: INTENTS.guilds | INTENTS.guildMessages });
  const commands = await bot("PUT", `/applications/${fake.applicationId}/commands`, [DRAW]);
  if (commands.status !== 200) throw new Error(`commands: ${commands.status}`);
  const messages = `/channels/${general.id}/messages`;
  const tokenOf = ({ id }: PlayedInteraction) =>
    String(session.events.findLast(({ data }) => data["id"] === id)?.data["token"]);
  /** The gateway has told of it. */
  const received = async (played: PlayedInteraction) => {
    await session.until(() => session.events.some(({ data }) => data["id"] === played.id));
    return played;
  };
  return {
    ...{ fake, bot, group, general, ann, bob: group.member("bob"), session, messages, tokenOf, received },
    draw: async () => received(await ann.slash(general, "rca", { prompt: "a fox" })),
    callback: async (played: PlayedInteraction, body: object, query = "") =>
      bot("POST", `/interactions/${played.id}/${tokenOf(await received(played))}/callback${query}`, body),
    original: (played: PlayedInteraction) => `/webhooks/${fake.applicationId}/${tokenOf(played)}/messages/@original`,
    post: (body: object) => bot("POST", messages, body),
    /** A message of the bot's with these buttons. */
    async posted(...labels: readonly string[]) {
      const buttons = labels.map((label) => ({ type: 2, style: 1, label, custom_id: `id-${label}` }));
      const components = labels.length > 0 ? [{ type: 1, components: buttons }] : [];
      const { body } = await bot("POST", messages, { content: "hello", components });
      return { id: String(body["id"]) };
    },
    async close() {
      session.hangUp();
      await fake.close();
    },
  };
}
export type RawWorld = Awaited<ReturnType<typeof rawWorld>>;
