import { type Colour, contrastOf } from "../../lib/colour.ts";
import type { Layout } from "../layouts/layout.ts";
import { setStack } from "../lettering/typeset.ts";
import { placeCompanions } from "./companions.ts";
import { type GroundWish, layGround } from "./ground.ts";
import type { Numbered, Scene, StackStyle, Wing } from "./scene.ts";
import { rect } from "./shapes.ts";
import type { Rect } from "./tree.ts";
import { sortPhrases } from "./zones.ts";

/**
 * A wide page: the layout draws its picture on a page of its own, which becomes one part of the sheet, and its type is
 * set in the other part.
 *
 * @param finishArt treats the picture's marks before the lettering's ground is laid over what sticks out of it
 */
export function drawBeside(
  scene: Scene,
  layout: Layout,
  variedGround: GroundWish,
  finishArt: (scene: Scene) => void,
): void {
  const chance = scene.chance.fork("beside");
  const drawn = scene.deal("side", 2) === 0;
  const side = scene.phrases[0]?.side;
  const artFirst = side === undefined ? drawn : side === "right";
  const artW = Math.round(artWidth(scene, chance.between(0, 1)));
  const wing: Wing = { ground: undefined, side: 1, style: undefined, strips: undefined };
  const art: Scene = { ...scene, w: artW, phrases: [], marks: [], blocks: [], companions: [], wing };
  layout.draw(art);
  placeCompanions(art);
  finishArt(art);
  adopt(scene, art, artFirst ? 0 : scene.w - artW);
  const panel: Rect = { x: artFirst ? artW : 0, y: 0, w: scene.w - artW, h: scene.h };
  const ground = wing.ground ?? scene.inks.paper;
  // The bleed keeps the picture's edge from shining through at the sheet's own edges.
  rect(scene, { ...panel, x: artFirst ? artW : -2, y: -2, w: panel.w + 2, h: scene.h + 4 }, ground);
  layGround(scene, panel, ground, variedGround);
  layout.panel?.(scene, panel);
  setPanel(scene, layout, insideOf(scene, panel, artFirst, wing.side), wing);
}

/** Letters from which on a word decides the size of its title. */
const LONG_WORD = 9;
const longestWord = (phrases: readonly Numbered[]): number =>
  Math.max(0, ...phrases.flatMap((phrase) => phrase.text.split(/\s+/u)).map((word) => word.length));

/** Near a square, or half the sheet; much text, or a long word, takes some of it. */
function artWidth({ w, h, phrases }: Scene, draw: number): number {
  const letters = phrases.reduce((sum, phrase) => sum + phrase.text.length, 0);
  const half = w * (letters > 90 || longestWord(phrases) > LONG_WORD ? 0.4 : 0.46 + 0.06 * draw);
  return Math.min(half, h * (1.12 + 0.2 * draw));
}

/** Moves what was drawn on the picture's own page to its place on the sheet. */
function adopt(scene: Scene, art: Scene, dx: number): void {
  for (const mark of art.marks) {
    if (dx === 0) scene.marks.push(mark);
    else
      scene.marks.push({
        ...mark,
        transform: `translate(${dx} 0)${mark.transform === undefined ? "" : ` ${mark.transform}`}`,
        outline: mark.outline.map(([x, y]) => [x + dx, y] as const),
      });
  }
  const photo = art.placedPhoto;
  scene.placedPhoto = photo && {
    ...photo,
    rect: { ...photo.rect, x: photo.rect.x + dx },
    ...(photo.clip ? { clip: photo.clip.map(([x, y]) => [x + dx, y] as const) } : {}),
  };
  scene.texture = art.texture;
}

/** More air towards the sheet's edge than towards the picture. */
function insideOf({ m }: Scene, panel: Rect, artFirst: boolean, side: number): Rect {
  const [outer, inner] = [m * 1.15 * side, m * 0.95 * side];
  return {
    x: panel.x + (artFirst ? inner : outer),
    y: m * 1.1 * side,
    w: panel.w - inner - outer,
    h: panel.h - 2.2 * m * side,
  };
}

