import type { ImageRequest } from "../../domain/recipe.ts";
import { type Text, text } from "../../domain/text.ts";
import { FREE_LAYOUTS, LAYOUTS } from "../layouts/all.ts";
import type { Layout } from "../layouts/layout.ts";
import { type Brief, readBrief } from "../reading/brief.ts";
import { tell } from "../reading/report.ts";
import { asTyped } from "../reading/texts.ts";
import { iconNamed } from "../signs/icons.ts";
import { planSigns, type Sign, type SignPlan } from "../signs/plan.ts";
import { drawBeside } from "./beside.ts";
import { type Chance, chanceFrom } from "./chance.ts";
import { mixPalette } from "./palette.ts";
import { drawScan, planScan } from "./scan.ts";
import { finishLettering, type Scene, type Texture } from "./scene.ts";
import type { Mark, Page } from "./tree.ts";
import { isWide } from "./wide.ts";

export interface Composed {
  readonly page: Page;
  readonly texture: Texture;
  readonly layout: string;
  readonly brief: Brief;
  /** What stands on the paper. */
  readonly drawn: readonly Sign[];
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
}

/** Below this many steps shapes are outlines only, below the second there is no texture. */
const DRAFT_STEPS = 5;
const FLAT_STEPS = 12;
/** Lettering smaller than this share of the shorter side is hard to read on a wall. */
const SMALL_CAP_SHARE = 0.011;

/** From a request to the layout tree. Pure: the same input gives the same tree, to the last digit. */
export function compose({ request, trigger, hasPhoto }: ComposeInput): Composed {
  const brief = readBrief({ prompt: asTyped(request), trigger, unwanted: request.negativePrompt ?? "" });
  const chance = varied(chanceFrom(request.seed), request.variation);
  // "With cfg 1 it composes freely": it obeys the first colour; from 4 on it obeys all.
  const obeyed = request.guidance >= 4 ? 12 : Math.round(request.guidance);
  const unwanted = new Set(brief.unwantedLayouts.values());
  const [first, ...others] = FREE_LAYOUTS.filter(({ name }) => !unwanted.has(name));
  const free = first ? ([first, ...others] as const) : FREE_LAYOUTS;
  const layout = LAYOUTS.find(({ name }) => name === brief.layout) ?? chance.fork("family").pick(free);
  const plan = planSigns(brief.things, brief.denied, signsMax(request.guidance), chance.fork("signs"));
  const { widthPx, heightPx } = request;
  const scan = brief.link && planScan(brief.link, widthPx, heightPx);
  const left = scan?.left ?? { w: widthPx, h: heightPx };
  const scene = sceneOf({ request, size: left, brief, layout, obeyed, plan, hasPhoto }, chance.fork("layout"));
  const finishArt = ({ marks, u }: Scene): void => {
    if (request.steps < DRAFT_STEPS) outlineOnly(marks, u);
  };
  if (isWide(scene)) drawBeside(scene, layout, finishArt);
  else {
    layout.draw(scene);
    finishArt(scene);
  }
  if (scan) drawScan(scene, scan);
  const lettering = finishLettering(scene);
  const page: Page = {
    widthPx,
    heightPx,
    paper: scene.inks.paper,
    marks: scene.marks,
    ...(scene.placedPhoto ? { photo: scene.placedPhoto } : {}),
    lettering,
  };
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
    drawn: plan.signs.filter(({ picture }) => scene.drawn.has(picture)),
    notes: [...notes, ...noRoom, ...noCode],
    missed: [...noRoom, ...noCode, ...told.missed, ...useless],
  };
}

/** A composition has places for three signs. "With cfg 1 it composes freely": it obeys no noun, with 2 the first. */
const signsMax = (guidance: number): number => (guidance < 1.5 ? 0 : guidance < 2.5 ? 1 : 3);

interface SceneInput {
  /** What the poster has of the page. */
  readonly size: { readonly w: number; readonly h: number };
  readonly request: ImageRequest;
  readonly brief: Brief;
  readonly layout: Layout;
  /** How many of the prompt's colours count. */
  readonly obeyed: number;
  readonly plan: SignPlan;
  readonly hasPhoto: boolean;
}

function sceneOf(
  { request, size: { w, h }, brief, layout, obeyed, plan, hasPhoto }: SceneInput,
  chance: Chance,
): Scene {
  const u = Math.min(w, h) / 100;
  return {
    w,
    h,
    u,
    m: u * 7,
    inks: mixPalette(brief, layout, obeyed, chance.fork("inks")),
    chance,
    icons: plan.signs.map(({ picture }) => iconNamed(picture)),
    drawn: new Set(),
    phrases: brief.phrases.map((phrase, index) => ({ ...phrase, index })),
    depart: request.loraScale,
    photo: hasPhoto ? { fade: request.init?.strength ?? 0 } : undefined,
    marks: [],
    blocks: [],
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
