import { STATUS_CODES } from "node:http";
import type { RESTOptions } from "@discordjs/rest";
import { Agent, FormData, request } from "undici";
import { parseForeignJson } from "../../src/lib/foreign-json.ts";

export type MakeRequest = RESTOptions["makeRequest"];

/** A server's roles and channels, the longest answer, have some MB. */
const ANSWER_MAX_BYTES = 16 * 1024 * 1024;

/**
 * Sends what discord.js asks for through this program's own undici. discord.js brings another version, and all versions in
 * a process share one dispatcher: whichever is loaded first sends for both, and refuses files in the other's forms.
 */
export function createTransport(): MakeRequest {
  const dispatcher = new Agent({ allowH2: false, maxResponseSize: ANSWER_MAX_BYTES });
  return async (url, { method, headers, body, signal }) => {
    const answer = await request(url, {
      dispatcher,
      method: (method ?? "GET") as "GET",
      // discord.js makes a plain record of them.
      headers: headers as Record<string, string>,
      body: bodyOf(body),
      signal: signal ?? null,
    });
    const { statusCode: status, body: answered } = answer;
    return {
      status,
      statusText: STATUS_CODES[status] ?? "",
      ok: status >= 200 && status < 300,
      headers: new Headers(answer.headers as Record<string, string>),
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

/** discord.js makes JSON and, of files, the platform's form. */
function bodyOf(body: unknown): string | FormData | null {
  if (body === null || body === undefined || typeof body === "string") return body ?? null;
  if (!(body instanceof globalThis.FormData)) throw new TypeError("discord: a body that is neither JSON nor a form");
  const form = new FormData();
  for (const [name, part] of body) form.append(name, part);
  return form;
}
