import type { Branding } from "../../domain/lettering.ts";
import { type Colour, channelsOf, contrastOf, luminanceOf, mixColours } from "../../lib/colour.ts";
import type { Layout } from "../layouts/layout.ts";
import type { Brief } from "../reading/brief.ts";
import type { Inks } from "../reading/words.ts";
import type { Deal } from "./deal.ts";

/** Ink on paper is read from across a street. */
const INK_CONTRAST = 7;
const LIGHT: Colour = "#faf5e8";
const DARK: Colour = "#14110f";

/**
 * Four inks: the prompt's colours first, then its mood, then the layout's own.
 *
 * @param obeyed how many of the prompt's colour words count
 */
export function mixPalette(brief: Brief, layout: Pick<Layout, "inks" | "ownGround">, obeyed: number, deal: Deal): Inks {
  const base = brief.mood ?? layout.inks[deal("inks", layout.inks.length)] ?? layout.inks[0];
  const background = obeyed > 0 ? brief.background : undefined;
  const wanted = brief.colours.slice(0, background === undefined ? obeyed : obeyed - 1);
  const colours = wanted.filter((colour) => colour !== background);
  if (background === undefined && colours.length === 0) {
    return readable(brief.mood || layout.ownGround ? base : otherGround(base, deal));
  }
  const paper = background ?? paperAmong(colours, base);
  const rest = colours.filter((colour) => colour !== paper);
  const ink = inkFor(paper, rest, base);
  const chosen = rest.filter((colour) => colour !== ink && contrastOf(colour, paper) > 1.25);
  const accent = chosen[0] ?? (rest.includes(ink) ? ink : accentFor(paper, base, ink));
  const second = chosen[1] ?? mixColours(accent, paper, 0.45);
  const inks = readable({ paper, ink, accent, second });
  return background !== undefined || brief.mood || layout.ownGround ? inks : readable(otherGround(inks, deal));
}

/**
 * A chat's own two colours, and what lies between them. Where a layout needs its own kind of ground, the one that is more like
 * it is the paper.
 */
export function brandPalette(
  { ink, ground }: NonNullable<Branding["colours"]>,
  layout: Pick<Layout, "inks" | "ownGround">,
): Inks {
  const light = luminanceOf(layout.inks[0].paper);
  const isTurned =
    layout.ownGround === true && Math.abs(luminanceOf(ink) - light) < Math.abs(luminanceOf(ground) - light);
  const [paper, letters] = isTurned ? [ink, ground] : [ground, ink];
  return { paper, ink: letters, accent: mixColours(letters, paper, 0.25), second: mixColours(letters, paper, 0.6) };
}

const GROUNDS = ["paper", "accent", "paper", "ink", "paper"] as const;

/** Now and then the sheet is printed full: light on dark, or on the accent's ground. */
function otherGround(base: Inks, deal: Deal): Inks {
  const ground = GROUNDS[deal("ground", GROUNDS.length)];
  if (ground === "ink") {
    // Where the accent is the ink, it turns with it: it would be gone on paper of its own colour.
    return { ...base, paper: base.ink, ink: base.paper, accent: base.accent === base.ink ? base.paper : base.accent };
  }
  if (ground !== "accent") return base;
  const ink = [mixColours(base.paper, "#fffdf6", 0.7), base.ink].find(
    (colour) => contrastOf(colour, base.accent) >= 4.6,
  );
  if (ink === undefined) return base;
  return { ...base, paper: base.accent, ink, accent: ink === base.ink ? base.paper : base.ink };
}

/** The layout's accent where it shows on this paper. */
const accentFor = (paper: Colour, base: Inks, ink: Colour): Colour =>
  [base.accent, base.second].find((colour) => contrastOf(colour, paper) >= 2) ?? ink;

/** The lightest of several colours is the paper, a single colour is printed on the layout's paper. */
function paperAmong(colours: readonly Colour[], base: Inks): Colour {
  if (colours.length < 2) {
    const only = colours[0] ?? base.ink;
    return contrastOf(only, base.paper) >= 2 ? base.paper : luminanceOf(only) > 0.3 ? DARK : LIGHT;
  }
  const lightest = [...colours].sort((a, b) => luminanceOf(b) - luminanceOf(a))[0] ?? base.paper;
  return luminanceOf(lightest) > 0.5 ? lightest : luminanceOf(base.paper) > 0.5 ? base.paper : LIGHT;
}

function inkFor(paper: Colour, colours: readonly Colour[], base: Inks): Colour {
  const candidates = [...colours, base.ink, base.paper, DARK, LIGHT];
  return (
    candidates.find((colour) => contrastOf(colour, paper) >= INK_CONTRAST) ?? farthest(paper, ["#000000", "#ffffff"])
  );
}

const farthest = (from: Colour, list: readonly Colour[]): Colour =>
  [...list].sort((a, b) => contrastOf(b, from) - contrastOf(a, from))[0] ?? DARK;

/** Mid-tone papers ("red background") cannot carry 7:1; black or white carries what is possible, at least 4.58:1. */
function readable(inks: Inks): Inks {
  if (contrastOf(inks.paper, inks.ink) >= INK_CONTRAST) return inks;
  const best = farthest(inks.paper, [inks.ink, DARK, LIGHT]);
  return { ...inks, ink: contrastOf(best, inks.paper) >= 5 ? best : farthest(inks.paper, ["#000000", "#ffffff"]) };
}

/** Of 255, in the channel that changes most: an eye sees it beside the colour itself, and contrasts stay. */
const SHADE_STEP = 40;

/** Other shades of a colour, as far from it as an eye needs: a lighter and a darker one, where there is room. */
export function shadesOf(colour: Colour): readonly Colour[] {
  const own = channelsOf(colour);
  return ["#ffffff", "#000000"].flatMap((end) => {
    const reach = Math.max(...channelsOf(end).map((value, at) => Math.abs(value - (own[at] ?? 0))));
    return reach < SHADE_STEP ? [] : [mixColours(colour, end, SHADE_STEP / reach)];
  });
}

/** For `tinted`: bits of a sum. */
export const INKS = { second: 1, accent: 2, ink: 4 } as const;

/** The same inks, some of them in the shade that stands out most from the paper. */
export function tinted(inks: Inks, which: number): Inks {
  if (which === 0) return inks;
  const shaded = (name: keyof typeof INKS): Colour =>
    (which & INKS[name]) === 0 ? inks[name] : farthest(inks.paper, shadesOf(inks[name]));
  return readable({ ...inks, ink: shaded("ink"), accent: shaded("accent"), second: shaded("second") });
}
