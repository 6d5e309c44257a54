import { blueprint } from "./blueprint.ts";
import { broadside } from "./broadside.ts";
import { chalk } from "./chalk.ts";
import { chorus } from "./chorus.ts";
import { constructivist } from "./constructivist.ts";
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

/** What chance picks from when no style is named: a board or a plan would surprise whoever did not ask for one. */
export const FREE_LAYOUTS: readonly [Layout, ...Layout[]] = [
  constructivist,
  swiss,
  modernist,
  riso,
  woodcut,
  deco,
  sunburst,
  rings,
  tiles,
  chorus,
  broadside,
  horizon,
  split,
  zine,
];

/** In the order chance counts them: adding one at the end moves the fewest pictures. */
export const LAYOUTS: readonly [Layout, ...Layout[]] = [
  constructivist,
  swiss,
  modernist,
  riso,
  woodcut,
  zine,
  deco,
  chalk,
  blueprint,
  sunburst,
  rings,
  tiles,
  chorus,
  broadside,
  horizon,
  split,
];
