import { WebSocket } from "ws";
import { isObject, type JsonObject, objectsOf } from "../referees/json.ts";
import type { DiscordFake } from "./discord.ts";

export interface RawAnswer {
  readonly status: number;
  readonly code: unknown;
  /** The parsed JSON; an empty object where there is none. */
  readonly body: JsonObject;
  /** Where the answer is a list. */
  readonly list: readonly JsonObject[];
  readonly headers: Headers;
}

export interface RawFile {
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
  readonly heard: readonly JsonObject[];
  readonly closedWith: number | undefined;
  readonly sessionId: string;
  readonly seq: number;
  send(payload: unknown): void;
  /** Resolves when the question is answered. @throws after 5 s */
  until<T>(question: () => T | undefined | false): Promise<T>;
  close(code?: number): void;
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
  const heard: JsonObject[] = [];
  const watchers = new Set<() => void>();
  let closedWith: number | undefined;
  const events = () =>
    heard.filter(({ op }) => op === 0).map(({ t, d }) => ({ name: String(t), data: isObject(d) ? d : {} }));
  const changed = () => {
    for (const watch of watchers) watch();
  };
  socket.on("message", (raw) => {
    const payload: unknown = JSON.parse(raw.toString());
    if (!isObject(payload)) return;
    heard.push(payload);
    if (payload["op"] === 10 && first !== undefined) socket.send(JSON.stringify(first));
    changed();
  });
  socket.on("close", (code) => {
    closedWith = code;
    changed();
  });
  socket.on("error", () => changed());
  return {
    heard,
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
      return heard.reduce((last, { s }) => (typeof s === "number" ? s : last), 0);
    },
    send: (payload) => socket.send(typeof payload === "string" ? payload : JSON.stringify(payload)),
    until(question) {
      const { promise, resolve, reject } = Promise.withResolvers<NonNullable<ReturnType<typeof question>>>();
      const ask = () => {
        const answer = question();
        if (answer !== undefined && answer !== false) resolve(answer as NonNullable<typeof answer>);
      };
      const limit = setTimeout(() => reject(new Error(`not within 5 s: ${question.toString()}`)), 5_000);
      watchers.add(ask);
      ask();
      return promise.finally(() => {
        clearTimeout(limit);
        watchers.delete(ask);
      }) as Promise<never>;
    },
    close: (code) => socket.close(code),
  };
}

/** A session that is ready: from now on members' actions reach somebody. */
export async function readySession(fake: DiscordFake, parts: JsonObject = {}): Promise<RawSession> {
  const session = rawSession(fake, identifyOf(fake, parts));
  await session.until(() => session.events.some(({ name }) => name === "READY"));
  return session;
}
