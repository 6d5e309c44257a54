import type { DocumentError } from "../ports/documents.ts";

/** A document that there cannot be: told from a breakdown on its way out of the worker. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: DocumentError["code"];

  constructor(code: DocumentError["code"], message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** What reads pictures, with one that was deleted meanwhile as a refusal. */
export async function orGone<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT")
      throw new Refusal("gone", "a picture is gone", { cause });
    throw cause;
  }
}
