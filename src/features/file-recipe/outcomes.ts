import { createHash } from "node:crypto";
import { z } from "zod";
import { parseImageId } from "../../domain/ids.ts";
import { generateProblem } from "../../domain/permissions.ts";
import { ok, type Result, refuse } from "../../domain/problem.ts";
import type { Order } from "../../domain/recipe.ts";
import { presetOf } from "../../domain/size.ts";
import { text, verbatim } from "../../domain/text.ts";
import { parseForeignJson } from "../../lib/foreign-json.ts";
import { fieldsOf, parseForm } from "../../ports/args.ts";
import type { BackendFeatures } from "../../ports/backend.ts";
import type { Catalogue, Context } from "../../ports/command.ts";
import type { KeptRecipe, Outcome } from "../../ports/outcome.ts";
import { withoutForeignLogo } from "../brand/apply.ts";
import { drawFields, noted, styleOption } from "../draw/options.ts";
import { askedOf, type DrawOptions, drawOrder } from "../draw/order.ts";
import { layerAfter } from "../lettering/layer.ts";
import { styleOfRequest } from "../pictures/rules.ts";
import { leftOutText, type Offer, offerOf } from "./offer.ts";
import { type FoundRecipe, foundSchema } from "./read.ts";

// What the buttons under a file's recipe do: the same once more, or what a form changes of it.

type Here = Pick<Catalogue, "styles" | "backends">;

/** To be kept with the answer that offers the buttons, whose tokens have its id. */
export function keptOf(found: FoundRecipe): KeptRecipe {
  const json = JSON.stringify(found);
  return { id: createHash("sha256").update(json).digest("hex").slice(0, 12), json };
}

/** What can be made here of what a file says: what no backend here takes is left out, rather than all of it refused. */
export async function offerHere(context: Context, catalogue: Here, found: FoundRecipe): Promise<Offer | undefined> {
  const style = styleOfRequest(catalogue, context.rules.style);
  const [first] = catalogue.styles;
  const chats = style.ok ? style.value : first;
  const offer = chats && offerOf(found, { styles: catalogue.styles, style: chats });
  return offer && withStartOfThisChat(context, withWhatIsTaken(catalogue.backends, offer));
}

function withWhatIsTaken(backends: Catalogue["backends"], offer: Offer): Offer {
  const { truecfg = 1, negative, ...others } = offer.options;
  const someTake = (takes: (features: BackendFeatures) => boolean) =>
    backends.length === 0 || backends.some(({ features }) => takes(features));
  const trueCfgTaken = someTake(({ trueCfg, doesWithout }) => trueCfg || doesWithout?.includes("truecfg") === true);
  // Where true CFG is known, it is what reads the unwanted words.
  const negativeTaken = someTake(
    ({ negativePrompt, trueCfg, doesWithout }) =>
      (negativePrompt && (!trueCfg || truecfg > 1)) || doesWithout?.includes("negative") === true,
  );
  return {
    ...offer,
    options: {
      ...others,
      ...(truecfg === 1 || !trueCfgTaken ? {} : { truecfg }),
      ...(negative === undefined || !negativeTaken ? {} : { negative }),
    },
    leftOut: [
      ...offer.leftOut,
      ...(truecfg === 1 || trueCfgTaken ? [] : [verbatim(`truecfg ${truecfg}`)]),
      ...(negative === undefined || negativeTaken ? [] : [text("file.negative")]),
    ],
  };
}

/**
 * A starting picture only where this chat could start from it as well: one of its own. Any other key could name another chat's
 * picture, or what somebody else chose to start from.
 */
async function withStartOfThisChat(context: Context, offer: Offer): Promise<Offer> {
  const { init, ...rest } = offer;
  const named = init && parseImageId(init.key);
  const pictures = named ? await context.reads.picturesOf(named.jobId) : [];
  const picture = pictures.find(({ imageId }) => imageId === init?.key);
  if (!init || (picture && picture.chatKey === context.chatKey && picture.deleted === undefined)) return offer;
  return { ...rest, leftOut: [...rest.leftOut, text("file.start")] };
}

/** The same once more, of what `keptOf` kept. */
export async function remakeOutcome(context: Context, catalogue: Here, id: string): Promise<Outcome> {
  const offer = await offerBehind(context, catalogue, id);
  return offer.ok ? drawn(context, offer.value) : { do: "refuse", problem: offer.problem };
}

const reworkArgs = (catalogue: Pick<Catalogue, "styles">) =>
  z.strictObject({
    prompt: drawFields.prompt,
    negative: drawFields.negative.optional(),
    size: drawFields.size.optional(),
    seed: drawFields.seed.optional(),
    style: styleOption(catalogue.styles).optional(),
    cfg: drawFields.cfg.optional(),
    steps: drawFields.steps.optional(),
    scale: drawFields.scale.optional(),
  });

