import type { Brand } from "../../domain/brand.ts";
import type { ChatRules } from "../../domain/chat-settings.ts";
import { ok, type Result, refuse } from "../../domain/problem.ts";
import { type ImageRequest, type Order, PROMPT_MAX_CHARS } from "../../domain/recipe.ts";
import type { SeedLock } from "../../domain/seed.ts";
import { sizeOf } from "../../domain/size.ts";
import { hasLora, type Style } from "../../domain/style.ts";
import { type Text, text } from "../../domain/text.ts";
import { switchedOffNote, withTrigger } from "../../domain/trigger.ts";
import type { Context } from "../../ports/command.ts";
import { type Branded, withBrand } from "../brand/apply.ts";
import { layerFor } from "../lettering/layer.ts";
import { advise, cleanLines, cleanPrompt } from "./advice.ts";

/** What a member can say about a picture, checked. What is left out follows the chat, then the style. */
export interface DrawOptions {
  readonly prompt: string;
  /** A preset or WIDTHxHEIGHT. */
  readonly size?: string | undefined;
  /** "random" draws one even while a seed is locked. */
  readonly seed?: number | "random" | undefined;
  readonly cfg?: number | undefined;
  readonly steps?: number | undefined;
  readonly scale?: number | undefined;
  readonly count?: number | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly negative?: string | undefined;
  readonly truecfg?: number | undefined;
  /** As people call it: the core finds which of those that are there is meant. */
  readonly model?: string | undefined;
  /** 0 keeps the given picture, 1 ignores it. Needs `hasImage`. */
  readonly change?: number | undefined;
  readonly hasImage?: boolean | undefined;
  /** Whether what the prompt quotes is set over the picture. */
  readonly letter?: "yes" | "no" | undefined;
  /** Whether those words have the chat's own colours, font and logo; default: as the chat has it. */
  readonly brand?: "yes" | "no" | undefined;
  /** What the words stand on; default: a picture. */
  readonly branded?: Branded;
}

/** What an order depends on besides its options; a `Context` is one. */
export interface OrderContext extends Pick<Context, "newSeed" | "countTokens" | "words"> {
  readonly rules: Pick<ChatRules, "size" | "letter" | "model">;
  readonly brand?: Brand;
  readonly seedLock: SeedLock | undefined;
}

/** How much of a given picture is redrawn when the member does not say. */
export const CHANGE_DEFAULT = 0.6;

/** Stands in for a key until the core has stored the given bytes and knows their key. */
export const KEY_NOT_STORED_YET = "given";

/** As `KEY_NOT_STORED_YET`, of the pictures that words change. */
export const editKeyNotStoredYet = (at: number): string => `${KEY_NOT_STORED_YET} ${at + 1}`;

/** Turns checked options into an order. The one place that knows what goes before what. */
export function drawOrder(catalogue: OrderContext, style: Style, options: DrawOptions): Result<Order> {
  const size = sizeFor(catalogue, style, options);
  if (!size.ok) return size;
  const prompt = checkedPrompt(options.prompt);
  if (!prompt.ok) return prompt;
  if (options.change !== undefined && options.hasImage !== true)
    return refuse({
      code: "bad_args",
      text: text("problem.change.alone"),
    });
  const layer = layerFor(catalogue, prompt.value, options.letter);
  if (!layer.ok) return layer;
  const negative = cleanPrompt(options.negative ?? "");
  const scale = options.scale ?? style.defaults.scale;
  // A style with a LoRA has its family's: of another it would be refused.
  const usual = options.model === undefined && !hasLora(style) ? catalogue.rules.model : undefined;
  const model = options.model ?? usual;
  const request: ImageRequest = {
    ...prompt.value,
    finalPrompt: finalPromptOf(prompt.value.prompt, style, scale),
    ...(negative === "" ? {} : { negativePrompt: negative }),
    styleId: style.id,
    ...(model === undefined ? {} : { model }),
    loraScale: scale,
    guidance: options.cfg ?? style.defaults.cfg,
    trueCfg: options.truecfg ?? 1,
    steps: options.steps ?? style.defaults.steps,
    ...size.value,
    seed: 0,
    ...(options.hasImage === true
      ? { init: { key: KEY_NOT_STORED_YET, strength: options.change ?? CHANGE_DEFAULT } }
      : {}),
    ...(layer.value === undefined
      ? {}
      : { lettering: withBrand(layer.value, catalogue.brand, options.branded ?? { on: "words" }, options.brand) }),
  };
  const { seedFrom, ...seed } = seedFor(catalogue, options.seed);
  const seeded = { ...request, ...seed };
  return ok({
    request: seeded,
    count: options.count ?? 1,
    asked: askedOf(seeded, style),
    advice: adviceFor(catalogue, style, seeded, { typed: options.prompt }),
    seedFrom,
    ...(usual === undefined ? {} : { modelFrom: "chat" as const }),
  });
}

