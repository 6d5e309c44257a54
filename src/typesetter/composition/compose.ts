import type { ImageRequest } from "../../domain/recipe.ts";
import { type Text, text } from "../../domain/text.ts";
import { FREE_LAYOUTS, LAYOUTS } from "../layouts/all.ts";
import type { Layout } from "../layouts/layout.ts";
import { type Brief, readBrief } from "../reading/brief.ts";
import { drawBeside } from "./beside.ts";
import { type Chance, chanceFrom } from "./chance.ts";
import { mixPalette } from "./palette.ts";
import { finishLettering, type Scene, type Texture } from "./scene.ts";
import type { Mark, Page } from "./tree.ts";
import { isWide } from "./wide.ts";

export interface Composed {
  readonly page: Page;
  readonly texture: Texture;
  readonly layout: string;
  readonly brief: Brief;
  readonly notes: readonly Text[];
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
  const brief = readBrief(request.finalPrompt, trigger, request.negativePrompt);
  const chance = varied(chanceFrom(request.seed), request.variation);
  // "With cfg 1 it composes freely": it obeys the first colour and no noun; from 4 on it obeys all.
  const obeyed = request.guidance >= 4 ? 12 : Math.round(request.guidance);
  const [first, ...others] = FREE_LAYOUTS.filter(({ name }) => !brief.unwantedLayouts.has(name));
  const free = first ? ([first, ...others] as const) : FREE_LAYOUTS;
  const layout = LAYOUTS.find(({ name }) => name === brief.layout) ?? chance.fork("family").pick(free);
  const scene = sceneOf(request, brief, layout, obeyed, chance.fork("layout"), hasPhoto);
  const finishArt = ({ marks, u }: Scene): void => {
    if (request.steps < DRAFT_STEPS) outlineOnly(marks, u);
  };
  if (isWide(scene)) drawBeside(scene, layout, finishArt);
  else {
    layout.draw(scene);
    finishArt(scene);
  }
  const lettering = finishLettering(scene);
  const page: Page = {
    widthPx: scene.w,
    heightPx: scene.h,
    paper: scene.inks.paper,
    marks: scene.marks,
    ...(scene.placedPhoto ? { photo: scene.placedPhoto } : {}),
    lettering,
  };
  const smallest = Math.min(...lettering.map((line) => line.capPx));
  const notes = [...brief.notes, ...(request.trueCfg === 1 ? [] : [text("note.left-out", { words: "truecfg" })])];
  if (smallest < Math.min(scene.w, scene.h) * SMALL_CAP_SHARE) notes.push(text("backend.sketch.note.small"));
  if (hasPhoto && !scene.placedPhoto) notes.push(text("backend.sketch.note.no-room"));
  return { page, texture: textureFor(scene.texture, request), layout: layout.name, brief, notes };
}

function sceneOf(
  request: ImageRequest,
  brief: Brief,
  layout: Layout,
  obeyed: number,
  chance: Chance,
  hasPhoto: boolean,
): Scene {
  const { widthPx: w, heightPx: h } = request;
  const u = Math.min(w, h) / 100;
  return {
    w,
    h,
    u,
    m: u * 7,
    inks: mixPalette(brief, layout, obeyed, chance.fork("inks")),
    chance,
    icons: brief.icons.slice(0, obeyed - 1),
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
