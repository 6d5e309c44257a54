import sharp from "sharp";
import { expect, onTestFinished } from "vitest";
import { openTelegramFake, type TelegramFake, type TelegramFakeOptions } from "../telegram.ts";

/** The fake spoken to without any library: what a bot in any language would send. */

export interface RawAnswer {
  readonly ok: boolean;
  readonly result?: unknown;
  readonly error_code?: number;
  readonly description?: string;
  readonly parameters?: { readonly retry_after?: number; readonly migrate_to_chat_id?: number };
}
export type RawCall = (method: string, params?: Readonly<Record<string, unknown>>) => Promise<RawAnswer>;

export async function openedFake(options: TelegramFakeOptions = {}): Promise<TelegramFake> {
  const fake = await openTelegramFake(options);
  onTestFinished(() => fake.close());
  return fake;
}

export const callerOf =
  (fake: TelegramFake): RawCall =>
  async (method, params = {}) => {
    const response = await fetch(`${fake.url}/bot${fake.token}/${method}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(params),
    });
    // The cast is the wire format of every answer; the tests look at its parts.
    return (await response.json()) as RawAnswer;
  };

/** As the reference client of every language does it: files beside the fields they are named in. */
export async function upload(
  fake: TelegramFake,
  method: string,
  fields: Readonly<Record<string, string>>,
  files: Readonly<Record<string, { readonly bytes: Buffer; readonly name: string }>>,
): Promise<RawAnswer> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const [name, { bytes, name: fileName }] of Object.entries(files))
    form.append(name, new Blob([new Uint8Array(bytes)]), fileName);
  const response = await fetch(`${fake.url}/bot${fake.token}/${method}`, { method: "POST", body: form });
  return (await response.json()) as RawAnswer;
}

export const pngOf = (widthPx = 64, heightPx = 48): Promise<Buffer> =>
  sharp({ create: { width: widthPx, height: heightPx, channels: 3, background: "teal" } })
    .png()
    .toBuffer();

/** Waits for the next updates, as a bot does. */
export function pollerOf(fake: TelegramFake) {
  const call = callerOf(fake);
  let offset = 0;
  return async (
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<readonly Readonly<Record<string, unknown>>[]> => {
    const { result } = await call("getUpdates", { offset, timeout: 5, ...more });
    const updates = result as readonly { readonly update_id: number }[];
    offset = (updates.at(-1)?.update_id ?? offset - 1) + 1;
    return updates.map((update) => ({ ...update }));
  };
}

/** Looks again until it is so: on a busy machine that may take a while. */
export const eventually = <T>(look: () => T) => expect.poll(look, { timeout: 15_000 });
