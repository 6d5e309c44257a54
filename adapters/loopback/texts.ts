import type { ShownDecision, ShownForm, ShownTile, ShownView } from "../../src/ports/view.ts";

/** Everything in a view that members read or hear. */
export const textsOfView = (view: ShownView): readonly string[] => [
  view.text,
  ...(view.image ? [view.image.alt] : []),
  ...(view.album ?? []).map(({ alt }) => alt),
  ...(view.fields ?? []).flatMap(({ name, value }) => [name, value]),
  ...(view.tiles ?? []).flatMap(textsOfTile),
  ...[view.file?.alt, view.file?.title, view.file?.facts].filter((words) => words !== undefined),
  ...(view.selects ?? []).flatMap(({ label, choices }) => [label, ...choices.map((choice) => choice.label)]),
  ...(view.buttons ?? []).flat().map(({ label }) => label),
  ...(view.decision ? textsOfDecision(view.decision) : []),
];

const textsOfDecision = ({ title, standing, options, about, notes }: ShownDecision): readonly string[] => [
  title,
  standing,
  ...options.flatMap(({ label, image }) => [label, ...(image ? [image.alt] : [])]),
  ...(about?.image ? [about.image.alt] : []),
  ...notes,
];

const textsOfTile = ({ title, text, image, buttons }: ShownTile): readonly string[] => [
  title,
  text,
  ...(image ? [image.alt] : []),
  ...(buttons ?? []).map(({ label }) => label),
];

/** Everything in a form that members read; what they wrote into it is theirs. */
export const textsOfForm = ({ title, submitLabel, fields }: ShownForm): readonly string[] => [
  title,
  submitLabel,
  ...fields.flatMap(({ label, summary, fallback, choices }) => [
    ...[label, summary, fallback].filter((words) => words !== undefined),
    ...(choices ?? []).map((choice) => choice.label),
  ]),
];
