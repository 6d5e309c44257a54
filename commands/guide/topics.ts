import { PROMPT_MAX_CHARS, SEED_MAX, SIDE_MAX_PX, SIDE_MIN_PX, SIDE_STEP_PX } from "../../src/domain/recipe.ts";
import { SIZE_PRESETS } from "../../src/domain/size.ts";
import { listed, type Text, text } from "../../src/domain/text.ts";
import { drawFields } from "../../src/features/draw/options.ts";

export interface GuideTopic {
  /** As it is typed. */
  readonly topic: string;
  readonly title: Text;
  /** 60 to 150 words together, for members who are not engineers. Each term of art is explained in one of them only. */
  readonly paragraphs: readonly Text[];
}

const rangeOf = ({ minValue, maxValue }: { readonly minValue: number | null; readonly maxValue: number | null }) => ({
  min: minValue ?? 0,
  max: maxValue ?? 0,
});

/** In the order a newcomer needs them. Ranges come from the schemas. */
export const topics: readonly GuideTopic[] = [
  {
    topic: "prompt",
    title: text("guide.prompt.title"),
    paragraphs: [
      text("guide.prompt.what"),
      text("guide.prompt.letters"),
      text("guide.prompt.length", { max: PROMPT_MAX_CHARS }),
    ],
  },
  {
    topic: "style",
    title: text("guide.style.title"),
    paragraphs: [text("guide.style.word"), text("guide.style.scale", rangeOf(drawFields.scale))],
  },
  {
    topic: "seed",
    title: text("guide.seed.title"),
    paragraphs: [text("guide.seed.what", { min: 0, max: SEED_MAX }), text("guide.seed.lock")],
  },
  {
    topic: "size",
    title: text("guide.size.title"),
    paragraphs: [
      text("guide.size.names", {
        names: listed(
          SIZE_PRESETS.map(({ name }) => name),
          "or",
        ),
        min: SIDE_MIN_PX,
        max: SIDE_MAX_PX,
        step: SIDE_STEP_PX,
      }),
      text("guide.size.choose"),
    ],
  },
  {
    topic: "cfg",
    title: text("guide.cfg.title"),
    paragraphs: [text("guide.cfg.what", rangeOf(drawFields.cfg)), text("guide.cfg.true")],
  },
  {
    topic: "steps",
    title: text("guide.steps.title"),
    paragraphs: [text("guide.steps.what", rangeOf(drawFields.steps)), text("guide.steps.habit")],
  },
  {
    topic: "allowance",
    title: text("guide.allowance.title"),
    paragraphs: [text("guide.allowance.what"), text("guide.allowance.more"), text("guide.allowance.short")],
  },
  {
    topic: "votes",
    title: text("guide.votes.title"),
    paragraphs: [text("guide.votes.what"), text("guide.votes.cost"), text("guide.votes.more")],
  },
  {
    topic: "places",
    title: text("guide.places.title"),
    paragraphs: [text("guide.places.what"), text("guide.places.choose")],
  },
];
