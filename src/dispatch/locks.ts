import { chatKeyOf, settingsKeyOf } from "../domain/place.ts";
import type { ChatEvents } from "../ports/chat.ts";
import { encodeMediaKey } from "../views/media-key.ts";
import { isCovered } from "../views/picture.ts";
import { isOperator } from "./door.ts";
import type { Services } from "./services.ts";

/** What is locked for whom, for adapters that keep it in sight. */
export function createLocks({
  memory,
  store,
  installation,
  token,
}: Pick<Services, "memory" | "store" | "installation" | "token">): ChatEvents["lock"] {
  return async (place, member) => {
    const lock = await memory.seedLock(chatKeyOf(place), await store.accountsOf(member.id));
    if (!lock) return undefined;
    const { scope, seed, byName, picture } = lock;
    const mayUnlock = scope === "me" || member.admin || (await isOperator({ store, installation }, member.id));
    const imageKey = picture && (await imageKeyOf(picture.imageId, settingsKeyOf(place)));
    return {
      scope,
      seed,
      byName,
      ...(picture && { picture: { number: picture.number, ...(imageKey && { imageKey }) } }),
      ...(mayUnlock && { unlockToken: token("unlock", "chat", { scope }) }),
    };
  };

  async function imageKeyOf(imageId: string, settingsKey: string): Promise<string | undefined> {
    const [picture, { spoiler }] = await Promise.all([store.picture(imageId), memory.settings(settingsKey)]);
    if (!picture || picture.deleted || isCovered({ spoiler: spoiler === "yes" }, picture)) return undefined;
    return encodeMediaKey({ of: "picture", imageId, variant: "posted" });
  }
}
