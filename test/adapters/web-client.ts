import { randomInt } from "node:crypto";
import type { StreamEvent, WireMessage } from "../../adapters/web/wire.ts";
import type { WebAdapter } from "../../adapters/web.ts";
import { createLinkCodes } from "../../src/dispatch/link-codes.ts";
import type { Member } from "../../src/domain/place.ts";
import { verbatim } from "../../src/domain/text.ts";
import type { ChatEvents, Invocation, MediaForm, Pressed } from "../../src/ports/chat.ts";
import type { Knock } from "../../src/ports/doors.ts";
import { keyValuesInMemory } from "../fakes/module-services.ts";
import { quietEvents } from "../fakes/quiet-events.ts";

const HOST = "127.0.0.1:8080";

/** Notes every event; `whenInvoked` and `whenPressed` decide what else happens. */
export class NotingCore implements ChatEvents {
  readonly invocations: Invocation[] = [];
  readonly presses: Pressed[] = [];
  whenInvoked: (invocation: Invocation) => Promise<void> = async () => {};
  whenPressed: (pressed: Pressed) => Promise<void> = async () => {};

  readonly suggest = quietEvents.suggest;
  readonly greeting = quietEvents.greeting;
  language = quietEvents.language;
  readonly #links = createLinkCodes({ keyValues: keyValuesInMemory(), nowMs: Date.now, below: randomInt });
  readonly linkCode: ChatEvents["linkCode"] = (member) => this.#links.issue(member);
  readonly redeemLinkCode = (typed: string, by: string | undefined) => this.#links.redeem(typed, by);
  quote = quietEvents.quote;
  meetings = quietEvents.meetings;
  readonly usualStyle = quietEvents.usualStyle;
  readonly templates = quietEvents.templates;
  readonly moved = quietEvents.moved;
  readonly offersEdits = quietEvents.offersEdits;
  lock = quietEvents.lock;
  accountsOf = quietEvents.accountsOf;
  readonly queueLength = quietEvents.queueLength;
  /** Member ids, and the sentence they are shut out with. */
  readonly blocked = new Map<string, string>();
  readonly knocks: Knock[] = [];

  async invoked(invocation: Invocation): Promise<void> {
    this.invocations.push(invocation);
    await this.whenInvoked(invocation);
  }

  async pressed(pressed: Pressed): Promise<void> {
    this.presses.push(pressed);
    await this.whenPressed(pressed);
  }

  async shutOut({ id }: Pick<Member, "id">) {
    const text = this.blocked.get(id);
    return text === undefined ? undefined : ({ code: "not_allowed", text: verbatim(text) } as const);
  }

  async knocked(knock: Knock): Promise<void> {
    this.knocks.push(knock);
  }

  documentFile: ChatEvents["documentFile"] = async () => undefined;

  async media(key: string, as?: MediaForm) {
    const bytes = new Uint8Array([1, 2, 3]);
    if (as === "original") return { bytes, mime: "image/png", fileName: "fox.png" };
    if (as) return { bytes, mime: "image/webp", fileName: "fox.webp" };
    if (key === "picture/abcdefghijklmnop.0/original")
      return { bytes, mime: "image/png", fileName: 'a"b\r\nfox-7.png' };
    if (key === "picture/abcdefghijklmnop.0/posted") return { bytes, mime: "image/png", fileName: "fox.png" };
    return key === "style/odd" ? { bytes, mime: "image/svg+xml", fileName: "odd.svg" } : undefined;
  }
}

/** A request as our own page makes it, without a socket; `headers` change that, `undefined` leaves one out. */
export async function ask(
  web: WebAdapter,
  path: string,
  options: { method?: string; body?: unknown; bytes?: Uint8Array; headers?: Record<string, string | undefined> } = {},
): Promise<Response> {
  const { body, bytes, headers = {} } = options;
  const method = options.method ?? (body === undefined && bytes === undefined ? "GET" : "POST");
  const all = {
    host: HOST,
    ...(method === "GET" ? {} : { origin: `http://${HOST}`, "content-type": "application/json" }),
    ...headers,
  };
  const given = Object.entries(all).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
  const content = bytes ? new Uint8Array(bytes) : body === undefined ? null : JSON.stringify(body);
  return web.app().request(`http://${HOST}${path}`, { method, headers: given, body: content });
}

export interface Joined {
  readonly id: string;
  readonly secret: string;
  readonly room: string;
  readonly admin: boolean;
}

export async function joinAs(web: WebAdapter, name: string, room = "Rent strike", secret?: string): Promise<Joined> {
  const response = await ask(web, "/api/join", { body: { name, room, ...(secret ? { secret } : {}) } });
  if (!response.ok) throw new Error(await response.text());
  const joined = (await response.json()) as {
    member: { id: string };
    secret: string;
    room: { slug: string; admin: boolean };
  };
  return { id: joined.member.id, secret: joined.secret, room: joined.room.slug, admin: joined.room.admin };
}

export const as = (member: Pick<Joined, "secret">) => ({ authorization: `Bearer ${member.secret}` });

let ids = 0;
/** Ids as the page makes them. */
export const nextId = (): string => `test-message-id-${String(++ids).padStart(6, "0")}`;

export const say = (
  web: WebAdapter,
  member: Joined,
  text: string,
  more: Record<string, unknown> = {},
): Promise<Response> =>
  ask(web, "/api/messages", { body: { id: nextId(), room: member.room, text, ...more }, headers: as(member) });

/** A tab's stream: `next` waits for the next event of a type. */
export class Tab {
  readonly events: StreamEvent[] = [];
  readonly #reader: ReadableStreamDefaultReader<string>;
  #rest = "";

  private constructor(body: ReadableStream<Uint8Array>) {
    this.#reader = body.pipeThrough(new TextDecoderStream()).getReader();
  }

  static async open(web: WebAdapter, member: Joined, place: { after?: number; epoch?: string } = {}): Promise<Tab> {
    const response = await ask(web, "/api/stream", {
      body: { room: member.room, after: 0, ...place },
      headers: as(member),
    });
    if (!response.ok) throw new Error(await response.text());
    return Tab.of(response);
  }

  static of({ body }: Response): Tab {
    if (!body) throw new Error("no stream");
    return new Tab(body);
  }

  async next<T extends StreamEvent["type"]>(type: T): Promise<Extract<StreamEvent, { type: T }>> {
    for (;;) {
      const at = this.events.findIndex((event) => event.type === type);
      if (at >= 0) return this.events.splice(at, 1)[0] as Extract<StreamEvent, { type: T }>;
      const { done, value } = await this.#reader.read();
      if (done) throw new Error(`the stream ended before "${type}"`);
      const blocks = (this.#rest + value).split("\n\n");
      this.#rest = blocks.pop() ?? "";
      for (const block of blocks)
        if (block.startsWith("data: ")) this.events.push(JSON.parse(block.slice(6)) as StreamEvent);
    }
  }

  /** What is in the group now, as this tab was told at the start. */
  async shown(): Promise<readonly WireMessage[]> {
    return (await this.next("start")).messages;
  }

  close(): Promise<void> {
    return this.#reader.cancel();
  }
}

/** Everything a member sees in their group now. */
export async function seenBy(web: WebAdapter, member: Joined): Promise<readonly WireMessage[]> {
  const tab = await Tab.open(web, member);
  const shown = await tab.shown();
  await tab.close();
  return shown;
}
