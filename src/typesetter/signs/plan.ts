import type { Chance } from "../composition/chance.ts";
import { idOf, type Thing } from "../reading/understanding.ts";

/** A sign on the paper, and what it stands for. */
export interface Sign {
  /** `set:name`. */
  readonly picture: string;
  /** One sign can stand for several things: a fist for a strike, and for the fist that was asked for. */
  readonly things: readonly Thing[];
}

export interface SignPlan {
  /** The first is the largest. */
  readonly signs: readonly Sign[];
  /** Asked for, and without a sign here. */
  readonly leftOut: readonly Thing[];
}

/** How often the best of a thing's pictures is taken; the others share the rest. */
const BEST_SHARE = 0.6;

/**
 * Which signs are drawn: at most `max`, none that another thing keeps away, and none of what was denied.
 *
 * @param things what leads first
 * @param denied things that are not to be seen
 */
export function planSigns(things: readonly Thing[], denied: readonly Thing[], max: number, chance: Chance): SignPlan {
  const wanted = new Set(things.map(idOf));
  const keptAway = denied.filter((thing) => !wanted.has(idOf(thing))).flatMap(({ pictures }) => pictures);
  const nevers = things.flatMap(({ never }) => never).map(nameMatcher);
  const drawable = (thing: Thing): readonly string[] =>
    thing.pictures.filter((picture) => !keptAway.includes(picture) && !nevers.some((never) => never(picture)));
  const signs: Sign[] = [];
  const leftOut: Thing[] = [];
  things.forEach((thing, index) => {
    const pictures = drawable(thing);
    const at = signs.findIndex(({ picture }) => pictures.includes(picture));
    const there = signs[at];
    if (there) {
      signs[at] = { ...there, things: [...there.things, thing] };
      return;
    }
    const picture = pick(pictures, things.slice(index + 1).map(drawable), chance.fork(`sign ${idOf(thing)}`));
    if (picture === undefined || signs.length >= max) leftOut.push(thing);
    else signs.push({ picture, things: [thing] });
  });
  return { signs, leftOut };
}

/** One that stands for a later thing too, where there is one: it leaves a place free. */
function pick(pictures: readonly string[], others: readonly (readonly string[])[], chance: Chance): string | undefined {
  const shared = others.flatMap((other) => other.slice(0, 1)).find((picture) => pictures.includes(picture));
  if (shared !== undefined) return shared;
  const [best, ...rest] = pictures;
  const draw = chance.next();
  if (rest.length === 0 || draw < BEST_SHARE) return best;
  return rest[Math.floor(((draw - BEST_SHARE) / (1 - BEST_SHARE)) * rest.length)] ?? best;
}

/** `party`: that name in any set; `game-icons:tank*`: any that begins so. A concept's name is dealt with before. */
function nameMatcher(never: string): (picture: string) => boolean {
  const [set, pattern = ""] = never.includes(":") ? never.split(":") : [undefined, never];
  const parts = pattern.split("*");
  return (picture) => {
    const [prefix, name = ""] = picture.split(":");
    if (set !== undefined && set !== prefix) return false;
    if (parts.length === 1) return name === pattern;
    const [start = "", end = ""] = parts;
    return name.length >= start.length + end.length && name.startsWith(start) && name.endsWith(end);
  };
}
