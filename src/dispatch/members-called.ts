import type { Person } from "../domain/block.ts";
import { chatKeyOf, type Place } from "../domain/place.ts";
import type { Services } from "./services.ts";

/** How far back makers of pictures are known by their names. */
const RECENT_PICTURES = 500;
const OPEN_JOBS = 200;
/** "<@123>", "<@!123>": how Discord writes a mention. */
const MENTION = /^<@!?(\d{1,25})>$/u;

const keyOf = (name: string): string => name.normalize("NFKC").trim().toLowerCase();

/**
 * Who is meant: whoever has this id or is mentioned, known or not; else those of this name that the platform knows itself, or
 * that made or wait for pictures here.
 */
export async function membersCalled(
  { adapters, store }: Pick<Services, "adapters" | "store">,
  place: Place,
  written: string,
): Promise<readonly Person[]> {
  const typed = written.trim();
  const mentioned = MENTION.exec(typed)?.[1];
  const id = mentioned === undefined ? typed : `${place.platform}:${mentioned}`;
  const own = await adapters.get(place.platform)?.memberCalled?.(id.replace(/^@/u, ""));
  if (own) return [own];
  const chatKey = chatKeyOf(place);
  const [pictures, jobs, held] = await Promise.all([
    store.history({ chatKey, limit: RECENT_PICTURES }),
    store.openJobs({ chatKey }, OPEN_JOBS),
    // Whose pictures all wait for a moderator has none that are shown.
    store.heldIn(chatKey, OPEN_JOBS),
  ]);
  // A newer name stands for an older one of the same member.
  const seen = new Map([
    ...held.map(({ member }) => [member.id, member.name] as const),
    ...[...pictures.toReversed(), ...jobs].map((each) => [each.memberId, each.memberName] as const),
  ]);
  if (mentioned !== undefined || new RegExp(`^${place.platform}:[A-Za-z0-9_-]{1,40}$`, "u").test(id))
    return [{ id, name: seen.get(id) ?? id }];
  const wanted = keyOf(typed.replace(/^@/u, ""));
  return [...seen].filter(([, name]) => keyOf(name) === wanted).map(([memberId, name]) => ({ id: memberId, name }));
}
