import type { Decision } from "../../domain/decision.ts";
import { TEMPLATE_SLOTS } from "../../domain/filled-template.ts";
import type { Job, Picture } from "../../domain/job.ts";
import { isGroups } from "../../domain/owners.ts";
import {
  type ImageRequest,
  LETTERING_BACKEND,
  lorasIn,
  type Order,
  type Recipe,
  sizeOfRecipe,
  usedLoraText,
} from "../../domain/recipe.ts";
import type { Size } from "../../domain/size.ts";
import { styleName } from "../../domain/style.ts";
import { templateNameOf } from "../../domain/template-names.ts";
import { facts, lines, listed, sentences, type Text, text, verbatim } from "../../domain/text.ts";
import { amount } from "../../domain/time-words.ts";
import { hasTrigger } from "../../domain/trigger.ts";
import type { Catalogue, Context } from "../../ports/command.ts";
import type { Button, View } from "../../ports/view.ts";
import { countOf, votedCount } from "../../views/decision/facts.ts";
import { enlargedLine } from "../../views/enlarged.ts";
import { locationText } from "../../views/location.ts";
import { imageOfPicture } from "../../views/picture.ts";
import { brandLine } from "../brand/view.ts";
import { styleSelect } from "../styles.ts";
import { isOwner } from "./rules.ts";

type Field = NonNullable<View["fields"]>[number];
export const fact = (name: Text, value: Text | undefined): readonly Field[] =>
  value === undefined ? [] : [{ name, value }];
/** Words that somebody wrote. */
export const written = (words: string | undefined): Text | undefined =>
  words === undefined || words === "" ? undefined : verbatim(words);
const sizeOf = ({ widthPx, heightPx }: Size): Text => verbatim(`${widthPx}×${heightPx}`);

/** The whole recipe of a stored picture, where it came from, why that backend, and what it cost. */
export async function pictureInfo(
  context: Context,
  catalogue: Pick<Catalogue, "styles">,
  picture: Picture,
  job: Job | undefined,
): Promise<View> {
  const known = await context.reads.backends();
  const backend = known.find(({ facts }) => facts.name === picture.recipe.backend)?.facts;
  const ours = job !== undefined && isGroups(job) && (await isOwner(context, job));
  const lockAll: readonly Button[] =
    ours || context.isAdmin
      ? [
          {
            label: text("button.lock-everyone"),
            token: context.token("lockall", { jobId: picture.jobId, pictures: picture.index }),
          },
        ]
      : [];
  const { jobId, index, order } = picture;
  const { lineage, advice } = order;
  const about = { jobId, pictures: index };
  const makeAgain: readonly Button[] = [
    { label: text("button.make-again"), token: context.token("again", about), tone: "primary" },
    { label: text("button.edit"), token: context.token("edit", about) },
  ];
  const hides: readonly Button[] =
    context.place.group && context.rules.hide > 0
      ? [{ label: text("button.hide"), token: context.token("hide", about) }]
      : [];
  const putToVote: Button = { label: text("button.put-to-vote"), token: context.token("votepick", about) };
  // Without its job nothing can be made from it.
  const selects = job
    ? styleSelect(catalogue.styles, context.token, { jobId, index, styleId: order.request.styleId })
    : [];
  return {
    text: text("info.picture", { number: picture.number, name: picture.memberName }),
    fields: [
      ...recipeFields(
        picture.recipe,
        picture.recipe.backend === LETTERING_BACKEND ? text("lettering.title") : backend?.title,
      ),
      ...fact(text("info.where"), backend && locationText(backend.where)),
      ...fact(text("info.seed-from"), text(`info.seed-from.${order.seedFrom}`)),
      ...fact(text("info.parent"), lineage && parentText(lineage)),
      ...fact(
        text("info.enlarged"),
        enlargedLine(picture, {
          backendTitle: (name) => known.find(({ facts: { name: one } }) => one === name)?.facts.title ?? verbatim(name),
        }),
      ),
      ...fact(
        text("info.paid"),
        job && job.voterNames.length > 0 ? text("info.paid.shared", { names: listed(job.voterNames) }) : undefined,
      ),
      ...fact(text("info.chosen"), chosenText(picture, await context.reads.decisionAbout("pick", jobId))),
      ...fact(text("info.why"), job?.outcome && whyText(job.outcome.route)),
      ...fact(text("info.cost"), job?.outcome && costText(job.outcome.usedGpuMs, picture.order.count)),
      ...fact(text("info.advice"), advice.length === 0 ? undefined : lines(...advice)),
    ],
    ...bothPictures(context, picture),
    ...(selects.length === 0 ? {} : { selects }),
    buttons: [
      ...(job ? [[...makeAgain, ...(context.place.group ? [putToVote] : [])]] : []),
      ...(picture.recipe.request.lettering === undefined
        ? []
        : [[{ label: text("button.plain"), token: context.token("plain", about) }]]),
      ...(lockAll.length + hides.length === 0 ? [] : [[...lockAll, ...hides]]),
    ],
  };
}

