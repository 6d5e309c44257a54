import type { Job, Picture } from "./job.ts";
import type { Recipe } from "./recipe.ts";
import { secondsText } from "./time-text.ts";
import type { View } from "./view.ts";

type Fields = NonNullable<View["fields"]>;

/** The facts of a recipe, for people, in the order they are asked for. */
export function recipeFields(recipe: Recipe): Fields {
  const { request, style } = recipe;
  const given = (name: string, value: string | number | undefined) =>
    value === undefined ? [] : [{ name, value: String(value) }];
  return [
    { name: "Prompt", value: request.prompt },
    ...(request.finalPrompt === request.prompt ? [] : given("Sent as", request.finalPrompt)),
    ...given("Negative", request.negativePrompt),
    { name: "Style", value: style.triggerWord === "" ? style.title : `${style.title}, trigger “${style.triggerWord}”` },
    { name: "Seed", value: String(request.seed) },
    ...(request.variation
      ? given("Varied by", `seed ${request.variation.seed}, strength ${request.variation.strength}`)
      : []),
    ...(request.init ? given("Started from a picture", `change ${request.init.strength}`) : []),
    { name: "cfg", value: String(request.guidance) },
    ...(request.trueCfg === 1 ? [] : given("True CFG", request.trueCfg)),
    { name: "Steps", value: String(request.steps) },
    { name: "Scale", value: String(request.loraScale) },
    { name: "Size", value: `${request.widthPx}×${request.heightPx}` },
    { name: "Made by", value: `${recipe.backend}, ${recipe.model}` },
    ...(recipe.lora
      ? given(
          "LoRA",
          recipe.lora.hash === undefined ? recipe.lora.reference : `${recipe.lora.reference}, ${recipe.lora.hash}`,
        )
      : []),
    {
      name: "Again",
      value: recipe.reproducible
        ? "the same recipe gives the same picture, byte for byte"
        : "this backend does not promise the same picture for the same recipe",
    },
    ...recipe.notes.map((note) => ({ name: "Note", value: note })),
  ];
}

/** Info of one of our pictures: recipe, lineage, why that backend, what it cost. */
export function pictureInfo(job: Job | undefined, picture: Picture): View {
  const { lineage } = picture.order;
  return {
    text: `Picture #${picture.number}, for ${picture.memberName}`,
    fields: [
      ...recipeFields(picture.recipe),
      ...(lineage ? [{ name: "From", value: `#${lineage.parentNumber}: ${lineage.change}` }] : []),
      ...(job && job.voterNames.length > 0 ? [{ name: "Voted by", value: job.voterNames.join(", ") }] : []),
      ...(job?.outcome
        ? [
            {
              name: "Cost",
              value: `${secondsText(job.outcome.usedGpuMs)} of allowance${job.order.count > 1 ? ` for all ${job.order.count}` : ""}`,
            },
          ]
        : []),
      ...(job?.outcome?.route ?? []).map((reason) => ({ name: "Why there", value: reason })),
      ...picture.order.advice.map((advice) => ({ name: "Advice", value: advice })),
      { name: "File", value: `SHA-256 ${picture.sha256.slice(0, 16)}…` },
    ],
  };
}