const reworkFields = (catalogue: Pick<Catalogue, "styles">) => ({
  name: "file",
  args: reworkArgs(catalogue),
  again: text("form.file.again"),
});

/** Asks what is to be another way, and makes what came back. */
export async function reworkOutcome(
  context: Context,
  catalogue: Here,
  { id, values }: { readonly id: string; readonly values: Readonly<Record<string, unknown>> | undefined },
): Promise<Outcome> {
  const forbidden = generateProblem(context);
  if (forbidden) return { do: "refuse", problem: forbidden };
  const offer = await offerBehind(context, catalogue, id);
  if (!offer.ok) return { do: "refuse", problem: offer.problem };
  const fields = reworkFields(catalogue);
  const before = valuesOf(offer.value);
  if (!values)
    return {
      do: "form",
      form: {
        title: text("form.file.title"),
        token: context.token("rework", "chat", { file: id }),
        submitLabel: text("button.make"),
        fields: fieldsOf(fields).map((field) => ({
          ...field,
          required: field.name === "prompt",
          value: before[field.name] ?? "",
        })),
      },
    };
  const filled = parseForm({ ...fields, before }, values, context.spoken);
  if (!filled.ok) return { do: "refuse", problem: filled.problem };
  const changed = changedBy(offer.value, filled.value.values, values, catalogue);
  return changed.ok
    ? noted(drawn(context, changed.value), filled.value.notes)
    : { do: "refuse", problem: changed.problem };
}

/** A field that came back empty takes its value away; one that did not come leaves it. */
function changedBy(
  { style, options, ...rest }: Offer,
  { style: styleId, size, ...filled }: z.output<ReturnType<typeof reworkArgs>>,
  sent: Readonly<Record<string, unknown>>,
  catalogue: Here,
): Result<Offer> {
  const chosen = styleId === undefined ? ok(style) : styleOfRequest(catalogue, styleId);
  if (!chosen.ok) return chosen;
  const emptied = Object.fromEntries(
    Object.entries(sent).flatMap(([name, value]) =>
      typeof value === "string" && value.trim() === "" ? [[name, undefined]] : [],
    ),
  );
  const { width, height, ...others } = options;
  const sized: Partial<DrawOptions> = size === undefined && !("size" in emptied) ? { width, height } : { size };
  const { variation, template, ...still } = rest;
  const made: DrawOptions = { ...others, ...emptied, ...sized, ...filled };
  // A variation is a step away from its seed's picture.
  const kept = variation && made.seed === options.seed ? { variation } : {};
  const saying = template && made.prompt === options.prompt ? { template } : {};
  return ok({ ...still, ...kept, ...saying, style: chosen.value, options: made });
}

function valuesOf({ style, options }: Offer): Readonly<Record<string, string>> {
  const { width, height } = options;
  const size = width === undefined || height === undefined ? undefined : { widthPx: width, heightPx: height };
  const written = (value: string | number | undefined) => (value === undefined ? "" : String(value));
  return {
    prompt: options.prompt,
    style: style.id,
    negative: options.negative ?? "",
    size: size ? (presetOf(size)?.name ?? `${size.widthPx}x${size.heightPx}`) : "",
    seed: written(options.seed),
    cfg: written(options.cfg),
    steps: written(options.steps),
    scale: written(options.scale),
  };
}

async function offerBehind(context: Context, catalogue: Here, id: string): Promise<Result<Offer>> {
  const found = readKept(await context.reads.keptRecipe(id));
  const offer = found && (await offerHere(context, catalogue, found));
  return offer ? ok(offer) : refuse({ code: "expired", text: text("problem.file.gone") });
}

/** An earlier version may have kept another shape. */
function readKept(json: string | undefined): FoundRecipe | undefined {
  try {
    return json === undefined ? undefined : foundSchema.safeParse(parseForeignJson(json)).data;
  } catch {
    return undefined;
  }
}

function drawn(context: Context, offer: Offer): Outcome {
  const forbidden = generateProblem(context);
  if (forbidden) return { do: "refuse", problem: forbidden };
  const order = drawOrder(context, offer.style, offer.options);
  if (!order.ok) return { do: "refuse", problem: order.problem };
  const left = leftOutText(offer);
  return noted(
    { do: "draw", order: whole(context, order.value, offer) },
    left ? [text("note.file.left-out", { words: left })] : [],
  );
}

/** With what no option says. */
function whole(
  { words, brand }: Pick<Context, "words" | "brand">,
  order: Order,
  { style, variation, noiseDtype, init, lettering: before, template }: Offer,
): Order {
  const told = layerAfter(words, before, order.request);
  const lettering = told && withoutForeignLogo(told, brand);
  const request = {
    ...order.request,
    ...(lettering ? { lettering } : {}),
    ...(template ? { template } : {}),
    ...(variation ? { variation } : {}),
    ...(noiseDtype ? { noiseDtype } : {}),
    ...(init ? { init } : {}),
  };
  return { ...order, request, asked: askedOf(request, style) };
}
