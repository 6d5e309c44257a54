import type { Job, Picture } from "../../domain/job.ts";
import type { Recipe } from "../../domain/recipe.ts";
import type { FoundRecipe } from "../../domain/recipe-text.ts";
import { lines, listed, sentences, type Text, verbatim } from "../../domain/text.ts";
import { secondsText } from "../../lib/time-text.ts";
import type { Catalogue, Context } from "../../ports/command.ts";
import type { Button, View } from "../../ports/view.ts";
import { locationText } from "../../views/location.ts";
import { styleSelect } from "../styles.ts";

type Field = NonNullable<View["fields"]>[number];
const fact = (name: string, value: Text | undefined): readonly Field[] =>
  value === undefined || value === "" ? [] : [{ name, value }];

/** The whole recipe of a stored picture, where it came from, why that backend, and what it cost. */
export async function pictureInfo(
  context: Context,
  catalogue: Pick<Catalogue, "styles">,
  picture: Picture,
  job: Job | undefined,
): Promise<View> {
  const { lineage, advice } = picture.order;
  const known = await context.reads.backends();
  const backend = known.find(({ facts }) => facts.name === picture.recipe.backend)?.facts;
  const lockAll: readonly Button[] = context.isAdmin
    ? [
        {
          label: "Lock for everyone",
          token: context.token("lockall", { jobId: picture.jobId, pictures: picture.index }),
        },
      ]
    : [];
  const { jobId, index, order } = picture;
  // Without its job nothing can be made from it.
  const selects = job
    ? styleSelect(catalogue.styles, context.token, { jobId, index, styleId: order.request.styleId })
    : [];
  return {
    text: `Picture #${picture.number}, made for ${picture.memberName}.`,
    fields: [
      ...recipeFields(picture.recipe, backend?.title),
      ...fact("Where", backend && locationText(backend.where)),
      ...fact("Seed came from", seedText(picture)),
      ...fact(
        "Parent",
        lineage &&
          sentences(
            verbatim(`#${lineage.parentNumber},`),
            lineage.change,
            verbatim(`(${lineage.kind}) by ${picture.memberName}`),
          ),
      ),
      ...fact("Paid by", job && job.voterNames.length > 0 ? `${job.voterNames.join(", ")}, in equal parts` : undefined),
      ...fact("Why this backend", job?.outcome && whyText(job.outcome.route)),
      ...fact("Cost", job?.outcome && costText(job.outcome.usedGpuMs, picture.order.count)),
      ...fact("Advice", advice.length === 0 ? undefined : lines(...advice)),
    ],
    ...(selects.length === 0 ? {} : { selects }),
    ...(lockAll.length === 0 ? {} : { buttons: [lockAll] }),
  };
}

const whyText = (route: readonly Text[]): Text =>
  route.length === 0 ? "it was the first choice" : sentences(...route);

const costText = (usedGpuMs: number, count: number) =>
  count === 1 ? secondsText(usedGpuMs) : `${secondsText(usedGpuMs)} for all ${count} pictures`;

function seedText(picture: Picture): string {
  switch (picture.order.seedFrom) {
    case "typed":
      return "typed";
    case "locked":
      return "the locked seed";
    case "drawn":
      return "drawn by chance";
    case "parent":
      return "its parent";
  }
}

function recipeFields(recipe: Recipe, backendTitle?: Text): readonly Field[] {
  const { request, style, lora } = recipe;
  return [
    ...fact("Prompt", request.prompt),
    ...fact("Sent as", request.finalPrompt === request.prompt ? undefined : request.finalPrompt),
    ...fact("Negative", request.negativePrompt),
    ...fact("Style", style.triggerWord === "" ? style.title : `${style.title}, trigger “${style.triggerWord}”`),
    ...fact("LoRA", lora && (lora.hash === undefined ? lora.reference : `${lora.reference} (${lora.hash})`)),
    ...fact("Seed", String(request.seed)),
    ...fact("Settings", `cfg ${request.guidance}, ${request.steps} steps, scale ${request.loraScale}`),
    ...fact("True cfg", request.trueCfg === 1 ? undefined : String(request.trueCfg)),
    ...fact("Size", `${request.widthPx}×${request.heightPx}`),
    ...fact("Variation", request.variation && `seed ${request.variation.seed}, strength ${request.variation.strength}`),
    ...fact("Started from", request.init && `a picture, change ${request.init.strength}`),
    ...fact("Backend", listed([backendTitle ?? recipe.backend, recipe.model], "commas")),
    ...fact(
      "Again",
      recipe.reproducible
        ? "the same recipe gives the same picture on this backend"
        : "this backend is not reproducible: the same recipe can give another picture",
    ),
    ...fact("Notes", recipe.notes.length === 0 ? undefined : lines(...recipe.notes)),
  ];
}

/** What an attached file says about how it was made; `undefined` when it says nothing. */
export function fileInfo(found: FoundRecipe): View | undefined {
  switch (found.kind) {
    case "none":
      return undefined;
    case "ours":
      return { text: "This file carries a Placard recipe.", fields: recipeFields(found.recipe) };
    case "a1111":
      return {
        text: "This file was made by another program and carries its settings.",
        fields: [...fact("Prompt", found.prompt), ...fact("Negative", found.negative), ...found.facts],
      };
  }
}