/** The trigger word in its place, exactly once; at scale 0 only if the member typed it. */
export const finalPromptOf = (prompt: string, style: Style, scale: number): string =>
  withTrigger(prompt, { trigger: style.trigger, position: style.triggerPosition, scale });

/**
 * What a backend must be able to do for this request; derived, so that a child asks for what its parent asked for. The
 * style's own cfg and scale are what it likes best, not what somebody asked for.
 */
export function askedOf(request: ImageRequest, style: Pick<Style, "defaults">): Order["asked"] {
  return [
    ...(request.guidance === style.defaults.cfg ? [] : (["cfg"] as const)),
    ...(request.loraScale === style.defaults.scale ? [] : (["scale"] as const)),
    ...(request.negativePrompt === undefined ? [] : (["negative"] as const)),
    ...(request.trueCfg === 1 ? [] : (["truecfg"] as const)),
    ...(request.variation === undefined ? [] : (["variation"] as const)),
    ...(request.init === undefined ? [] : (["image"] as const)),
  ];
}

export type Seeded = Pick<Order, "seedFrom"> & Pick<ImageRequest, "seed" | "noiseDtype">;

/** With the noise of the picture it was locked at: in another it would be another composition. */
export const seedOfLock = ({ seed, noiseDtype }: SeedLock): Seeded => ({
  seed,
  ...(noiseDtype === undefined ? {} : { noiseDtype }),
  seedFrom: "locked",
});

/** Typed goes before locked, locked before drawn; "random" passes the lock by. 0 is a seed. */
export function seedFor(catalogue: Pick<OrderContext, "newSeed" | "seedLock">, typed: DrawOptions["seed"]): Seeded {
  if (typeof typed === "number") return { seed: typed, seedFrom: "typed" };
  if (typed === undefined && catalogue.seedLock !== undefined) return seedOfLock(catalogue.seedLock);
  return { seed: catalogue.newSeed(), seedFrom: "drawn" };
}

/** A typed width or height, then a typed size, then the chat's size, then the style's. */
function sizeFor(
  catalogue: OrderContext,
  style: Style,
  options: DrawOptions,
): Result<{ readonly widthPx: number; readonly heightPx: number }> {
  const styles = { widthPx: style.defaults.width, heightPx: style.defaults.height };
  const typed = options.size === undefined ? undefined : sizeOf(options.size);
  if (typed?.ok === false) return typed;
  // A stored size can outlive its preset: the style's own then serves, the member did nothing wrong.
  const chats = catalogue.rules.size === undefined ? undefined : sizeOf(catalogue.rules.size);
  const named = typed?.value ?? (chats?.ok === true ? chats.value : styles);
  return ok({ widthPx: options.width ?? named.widthPx, heightPx: options.height ?? named.heightPx });
}

/** As others take pictures: an address first. It would only stand in the prompt. */
const ADDRESS = /^<?https?:\/\/\S/iu;

/** A prompt of words only. Refused when nothing is left, when it is too long, or begins with an address. */
export function checkedPrompt(typed: string): Result<Pick<ImageRequest, "prompt" | "promptLines">> {
  const prompt = cleanPrompt(typed);
  if (prompt === "")
    return refuse({
      code: "bad_args",
      text: text("problem.prompt.empty"),
    });
  if (ADDRESS.test(prompt)) return refuse({ code: "bad_args", text: text("problem.prompt.address") });
  if (prompt.length > PROMPT_MAX_CHARS)
    return refuse({
      code: "bad_args",
      text: text("problem.prompt.long", { max: PROMPT_MAX_CHARS, length: prompt.length }),
    });
  const promptLines = cleanLines(typed);
  return ok({ prompt, ...(promptLines === undefined ? {} : { promptLines }) });
}

/**
 * The coach's sentences about a request.
 *
 * @param typed the prompt before it was cleaned
 * @param isSizeChosen where words change a picture: somebody named a size, which is that of the picture otherwise
 */
export function adviceFor(
  catalogue: Pick<OrderContext, "countTokens">,
  style: Style,
  request: ImageRequest,
  { typed = request.prompt, isSizeChosen = false }: { readonly typed?: string; readonly isSizeChosen?: boolean } = {},
): Text[] {
  const { finalPrompt, guidance, widthPx, heightPx, loraScale: scale } = request;
  // Where words change a picture nobody switched the style off.
  const switchedOff = scale === 0 && !request.edit ? switchedOffNote(request.prompt, style.trigger) : undefined;
  const advice = advise(
    {
      ...{ prompt: typed, finalPrompt, guidance, widthPx, heightPx },
      isPicturesSize: request.edit !== undefined && !isSizeChosen,
    },
    catalogue.countTokens,
  );
  return switchedOff === undefined ? [...advice] : [...advice, switchedOff];
}
