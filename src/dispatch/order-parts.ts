import { createHash } from "node:crypto";
import { jobIdOf } from "../domain/ids.ts";
import { ok, type Result } from "../domain/problem.ts";
import type { Order } from "../domain/recipe.ts";
import type { Text } from "../domain/text.ts";
import { sniffImage } from "../lib/image-kind.ts";
import { stripPng } from "../lib/png.ts";
import type { Services } from "./services.ts";
import { startingImage } from "./starting-image.ts";

/** Keys of the pictures that were kept; absent: there were none, or all were kept before. */
export interface KeptPictures {
  readonly init?: string;
  readonly edit?: readonly string[];
}

/**
 * Keeps the pictures that an order starts from or changes, made safe. One of this chat's own that comes back with words over it is
 * kept as it is without them.
 *
 * @param nameOf under which one is kept: the same name, the same picture
 */
export async function keptStart(
  services: Pick<Services, "files" | "store">,
  {
    order,
    initBytes,
    editBytes,
  }: {
    readonly order: Order;
    readonly initBytes?: Uint8Array | undefined;
    readonly editBytes?: readonly (Uint8Array | undefined)[] | undefined;
  },
  { chatKey, nameOf }: { readonly chatKey: string; readonly nameOf: (bytes: Uint8Array) => string },
): Promise<Result<KeptPictures>> {
  const keep = async (bytes: Uint8Array, name: string): Promise<Result<string>> => {
    const prepared = await startingImage((await withoutWords(services, chatKey, bytes)) ?? bytes);
    return prepared.ok ? ok(await services.files.saveInput(jobIdOf(name), prepared.value)) : prepared;
  };
  const { init, edit } = order.request;
  if (edit && editBytes) {
    const kept = await Promise.all(
      edit.keys.map((key, at) => {
        const bytes = editBytes[at];
        return bytes === undefined ? ok(key) : keep(bytes, `${nameOf(bytes)} ${at + 1}`);
      }),
    );
    const wrong = kept.find((each) => !each.ok);
    return wrong ?? ok({ edit: kept.flatMap((each) => (each.ok ? [each.value] : [])) });
  }
  if (!initBytes || !init) return ok({});
  const key = await keep(initBytes, nameOf(initBytes));
  return key.ok ? ok({ init: key.value }) : key;
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

/** With what is said along with it, and with the stored pictures that it starts from or changes. */
export function noted(order: Order, notes: readonly Text[], kept: KeptPictures): Order {
  const { init } = order.request;
  const initKey = init && kept.init;
  const changed = kept.edit && { edit: { keys: [...kept.edit] } };
  return {
    ...order,
    advice: [...order.advice, ...notes],
    request: {
      ...order.request,
      ...(init && initKey !== undefined ? { init: { ...init, key: initKey } } : {}),
      ...changed,
    },
    // Words over a picture that was given with them.
    ...(init && initKey !== undefined && order.lettersOver === init.key ? { lettersOver: initKey } : {}),
  };
}