/** How many chose it, and the line that was said about it. */
function chosenText({ imageId }: Picture, vote: Decision | undefined): Text | undefined {
  const option = vote?.options.find((each) => each.imageId === imageId);
  if (vote?.state !== "passed" || !option || !vote.outcome?.winners.includes(option.id)) return undefined;
  const { note } = vote.outcome;
  return facts(
    text("best.votes", { votes: countOf(vote, option.id), voted: votedCount(vote) }),
    note === undefined ? undefined : text("decision.note", { note }),
  );
}

/** Where words stand over it: with them and without. */
function bothPictures({ rules }: Pick<Context, "rules">, picture: Picture): Pick<View, "tiles"> {
  const { lettering } = picture.recipe.request;
  if (lettering === undefined) return {};
  return {
    tiles: [
      {
        title: text("info.with-words"),
        text: text("info.words.place", { place: lettering.place === "auto" ? "other" : lettering.place }),
        image: imageOfPicture(picture, "posted", rules),
      },
      {
        title: text("info.without-words"),
        text: text("info.words.kept"),
        image: imageOfPicture(picture, "plain", rules),
      },
    ],
  };
}

const seedText = ({ seed, noiseDtype }: ImageRequest): Text =>
  noiseDtype === undefined
    ? verbatim(String(seed))
    : text("info.seed.noise", { seed: String(seed), dtype: noiseDtype });

const parentText = ({ parentNumber: number, kind, change }: NonNullable<Order["lineage"]>): Text =>
  text(kind === "vote" ? "info.parent.vote" : "info.parent.how", { number, change });

const whyText = (route: readonly Text[]): Text => (route.length === 0 ? text("info.why.first") : sentences(...route));

const costText = (usedGpuMs: number, count: number): Text =>
  count === 1 ? amount(usedGpuMs) : text("info.cost.all", { amount: amount(usedGpuMs), count });

/** What was said, what stands on it, what a model was told. */
function wordFields({ prompt, finalPrompt, template, lettering }: ImageRequest): readonly Field[] {
  const sent = fact(text("info.sent"), finalPrompt === prompt ? undefined : written(finalPrompt));
  if (template)
    return [
      ...fact(text("info.template"), templateNameOf(template)),
      ...fact(text("info.words"), lines(...TEMPLATE_SLOTS.map((slot) => written(template.slots[slot])))),
      ...fact(text("info.art"), verbatim(template.art)),
      ...sent,
    ];
  return [
    ...fact(text("info.prompt"), written(prompt)),
    ...fact(text("info.words"), lettering && lines(...lettering.words.map(({ text: words }) => verbatim(words)))),
    ...sent,
  ];
}

/** Whether a style's word, or each of several, reached the model: a style that is switched off has it left out. */
const isSent = (triggerWord: string, { finalPrompt }: Pick<ImageRequest, "finalPrompt">): boolean =>
  triggerWord !== "" && triggerWord.split(", ").every((word) => hasTrigger(finalPrompt, word));

export function recipeFields(recipe: Recipe, backendTitle?: Text): readonly Field[] {
  const { request, style } = recipe;
  const loras = lorasIn(recipe);
  const { variation, init, edit } = request;
  return [
    ...wordFields(request),
    ...fact(text("label.brand"), brandLine(request.lettering ?? request.brand ?? {})),
    ...fact(text("info.negative"), written(request.negativePrompt)),
    ...fact(
      text("info.style"),
      isSent(style.triggerWord, request)
        ? text("info.style.word", { style: styleName(style), word: style.triggerWord })
        : styleName(style),
    ),
    ...fact(
      text("info.lora"),
      loras.length === 0 ? undefined : { parts: loras.map((each) => verbatim(usedLoraText(each))), as: "commas" },
    ),
    ...fact(text("info.seed"), seedText(request)),
    ...fact(
      text("info.settings"),
      facts(
        text("card.fact.cfg", { cfg: request.guidance }),
        text("card.fact.steps", { steps: request.steps }),
        text("card.fact.scale", { scale: request.loraScale }),
      ),
    ),
    ...fact(text("label.model"), written(request.model)),
    ...fact(text("info.truecfg"), request.trueCfg === 1 ? undefined : verbatim(String(request.trueCfg))),
    ...fact(text("info.size"), sizeOf(sizeOfRecipe(recipe))),
    ...fact(text("info.variation"), variation && text("info.variation.how", variation)),
    ...fact(text("info.started"), init && text("info.started.how", { change: init.strength })),
    ...fact(text("info.edited"), edit && verbatim(String(edit.keys.length))),
    ...fact(text("info.place"), facts(backendTitle ?? recipe.backend, recipe.model)),
    ...fact(text("info.repeat"), text(recipe.reproducible ? "info.repeat.same" : "info.repeat.other")),
    ...fact(text("info.notes"), recipe.notes.length === 0 ? undefined : lines(...recipe.notes)),
  ];
}
