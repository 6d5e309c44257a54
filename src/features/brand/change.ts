import {
  type Brand,
  type BrandColours,
  besideOf,
  brandSchema,
  isReadable,
  NO_BRAND,
  nearestReadable,
} from "../../domain/brand.ts";
import { logoIdOf, logoKeyOf } from "../../domain/ids.ts";
import { ok, type Problem, type Result, refuse } from "../../domain/problem.ts";
import { lines, type Text, text } from "../../domain/text.ts";
import type { Colour } from "../../lib/colour.ts";
import { cutText } from "../../lib/text.ts";
import { writtenColour } from "../../lib/written-colour.ts";
import type { Context } from "../../ports/command.ts";
import type { Outcome } from "../../ports/outcome.ts";
import { type BrandChange, NONE } from "./args.ts";
import { brandView, unreadableText } from "./view.ts";

type Deciding = Pick<Context, "brand" | "member" | "place" | "settingsKey" | "readLogo" | "token" | "words">;

/**
 * What becomes of a brand. Two colours that cannot be read on each other are not taken: the nearest that can be are offered, and what
 * else was asked for holds.
 */
export async function decideBrand(context: Deciding, change: BrandChange): Promise<Outcome> {
  const before = context.brand ?? NO_BRAND;
  const pair = pairOf(context, before.colours, change);
  if (!pair.ok) return { do: "refuse", problem: pair.problem };
  const unreadable = pair.value && !isReadable(pair.value) ? pair.value : undefined;
  const logo = await logoOf(context, change.logo);
  if (!logo.ok) return { do: "refuse", problem: logo.problem };
  const after = asChosen({
    colours: unreadable ? before.colours : pair.value,
    font: chosen(change.font, before.font),
    logo: chosen(change.logo === NONE ? NONE : logo.value?.logo, before.logo),
    use: change.use === "templates" ? undefined : (change.use ?? before.use),
  });
  const isSame = JSON.stringify(after) === JSON.stringify(asChosen(before));
  const offer = unreadable && { told: unreadableText(unreadable), pairs: nearestReadable(unreadable) };
  if (isSame && !offer) return { do: "refuse", problem: UNCHANGED };
  const said = isSame ? undefined : changedText(context);
  const view = brandView(context, after, { said: lines(said, offer?.told), ...(offer ? { offers: offer.pairs } : {}) });
  if (isSame) return { do: "reply", visibility: "private", view };
  return {
    do: "brand",
    brand: after,
    ...(logo.value ? { logo: { logoId: logo.value.logoId, png: logo.value.png } } : {}),
    view,
  };
}

/** All of it taken back. */
export function withoutBrand(context: Deciding): Outcome {
  if (Object.keys(context.brand ?? NO_BRAND).length === 0) return { do: "refuse", problem: UNCHANGED };
  return { do: "brand", brand: NO_BRAND, view: brandView(context, NO_BRAND, { said: changedText(context) }) };
}

const UNCHANGED: Problem = { code: "bad_args", text: text("problem.settings.unchanged") };

const changedText = ({ member, place }: Pick<Context, "member" | "place">): Text =>
  text(place.communityId === undefined ? "brand.changed.here" : "brand.changed.community", { member: member.name });

/** In one order, without what was taken back: equal brands are the same text. */
function asChosen({ colours, font, logo, use }: { readonly [N in keyof Brand]?: Brand[N] | undefined }): Brand {
  return brandSchema.parse({
    ...(colours && { colours: { ink: colours.ink, ground: colours.ground } }),
    ...(font && { font }),
    ...(logo && { logo: { key: logo.key, widthPx: logo.widthPx, heightPx: logo.heightPx } }),
    ...(use && { use }),
  });
}

const chosen = <T>(asked: T | typeof NONE | undefined, before: T | undefined): T | undefined =>
  asked === undefined ? before : asked === NONE ? undefined : asked;

async function logoOf({ readLogo, settingsKey }: Deciding, given: BrandChange["logo"]) {
  if (given === undefined || given === NONE) return ok(undefined);
  const read = await readLogo(given);
  if (!read.ok) return read;
  const { png, widthPx, heightPx } = read.value;
  const logoId = logoIdOf(settingsKey, png);
  return ok({ png, logoId, logo: { key: logoKeyOf(logoId), widthPx, heightPx } });
}

/** Both colours as they would be; `undefined`: none of its own. Beside one alone the other is black or white. */
function pairOf(
  { words }: Pick<Context, "words">,
  before: BrandColours | undefined,
  { ink: typedInk, ground: typedGround }: Pick<BrandChange, "ink" | "ground">,
): Result<BrandColours | undefined> {
  if (isNone(typedInk) || isNone(typedGround)) return ok(undefined);
  const ink = colourOf(words, "ink", typedInk);
  if (!ink.ok) return ink;
  const ground = colourOf(words, "ground", typedGround);
  if (!ground.ok) return ground;
  const only = ink.value ?? ground.value;
  if (only === undefined) return ok(before);
  return ok({
    ink: ink.value ?? before?.ink ?? besideOf(only),
    ground: ground.value ?? before?.ground ?? besideOf(only),
  });
}

const isNone = (typed: string | undefined): boolean => typed?.toLowerCase() === NONE;

function colourOf(
  words: Context["words"],
  option: "ink" | "ground",
  typed: string | undefined,
): Result<Colour | undefined> {
  if (typed === undefined || typed === "") return ok(undefined);
  const read = writtenColour(typed) ?? words.colourIn(typed);
  if (read !== undefined) return ok(read);
  return refuse({
    code: "bad_args",
    text: text("problem.brand.colour", { option, written: cutText(typed, 40) }),
  });
}
