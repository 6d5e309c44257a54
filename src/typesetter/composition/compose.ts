import type { ImageRequest } from "../../domain/recipe.ts";
import { type Text, text } from "../../domain/text.ts";
import { LAYOUTS, layoutsFor } from "../layouts/families.ts";
import type { Layout } from "../layouts/layout.ts";
import { type Brief, readBrief } from "../reading/brief.ts";
import { readPanels } from "../reading/panels.ts";
import { tell } from "../reading/report.ts";
import { asTyped } from "../reading/texts.ts";
import { understand } from "../reading/understanding.ts";
import { iconNamed } from "../signs/icons.ts";
import { planSigns, type Sign, type SignPlan } from "../signs/plan.ts";
import { drawBeside } from "./beside.ts";
import { type Chance, chanceFrom } from "./chance.ts";
import { placeCompanions } from "./companions.ts";
import { type Deal, dealFrom } from "./deal.ts";
import { type GroundWish, layGround } from "./ground.ts";
import { logoBandPx, logoInBand, logoInCorner, logoInFoot } from "./logo-place.ts";
import { brandPalette, mixPalette, tinted } from "./palette.ts";
import { layPanels, panelHeightPx } from "./panel.ts";
import { drawScan, planScan } from "./scan.ts";
import { finishLettering, type Scene, type Texture } from "./scene.ts";
import { rect } from "./shapes.ts";
import type { Mark, Page, Rect } from "./tree.ts";
import { isWide } from "./wide.ts";

export interface Composed {
  readonly page: Page;
  readonly texture: Texture;
  readonly layout: string;
  readonly brief: Brief;
  /** What stands on the paper. */
  readonly drawn: readonly Sign[];
  /** Where the brand's logo stands. */
  readonly logo?: Rect;
  /** For Info. */
  readonly notes: readonly Text[];
  /** Of what was asked for, what is not there: in a few words, for the card. */
  readonly missed: readonly Text[];
}

export interface ComposeInput {
  readonly request: ImageRequest;
  /** The style's trigger word. */
  readonly trigger: string;
  readonly hasPhoto: boolean;
  /** Drawn so whatever style and prompt say: for contact sheets. */
  readonly layout?: string;
  /** How a variation is carried out; default: its strength is that of the measures. */
  readonly nudge?: Nudge;
}

/** How far a variation goes. */
export interface Nudge {
  /** 0 to 1: how far measures move towards those of the variation's own seed. */
  readonly measures: number;
  /** Which of the seeds that come from the variation's own they are; 0: that one. */
  readonly turn: number;
  /** 0 to 1: how much of the bare sheet is another shade of its paper. */
  readonly ground: number;
  /** Which inks are another shade: a sum of `INKS`. */
  readonly tint: number;
}

/** Below this many steps shapes are outlines only, below the second there is no texture. */
const DRAFT_STEPS = 5;
const FLAT_STEPS = 12;
/** Lettering smaller than this share of the shorter side is hard to read on a wall. */
const SMALL_CAP_SHARE = 0.011;

/** The first letter decides, as in the bidirectional algorithm. */
const RIGHT_TO_LEFT = /^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}]/u;

/** From one seed of a variation to the next. */
const TURN = 0x9e3779b1;

/**
 * From a request to the layout tree. Pure: the same input gives the same tree, to the last digit. Where no corner is free for a
 * logo, the poster leaves it a band.
 */
export function compose(input: ComposeInput): Composed {
  const composed = composeOn(input, 0);
  const logo = input.request.brand?.logo;
  if (!logo || composed.logo) return composed;
  const { widthPx: w, heightPx: h } = input.request;
  return composeOn(input, logoBandPx({ w, h }, logo));
}

