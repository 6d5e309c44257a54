import type { Context } from "hono";
import type { Text } from "../../src/domain/text.ts";
import { SOURCE_LANGUAGE } from "../../src/messages/catalogue.ts";
import { render } from "../../src/messages/render.ts";

/** A refusal on its way out; caught in one place, where it is known who reads it. */
export class Refusal extends Error {
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 421 | 429 | 500 | 503 | 507;
  readonly text: Text;
  readonly retryAfterMs: number;
  /** What the page does about it, whatever the language of the sentence: `access`, it asks for the access code. */
  readonly code: "access" | undefined;

  constructor(
    status: Refusal["status"],
    text: Text,
    { retryAfterMs = 0, code }: { readonly retryAfterMs?: number; readonly code?: "access" } = {},
  ) {
    super(render(text, SOURCE_LANGUAGE));
    this.status = status;
    this.text = text;
    this.retryAfterMs = retryAfterMs;
    this.code = code;
  }
}

export function refusalResponse(c: Context, { status, text, retryAfterMs, code }: Refusal, language: string): Response {
  if (retryAfterMs > 0) c.header("retry-after", String(Math.ceil(retryAfterMs / 1000)));
  return c.json({ error: render(text, language), ...(code ? { code } : {}), retryAfterMs }, status);
}
