import { contrastOf } from "../../lib/colour.ts";
import type { Numbered, Scene, StackStyle } from "../composition/scene.ts";
import type { Rect } from "../composition/tree.ts";
import type { Zones } from "../composition/zones.ts";
import type { FontName } from "../lettering/families.ts";
import { setStack } from "../lettering/typeset.ts";
import type { Inks } from "../reading/words.ts";

/** One way of making a poster. */
export interface Layout {
  readonly name: string;
  /** Its palettes, for prompts that name no colour. */
  readonly inks: readonly [Inks, ...Inks[]];
  /** It needs its own kind of ground: inks printed over each other need light paper, chalk a board. */
  readonly ownGround?: true;
  /** Draws the picture and sets the lettering. */
  draw(scene: Scene): void;
  /** Wide pages: what else belongs on the lettering's part of the sheet. */
  panel?(scene: Scene, area: Rect): void;
  /** Wide pages: for a layout that does more with its title than setting it. */
  setTitle?(scene: Scene, area: Rect, phrases: readonly Numbered[]): void;
}

/** Left and right, or the page seen in a mirror. */
export function mirrored(scene: Scene): { readonly side: 1 | -1; x(share: number): number } {
  const side = scene.deal("mirror", 2) === 0 ? 1 : -1;
  return { side, x: (share) => scene.w * (side > 0 ? share : 1 - share) };
}

export const inks = (paper: string, ink: string, accent: string, second: string): Inks => ({
  paper,
  ink,
  accent,
  second,
});

/** Lettering in the strips above and below the title, in the layout's text face. */
export function setStrips(scene: Scene, zones: Zones, font: FontName, style: Partial<StackStyle> = {}): void {
  const { ink, paper } = scene.inks;
  const base: StackStyle = {
    font,
    align: "left",
    valign: "bottom",
    inks: [ink, paper],
    maxCap: 0.5,
    lead: 1,
    leading: 1.4,
    tracking: 0.03,
    ...style,
  };
  if (scene.wing) scene.wing.strips = base;
  if (zones.head) setStack(scene, zones.head.rect, zones.head.phrases, { ...base, valign: "top" });
  if (zones.foot) setStack(scene, zones.foot.rect, zones.foot.phrases, base);
}

/** Of the palette's inks, the one that stands out most from `ground`. */
export function standOut(scene: Scene, ground: string): string {
  const { ink, paper } = scene.inks;
  return contrastOf(paper, ground) > contrastOf(ink, ground) ? paper : ink;
}