/** @param footPx what the poster leaves at its foot */
function composeOn({ request, trigger, hasPhoto, layout: forced, nudge }: ComposeInput, footPx: number): Composed {
  const { panels, rest } = readPanels(asTyped(request), (words) => understand(words).colours[0]);
  const brief = readBrief({ prompt: rest, trigger, unwanted: request.negativePrompt ?? "" });
  const { variation } = request;
  const moved = variation && {
    seed: (variation.seed + TURN * (nudge?.turn ?? 0)) >>> 0,
    strength: nudge?.measures ?? variation.strength,
  };
  const chance = varied(chanceFrom(request.seed), moved);
  // "With cfg 1 it composes freely": it obeys the first colour; from 4 on it obeys all.
  const obeyed = request.guidance >= 4 ? 12 : Math.round(request.guidance);
  const styleId = request.loraScale > 0 ? request.styleId : undefined;
  const layouts = layoutsFor(styleId, brief.layout, new Set(brief.unwantedLayouts.values()));
  const dealt = layouts[request.seed % layouts.length] ?? layouts[0];
  const layout = LAYOUTS.find(({ name }) => name === forced) ?? dealt;
  const deal = dealFrom(request.seed);
  const plan = planSigns(brief.things, brief.denied, signsMax(request.guidance), chance.fork("signs"));
  const own: Deal = (name, count) => deal(`${layout.name} ${name}`, count);
  const { widthPx, heightPx } = request;
  const between = { w: widthPx, h: heightPx - panels.length * panelHeightPx(heightPx) };
  const scan = brief.link && planScan(brief.link, between.w, between.h);
  const left = scan?.left ?? { w: between.w, h: between.h - footPx };
  const { brand } = request;
  const isRightToLeft = RIGHT_TO_LEFT.test(brief.phrases[0]?.text ?? "");
  const inBand = brand?.logo && (scan ? logoInBand(scan, between, brand.logo) : undefined);
  const inFoot = brand?.logo && footPx > 0 ? logoInFoot(between, brand.logo, isRightToLeft) : undefined;
  const scene = sceneOf(
    {
      request,
      size: left,
      brief,
      layout,
      obeyed,
      plan,
      hasPhoto,
      deal: own,
      tint: nudge?.tint ?? 0,
    },
    chance.fork("layout"),
  );
  const finishArt = ({ marks, u }: Scene): void => {
    if (request.steps < DRAFT_STEPS) outlineOnly(marks, u);
  };
  const ground: GroundWish = { share: nudge?.ground ?? 0, deal: dealFrom(moved?.seed ?? 0) };
  if (isWide(scene)) drawBeside(scene, layout, ground, finishArt);
  else {
    layGround(scene, { x: 0, y: 0, w: scene.w, h: scene.h }, scene.inks.paper, ground);
    layout.draw(scene);
    placeCompanions(scene);
    finishArt(scene);
  }
  if (scan) drawScan(scene, scan, inBand);
  if (footPx > 0) rect(scene, { x: 0, y: left.h, w: between.w, h: footPx }, scene.inks.paper);
  layPanels(scene, panels, { widthPx, heightPx });
  const lettering = finishLettering(scene);
  const page: Page = {
    widthPx,
    heightPx,
    paper: scene.inks.paper,
    marks: scene.marks,
    ...(scene.placedPhoto ? { photo: scene.placedPhoto } : {}),
    lettering,
  };
  const top = panels.some(({ edge }) => edge === "top") ? panelHeightPx(heightPx) : 0;
  const spot = inBand ?? inFoot;
  const logo = spot
    ? { ...spot, y: spot.y + top }
    : brand?.logo && logoInCorner(page, { ...between, x: 0, y: top }, brand.logo, isRightToLeft);
  const smallest = Math.min(...lettering.map((line) => line.capPx));
  const told = tell({ brief, plan, drawn: scene.drawn });
  const useless = request.trueCfg === 1 ? [] : [text("note.left-out", { words: "truecfg" })];
  const notes = [...told.notes, ...useless];
  if (smallest < Math.min(widthPx, heightPx) * SMALL_CAP_SHARE) notes.push(text("backend.sketch.note.small"));
  const noRoom = hasPhoto && !scene.placedPhoto ? [text("backend.sketch.note.no-room")] : [];
  const noCode = brief.link && !scan ? [text("backend.sketch.note.no-room-code")] : [];
  return {
    page,
    texture: textureFor(scene.texture, request),
    layout: layout.name,
    brief,
    ...(logo ? { logo } : {}),
    drawn: plan.signs.filter(({ picture }) => scene.drawn.has(picture)),
    notes: [...notes, ...noRoom, ...noCode],
    missed: [...noRoom, ...noCode, ...told.missed, ...useless],
  };
}

/** A composition has places for three signs. "With cfg 1 it composes freely": it obeys no noun, with 2 the first. */
const signsMax = (guidance: number): number => (guidance < 1.5 ? 0 : guidance < 2.5 ? 1 : 3);

interface SceneInput {
  /** What the poster has of the page, between panels and beside a code. */
  readonly size: { readonly w: number; readonly h: number };
  readonly request: ImageRequest;
  readonly brief: Brief;
  readonly layout: Layout;
  /** How many of the prompt's colours count. */
  readonly obeyed: number;
  readonly plan: SignPlan;
  readonly hasPhoto: boolean;
  readonly deal: Deal;
  readonly tint: number;
}

function sceneOf(input: SceneInput, chance: Chance): Scene {
  const { request, brief, layout, obeyed, plan, hasPhoto, deal, tint } = input;
  const { w, h } = input.size;
  const { brand } = request;
  const u = Math.min(w, h) / 100;
  return {
    w,
    h,
    u,
    m: u * 7,
    inks: tinted(brand?.colours ? brandPalette(brand.colours, layout) : mixPalette(brief, layout, obeyed, deal), tint),
    ...(brand?.font ? { voice: brand.font } : {}),
    chance,
    deal,
    icons: plan.signs.map(({ picture }) => iconNamed(picture)),
    drawn: new Set(),
    phrases: brief.phrases.map((phrase, index) => ({ ...phrase, index })),
    depart: request.loraScale,
    photo: hasPhoto ? { fade: request.init?.strength ?? 0 } : undefined,
    marks: [],
    blocks: [],
    companions: [],
    centred: false,
    placedPhoto: undefined,
    texture: { grain: 0, wear: 0 },
  };
}

/** The same choices with measures that differ by up to `strength`: the layout stays, its proportions move. */
function varied(chance: Chance, variation: ImageRequest["variation"]): Chance {
  if (!variation || variation.strength === 0) return chance;
  const other = chanceFrom(variation.seed);
  const wrap = (own: Chance, second: Chance): Chance => ({
    ...own,
    between(low, high) {
      const share = own.next() * (1 - variation.strength) + second.next() * variation.strength;
      return low + (high - low) * share;
    },
    fork: (name) => wrap(own.fork(name), second.fork(name)),
  });
  return wrap(chance, other);
}

function outlineOnly(marks: Mark[], u: number): void {
  marks.forEach((mark, index) => {
    if (mark.fill === undefined) return;
    const scale = mark.transform ? Number(/scale\(([\d.]+)\)/u.exec(mark.transform)?.[1] ?? 1) : 1;
    const { fill, ...rest } = mark;
    marks[index] = { ...rest, stroke: { colour: fill, widthPx: (u * 0.4) / scale }, solid: false };
  });
}

const textureFor = (texture: Texture, request: ImageRequest): Texture => {
  const share =
    request.steps < FLAT_STEPS
      ? 0
      : Math.min(1, (request.steps - FLAT_STEPS + 4) / 20) * Math.min(1.3, request.loraScale);
  return { grain: Math.min(1, texture.grain * share), wear: Math.min(1, texture.wear * share) };
};
