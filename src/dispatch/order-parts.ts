import { createHash } from "node:crypto";
import { jobIdOf } from "../domain/ids.ts";
import { ok, type Result } from "../domain/problem.ts";
import type { Order } from "../domain/recipe.ts";
import type { Text } from "../domain/text.ts";
import { sniffImage } from "../lib/image-kind.ts";
import { stripPng } from "../lib/png.ts";
import type { Services } from "./services.ts";
import { startingImage } from "./starting-image.ts";

/**
 * Keeps the picture that an order starts from, made safe. Its key; `undefined`: it starts from none, or from one that is kept.
 * One of this chat's own that comes back with words over it is kept as it is without them.
 *
 * @param nameOf under which it is kept: the same name, the same picture
 */
export async function keptStart(
  { files, store }: Pick<Services, "files" | "store">,
  { order, initBytes }: { readonly order: Order; readonly initBytes?: Uint8Array | undefined },
  { chatKey, nameOf }: { readonly chatKey: string; readonly nameOf: (bytes: Uint8Array) => string },
): Promise<Result<string | undefined>> {
  if (!initBytes || !order.request.init) return ok(undefined);
  const prepared = await startingImage((await withoutWords({ files, store }, chatKey, initBytes)) ?? initBytes);
  return prepared.ok ? ok(await files.saveInput(jobIdOf(nameOf(initBytes)), prepared.value)) : prepared;
}

/** `undefined`: it is none of ours, or no words stand over it. */
async function withoutWords(
  { files, store }: Pick<Services, "files" | "store">,
  chatKey: string,
  bytes: Uint8Array,
): Promise<Uint8Array | undefined> {
  const sum = sumOfPng(bytes);
  const picture = sum === undefined ? undefined : await store.pictureBySum(chatKey, sum);
  return picture?.recipe.request.lettering && files.plain(picture.imageId);
}

/** As `Picture.sha256`, whatever is written beside the pixels; `undefined`: it is no whole PNG. */
function sumOfPng(bytes: Uint8Array): string | undefined {
  if (sniffImage(bytes) !== "image/png") return undefined;
  try {
    return createHash("sha256").update(stripPng(bytes)).digest("hex");
  } catch {
    return undefined;
  }
}

/** With what is said along with it, and with the stored picture that it starts from. */
export function noted(order: Order, notes: readonly Text[], initKey: string | undefined): Order {
  const { init } = order.request;
  const given = init && initKey !== undefined;
  return {
    ...order,
    advice: [...order.advice, ...notes],
    request: { ...order.request, ...(given ? { init: { ...init, key: initKey } } : {}) },
    // Words over a picture that was given with them.
    ...(given && order.lettersOver === init.key ? { lettersOver: initKey } : {}),
  };
}