const PLAIN: StackStyle = { font: "grotesk", align: "left", valign: "middle", inks: [] };

function setPanel(scene: Scene, layout: Layout, area: Rect, wing: Wing): void {
  const style = wing.style ?? PLAIN;
  const { head, main, foot, titlePosition } = placed(scene.phrases);
  if (titlePosition === "centre") scene.centred = true;
  const { m, h } = scene;
  // A share of a low page would be too small to read.
  const low = scene.w > 3.2 * h ? 1.6 : 1;
  const headH = Math.min(0.27, stripHeight(head) * low) * h;
  const footH = Math.min(0.27, stripHeight(foot) * low) * h;
  const top = area.y + (head.length > 0 ? headH + m * 0.6 : 0);
  const bottom = area.y + area.h - (foot.length > 0 ? footH + m * 0.6 : 0);
  const strips: StackStyle = {
    ...(wing.strips ?? style),
    align: style.align,
    even: true,
  };
  const middle = { x: area.x, y: top, w: area.w, h: bottom - top };
  const valign = titlePosition === "top" ? "top" : titlePosition === "bottom" ? "bottom" : "middle";
  if (layout.setTitle) layout.setTitle(scene, middle, main);
  // The middle the eye sees lies above the one a ruler finds.
  else
    setStack(scene, valign === "middle" ? { ...middle, h: middle.h * 0.97 } : middle, main, {
      ...style,
      valign,
      gap: 1.25,
      lead: 2.6,
      // A long word keeps its title small; what follows need not shrink with it.
      follow: longestWord(main.slice(0, 1)) > LONG_WORD ? 0.52 : 0.4,
      angle: gentle(style.angle ?? 0, middle),
    });
  if (head.length > 0) setStack(scene, { ...area, h: headH }, head, { ...strips, valign: "top" });
  if (foot.length > 0) {
    const strip = { ...area, y: area.y + area.h - footH, h: footH };
    setStack(scene, strip, foot, { ...strips, valign: "bottom" });
    if (!layout.panel) dash(scene, strip, wing.ground ?? scene.inks.paper);
  }
}

/** A slant takes height in proportion to the width: no more of it than a low, wide panel can spare. */
function gentle(angle: number, { w, h }: Rect): number {
  const most = (Math.asin(Math.min(1, (0.24 * h) / w)) * 180) / Math.PI;
  return Math.sign(angle) * Math.min(Math.abs(angle), most);
}

/** A short bar above what stands at the foot, on its axis, so that it does not float. */
function dash(scene: Scene, area: Rect, ground: Colour): void {
  const under = scene.blocks.at(-1)?.rect;
  const first = scene.blocks.find((block) => block.rect.y >= area.y)?.rect;
  if (!under || !first) return;
  const { u, inks } = scene;
  const w = Math.min(area.w, u * 11);
  const right = area.x + area.w - (under.x + under.w);
  const x = under.x - area.x < 1 ? area.x : right < 1 ? area.x + area.w - w : under.x + (under.w - w) / 2;
  const fill = contrastOf(inks.accent, ground) > 1.5 ? inks.accent : inks.second;
  rect(scene, { x, y: first.y - u * 3.4, w, h: u * 0.9 }, fill);
}

/** Small print stands with the title here, unless the prompt puts it at an edge. */
function placed(phrases: readonly Numbered[]) {
  const { head, main, foot, titlePosition } = sortPhrases(phrases);
  const asked = foot.filter((phrase) => phrase.position === "bottom");
  const title = main[0];
  const under = phrases.filter((phrase) => phrase !== title && !head.includes(phrase) && !asked.includes(phrase));
  return { head, main: title ? [title, ...under] : under, foot: asked, titlePosition };
}

function stripHeight(phrases: readonly Numbered[]): number {
  if (phrases.length === 0) return 0;
  const letters = phrases.reduce((sum, phrase) => sum + phrase.text.length, 0);
  const large = phrases.some((phrase) => phrase.size === "large") ? 1.6 : 1;
  return Math.min(0.27, (0.05 + 0.05 * phrases.length + letters / 900) * large);
}
