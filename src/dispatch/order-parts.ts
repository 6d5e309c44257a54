import { jobIdOf } from "../domain/ids.ts";
import { ok, type Result } from "../domain/problem.ts";
import type { Order } from "../domain/recipe.ts";
import type { Text } from "../domain/text.ts";
import type { Services } from "./services.ts";
import { startingImage } from "./starting-image.ts";

/**
 * Keeps the picture that an order starts from, made safe. Its key; `undefined`: it starts from none, or from one that is kept.
 *
 * @param nameOf under which it is kept: the same name, the same picture
 */
export async function keptStart(
  { files }: Pick<Services, "files">,
  { order, initBytes }: { readonly order: Order; readonly initBytes?: Uint8Array | undefined },
  nameOf: (bytes: Uint8Array) => string,
): Promise<Result<string | undefined>> {
  if (!initBytes || !order.request.init) return ok(undefined);
  const prepared = await startingImage(initBytes);
  return prepared.ok ? ok(await files.saveInput(jobIdOf(nameOf(initBytes)), prepared.value)) : prepared;
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
