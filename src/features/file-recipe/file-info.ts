import { styleName } from "../../domain/style.ts";
import { type Text, text, verbatim } from "../../domain/text.ts";
import type { Context } from "../../ports/command.ts";
import type { Outcome } from "../../ports/outcome.ts";
import type { Button, View } from "../../ports/view.ts";
import { fact, recipeFields, written } from "../pictures/info.ts";
import { leftOutText, type Offer } from "./offer.ts";
import { keptOf } from "./outcomes.ts";
import type { FoundRecipe } from "./read.ts";
import type { Told } from "./told.ts";

type Fields = NonNullable<View["fields"]>;

/** What an attached file says about how it was made, with what can be made of it; `undefined` when it says nothing. */
export function fileInfo(
  context: Pick<Context, "token">,
  found: FoundRecipe,
  offer: Offer | undefined,
): Outcome | undefined {
  if (found.kind === "none") return undefined;
  const kept = keptOf(found);
  const view: View = {
    text: found.kind === "ours" ? text("info.file") : text(saysHow(found.told) ? "info.file.other" : "info.file.words"),
    fields: [
      ...(found.kind === "ours" ? recipeFields(found.recipe) : toldFields(found.told, offer)),
      ...fact(text("info.left-out"), offer && leftOutText(offer)),
    ],
    ...(offer ? { buttons: [buttonsOf(context, kept.id)] } : {}),
  };
  return { do: "reply", visibility: "private", view, ...(offer ? { keepRecipe: kept } : {}) };
}

const saysHow = ({ prompt, negative, seed, steps, guidance, widthPx, program, loras }: Told): boolean =>
  prompt !== "" ||
  negative !== "" ||
  program !== undefined ||
  loras.length > 0 ||
  [seed, steps, guidance, widthPx].some((value) => value !== undefined);

function buttonsOf({ token }: Pick<Context, "token">, id: string): readonly Button[] {
  return [
    { label: text("button.make-again"), token: token("remake", "chat", { file: id }), tone: "primary" },
    { label: text("button.edit"), token: token("rework", "chat", { file: id }) },
  ];
}

function toldFields(told: Told, offer: Offer | undefined): Fields {
  const { prompt, negative, seed, steps, guidance, trueCfg, widthPx, heightPx, loras, facts: others } = told;
  const settings: readonly Text[] = [
    ...(guidance === undefined ? [] : [text("card.fact.cfg", { cfg: guidance })]),
    ...(steps === undefined ? [] : [text("card.fact.steps", { steps })]),
  ];
  return [
    ...fact(text("info.program"), written(told.program)),
    ...fact(text("info.prompt"), written(prompt)),
    ...fact(text("info.negative"), written(negative)),
    ...fact(
      text("info.style"),
      offer &&
        (offer.namesStyle ? styleName(offer.style) : text("info.style.chats", { style: styleName(offer.style) })),
    ),
    ...fact(
      text("info.lora"),
      loras.length === 0
        ? undefined
        : { parts: loras.map(({ name, weight }) => (weight === undefined ? name : `${name} ${weight}`)), as: "commas" },
    ),
    ...fact(text("info.seed"), written(seed)),
    ...fact(text("info.settings"), settings.length === 0 ? undefined : { parts: settings, as: "facts" }),
    ...fact(text("info.truecfg"), trueCfg === undefined || trueCfg === 1 ? undefined : verbatim(String(trueCfg))),
    ...fact(text("info.size"), widthPx && heightPx ? verbatim(`${widthPx}×${heightPx}`) : undefined),
    ...others.map(({ name, value }) => ({ name: verbatim(name), value: verbatim(value) })),
  ];
}
