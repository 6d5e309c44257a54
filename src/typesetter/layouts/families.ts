import { blueprint } from "./blueprint.ts";
import { broadside } from "./broadside.ts";
import { chalk } from "./chalk.ts";
import { chorus } from "./chorus.ts";
import { beam } from "./constructivist/beam.ts";
import { chevrons } from "./constructivist/chevrons.ts";
import { clash } from "./constructivist/clash.ts";
import { dawn } from "./constructivist/dawn.ts";
import { flag } from "./constructivist/flag.ts";
import { megaphone } from "./constructivist/megaphone.ts";
import { planes } from "./constructivist/planes.ts";
import { searchlight } from "./constructivist/searchlight.ts";
import { stairs } from "./constructivist/stairs.ts";
import { waves } from "./constructivist/waves.ts";
import { wedge } from "./constructivist/wedge.ts";
import { works } from "./constructivist/works.ts";
import { deco } from "./deco.ts";
import { horizon } from "./horizon.ts";
import type { Layout } from "./layout.ts";
import { modernist } from "./modernist.ts";
import { rings } from "./rings.ts";
import { riso } from "./riso.ts";
import { split } from "./split.ts";
import { sunburst } from "./sunburst.ts";
import { swiss } from "./swiss.ts";
import { tiles } from "./tiles.ts";
import { woodcut } from "./woodcut.ts";
import { zine } from "./zine.ts";

type Family = readonly [Layout, ...Layout[]];

/** Layouts that are of one kind, by the name that a style or a word of the prompt leads to. */
export const FAMILIES = {
  constructivist: [wedge, dawn, flag, beam, works, planes, searchlight, clash, waves, stairs, chevrons, megaphone],
  swiss: [swiss],
  modernist: [modernist],
  riso: [riso],
  woodcut: [woodcut],
  zine: [zine],
  deco: [deco],
  chalk: [chalk],
  blueprint: [blueprint],
  sunburst: [sunburst],
  rings: [rings],
  tiles: [tiles],
  chorus: [chorus],
  broadside: [broadside],
  horizon: [horizon],
  split: [split],
} as const satisfies Readonly<Record<string, Family>>;
type FamilyName = keyof typeof FAMILIES;

/** What is dealt from when no style is named: a board or a plan would surprise whoever did not ask for one. */
const FREE: Family = [
  wedge,
  swiss,
  modernist,
  riso,
  woodcut,
  deco,
  sunburst,
  dawn,
  rings,
  tiles,
  chorus,
  broadside,
  flag,
  horizon,
  split,
  zine,
];

/**
 * What a style's command draws, whatever the words say: by the style's id. A style that is not here draws what its trigger's
 * words lead to ("woodcut print"), and one without such words what the prompt asks for.
 */
const OF_STYLES: Readonly<Record<string, FamilyName>> = {
  rca: "constructivist",
  woodcut: "woodcut",
  blueprint: "blueprint",
  risograph: "riso",
  chalk: "chalk",
  swiss: "swiss",
};

export const LAYOUTS: readonly Layout[] = Object.values(FAMILIES).flat();

const familyOf = (name: string | undefined): Family | undefined =>
  name !== undefined && Object.hasOwn(FAMILIES, name) ? FAMILIES[name as FamilyName] : undefined;

/**
 * The layouts that a picture is dealt from.
 *
 * @param styleId `undefined` where the style is off
 * @param asked the family that the prompt's own words lead to, or the style's trigger
 * @param unwanted families that are to be kept out, as far as any is left
 */
export function layoutsFor(
  styleId: string | undefined,
  asked: string | undefined,
  unwanted: ReadonlySet<string>,
): Family {
  const own = styleId !== undefined && Object.hasOwn(OF_STYLES, styleId) ? OF_STYLES[styleId] : undefined;
  const named = familyOf(own) ?? familyOf(asked);
  if (named) return named;
  const keptOut = [...unwanted].flatMap((name) => familyOf(name) ?? []);
  const [first, ...others] = FREE.filter((layout) => !keptOut.includes(layout));
  return first ? [first, ...others] : FREE;
}
