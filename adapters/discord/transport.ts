import { STATUS_CODES } from "node:http";
import type { RESTOptions } from "@discordjs/rest";
import { Agent, type Dispatcher, request } from "undici";
import { parseForeignJson } from "../../src/lib/foreign-json.ts";
import { Multipart } from "./multipart.ts";

export type MakeRequest = RESTOptions["makeRequest"];
type Answer = Awaited<ReturnType<MakeRequest>>;

/** A server's roles and channels, the longest answer, have some MB. */
const ANSWER_MAX_BYTES = 16 * 1024 * 1024;

/**
 * Sends what discord.js asks for through this program's own undici. All versions in a process share one dispatcher, Node's own
 * among them: whichever is loaded first sends for all, and refuses files in the others' forms. `overrides` in package.json
 * gives discord.js this version, too: its own took 5 MB more.
 */
export function createTransport(): MakeRequest {
  const dispatcher = new Agent({ allowH2: false, maxResponseSize: ANSWER_MAX_BYTES });
  return async (url, { method, headers, body, signal }) => {
    const answer = await request(url, {
      dispatcher,
      method: (method ?? "GET") as "GET",
      // discord.js makes a plain record of them.
      ...sent(headers as Record<string, string>, body),
      signal: signal ?? null,
    });
    const { statusCode: status, body: answered } = answer;
    return {
      status,
      statusText: STATUS_CODES[status] ?? "",
      ok: status >= 200 && status < 300,
      // Node's and undici's types of headers differ by methods of iterators that nobody calls.
      headers: new Headers(answer.headers as Record<string, string>) as Answer["headers"],
      body: answered,
      get bodyUsed() {
        return answered.bodyUsed;
      },
      arrayBuffer: () => answered.arrayBuffer(),
      json: async () => parseForeignJson(await answered.text()),
      text: () => answered.text(),
    };
  };
}

function sent(headers: Record<string, string>, body: unknown): Pick<Dispatcher.RequestOptions, "headers" | "body"> {
  if (body === null || body === undefined || typeof body === "string") return { headers, body: body ?? null };
  if (!(body instanceof Multipart)) throw new TypeError("discord: a body that is neither JSON nor files");
  const { contentType, lengthBytes, pieces } = body;
  return {
    headers: { ...headers, "content-type": contentType, "content-length": String(lengthBytes) },
    // The border of the types: undici sends whatever can be gone through, and its types name only some of it.
    body: pieces as unknown as Dispatcher.RequestOptions["body"],
  } as Pick<Dispatcher.RequestOptions, "headers" | "body">;
}
