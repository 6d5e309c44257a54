import { setTimeout } from "node:timers/promises";
import { expect } from "vitest";
import { z } from "zod";

const SOON = { timeout: 30_000, interval: 20 };

const messagesSchema = z.object({
  messages: z.array(
    z.object({
      id: z.string(),
      text: z.string().optional(),
      view: z
        .object({
          text: z.string(),
          progress: z.number().optional(),
          image: z.object({ key: z.string() }).optional(),
        })
        .optional(),
    }),
  ),
});
const tooManySchema = z.object({ retryAfterMs: z.number().nonnegative() });
const joinSchema = z.object({ secret: z.string(), room: z.object({ slug: z.string() }) });

/** A member who comes again says nothing twice. */
let said = 0;

/**
 * A member at the web chat of a running program, by the requests its page makes.
 *
 * @param known who they were before, and the access code where one is asked for
 */
export async function webMember(
  printed: () => string,
  known: { readonly secret?: string; readonly accessCode?: string } = {},
) {
  await expect.poll(printed, SOON).toMatch(/web chat: http:\/\/\S+/);
  const url = /web chat: (http:\/\/\S+)/.exec(printed())?.[1] ?? "";
  let cookie = "";
  const ask = async (path: string, body?: unknown, secret = ""): Promise<Response> => {
    const response = await fetch(`${url}${path}`, {
      headers: { origin: url, "content-type": "application/json", authorization: `Bearer ${secret}`, cookie },
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    });
    if (response.status === 429) {
      // As the page does: asking is what these tests do in a loop, and a fast machine outruns the rate of reads.
      await setTimeout(tooManySchema.parse(await response.json()).retryAfterMs);
      return await ask(path, body, secret);
    }
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return response;
  };
  if (known.accessCode !== undefined)
    cookie = (await ask("/api/access", { code: known.accessCode })).headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const joining = { name: "Ana", room: "Rent strike", ...(known.secret === undefined ? {} : { secret: known.secret }) };
  const { secret, room } = joinSchema.parse(await (await ask("/api/join", joining)).json());
  return {
    secret,
    say: (text: string) =>
      ask("/api/messages", { id: `program-test-id-${String(++said).padStart(8, "0")}`, room: room.slug, text }, secret),
    async seen() {
      const older = await ask(`/api/older?room=${room.slug}&before=99999`, undefined, secret);
      return messagesSchema.parse(await older.json()).messages;
    },
    /** Addresses of the pictures that are finished and shown, oldest first. */
    async pictures() {
      return (await this.seen()).flatMap(({ view }) =>
        view?.image && view.progress === undefined ? [view.image.key] : [],
      );
    },
    picture: async (key: string) => Buffer.from(await (await ask(`/media/${key}`, undefined, secret)).arrayBuffer()),
  };
}
