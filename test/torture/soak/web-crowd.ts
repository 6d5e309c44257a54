import { Agent, request } from "undici";
import { z } from "zod";
import { textOfCrowd } from "./words.ts";

const GROUPS = 8;
const MEMBERS = 40;
const TOKENS_KEPT = 300;
/** A wait that a busy moment asked for is over long before: time passes quickly here. */
const PATIENCE = 5;

const joinSchema = z.object({ secret: z.string(), room: z.object({ slug: z.string() }) });
const olderSchema = z.object({
  messages: z.array(
    z.object({
      view: z
        .object({
          buttons: z.array(z.array(z.object({ token: z.string().optional() }))).optional(),
          image: z.object({ key: z.string() }).optional(),
        })
        .optional(),
    }),
  ),
});

interface Seat {
  readonly secret: string;
  readonly group: string;
  readonly address: string;
}

/** Members of several groups in the web chat, by the requests that their pages make. */
export async function openWebCrowd(url: string, chance: () => number) {
  const agent = new Agent({ connections: 16 });
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(chance() * list.length)];
  const tokens: { readonly group: string; readonly token: string }[] = [];
  const keys: string[] = [];
  const refused = new Map<number, number>();
  let sent = 0;
  const nextId = () => `soak-message-id-${String(++sent).padStart(10, "0")}`;

  async function ask(
    path: string,
    by: Pick<Seat, "address"> & Partial<Seat>,
    body?: unknown,
    tries = PATIENCE,
  ): Promise<string> {
    const { statusCode, body: answer } = await request(`${url}${path}`, {
      dispatcher: agent,
      method: body === undefined ? "GET" : "POST",
      headers: {
        origin: url,
        "content-type": "application/json",
        "x-forwarded-for": by.address,
        authorization: `Bearer ${by.secret ?? ""}`,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (statusCode === 429 && tries > 0) return ask(path, by, body, tries - 1);
    if (statusCode >= 500) throw new Error(`${path}: ${statusCode} ${text.slice(0, 300)}`);
    if (statusCode >= 400) refused.set(statusCode, (refused.get(statusCode) ?? 0) + 1);
    return statusCode < 300 ? text : "";
  }

  const seats: Seat[] = [];
  for (let at = 0; at < MEMBERS; at += 1) {
    const address = `198.51.100.${at}`;
    const joining = { name: `Member ${at}`, room: `Group ${at % GROUPS}` };
    const { secret, room } = joinSchema.parse(JSON.parse(await ask("/api/join", { address }, joining)));
    seats.push({ secret, group: room.slug, address });
  }
  const say = (seat: Seat, text: string) => ask("/api/messages", seat, { id: nextId(), room: seat.group, text });

  async function look(seat: Seat): Promise<void> {
    const text = await ask(`/api/older?room=${seat.group}&before=9007199254740991`, seat);
    if (text === "") return;
    const views = olderSchema.parse(JSON.parse(text)).messages.flatMap(({ view }) => view ?? []);
    for (const { buttons = [], image } of views) {
      for (const { token } of buttons.flat()) if (token !== undefined) tokens.push({ group: seat.group, token });
      if (image) keys.push(image.key);
    }
    tokens.splice(0, Math.max(0, tokens.length - TOKENS_KEPT));
    keys.splice(0, Math.max(0, keys.length - TOKENS_KEPT));
  }

  async function press(seat: Seat): Promise<void> {
    const found = pick(tokens.filter(({ group }) => group === seat.group));
    if (found) await ask("/api/press", seat, { id: nextId(), room: seat.group, token: found.token });
    else await look(seat);
  }

  /** A tab that is opened, gets what is there, and is closed again. */
  async function visit({ address, secret, group }: Seat): Promise<void> {
    const control = new AbortController();
    const { body } = await request(`${url}/api/stream`, {
      dispatcher: agent,
      method: "POST",
      signal: control.signal,
      headers: {
        origin: url,
        "content-type": "application/json",
        "x-forwarded-for": address,
        authorization: `Bearer ${secret}`,
      },
      body: JSON.stringify({ room: group, after: 0 }),
    });
    for await (const part of body) if (part !== undefined) break;
    control.abort();
  }

  return {
    refused: refused as ReadonlyMap<number, number>,
    /** Who opened a group is its admin. */
    async keepForADay(): Promise<void> {
      for (const seat of seats.slice(0, GROUPS)) await say(seat, "/settings retention_days:1 votes:2");
    },
    /** One thing that one of them does. */
    async act(): Promise<void> {
      const seat = pick(seats);
      if (!seat) return;
      const what = chance();
      if (what < 0.65) await say(seat, textOfCrowd(chance));
      else if (what < 0.69) await say(seat, `/rca ${textOfCrowd(chance)} seed:${1 + Math.floor(chance() * 1e6)}`);
      else if (what < 0.82) await say(seat, pick(COMMANDS) ?? "/help");
      else if (what < 0.92) await press(seat);
      else if (what < 0.97) await look(seat);
      else if (what < 0.99) await visit(seat);
      else await ask(`/media/${pick(keys) ?? "style/rca"}`, seat);
    },
    close: () => agent.destroy(),
  };
}

/** Good ones, and such as are refused. */
const COMMANDS = [
  ..."/help /queue /quota /styles /history /settings /examples /guide /nonsense /cancel /unlock".split(" "),
  ..."/info 1|/show 2|/show 999999|/plain a fox count:2|/rca|/rca seed:1,5|/reroll|/vary|/history 2|/style rca".split(
    "|",
  ),
];
