import { z } from "zod";
import {
  LIST_MAX_CHARS,
  SLOT_MAX_CHARS,
  TEMPLATE_SLOTS,
  type TemplateSlot,
  templateArtSchema,
  templateIdSchema,
} from "./filled-template.ts";
import { PROMPT_MAX_CHARS } from "./recipe.ts";

export const slotMaxChars = (slot: TemplateSlot): number => (slot === "list" ? LIST_MAX_CHARS : SLOT_MAX_CHARS);

const slotSchema = z.strictObject({
  /** What a form calls it, in English: "Who does it". Default: the slot's own name. */
  label: z.string().min(1).max(45).exactOptional(),
  /** Without it there is no poster. */
  required: z.boolean().default(false),
  /** Shown in an empty form, and drawn in the gallery. */
  example: z.string().min(1).max(LIST_MAX_CHARS),
});

const optionalSlot = slotSchema.exactOptional();
const wordSlots = {
  title: optionalSlot,
  subtitle: optionalSlot,
  list: optionalSlot,
  when: optionalSlot,
  where: optionalSlot,
  who: optionalSlot,
  link: optionalSlot,
} satisfies Readonly<Record<TemplateSlot, unknown>>;

/** A poster of which only the words are missing. One file in `templates/`. */
export const templateSchema = z
  .strictObject({
    /** What people type: lower case letters, digits and hyphens. */
    id: templateIdSchema,
    title: z.string().min(1).max(60),
    description: z.string().min(1).max(100),
    art: templateArtSchema,
    /** Shape of the sheet. */
    shape: z.enum(["poster", "slide", "square"]).default("poster"),
    slots: z.strictObject({
      ...wordSlots,
      /** A chat's own logo stands on it, where there is one. */
      logo: z.strictObject({}).exactOptional(),
    }),
    /** What it has of its own whatever a chat's brand says. */
    keeps: z.array(z.enum(["colours", "font"])).exactOptional(),
  })
  .refine(({ slots }) => slots.title?.required === true, {
    path: ["slots", "title"],
    error: "every template needs a title that is required",
  });
export type Template = z.output<typeof templateSchema>;

export type FilledSlots = Readonly<Partial<Record<TemplateSlot, string | undefined>>>;

/** In the order in which the template lists them. */
export const wordSlotsOf = ({ slots }: Template): readonly TemplateSlot[] =>
  Object.keys(slots).flatMap((name) => TEMPLATE_SLOTS.find((slot) => slot === name) ?? []);

export const examplesOf = (template: Template): FilledSlots =>
  Object.fromEntries(wordSlotsOf(template).map((slot) => [slot, template.slots[slot]?.example]));

/** What is wrong with what was filled in. */
export type SlotMistake =
  | { readonly slot: TemplateSlot; readonly kind: "missing" }
  | { readonly slot: TemplateSlot; readonly kind: "too-long"; readonly maxChars: number }
  | { readonly slot: TemplateSlot; readonly kind: "not-asked" }
  /** Each is short enough, and all of them together are not. */
  | { readonly slot: "title"; readonly kind: "too-much"; readonly overChars: number };

export function slotMistakes(template: Template, filled: FilledSlots): readonly SlotMistake[] {
  const mistakes = TEMPLATE_SLOTS.flatMap((slot): readonly SlotMistake[] => {
    const field = template.slots[slot];
    const words = filled[slot]?.trim() ?? "";
    if (!field) return words === "" ? [] : [{ slot, kind: "not-asked" }];
    if (words === "") return field.required ? [{ slot, kind: "missing" }] : [];
    const maxChars = slotMaxChars(slot);
    return words.length > maxChars ? [{ slot, kind: "too-long", maxChars }] : [];
  });
  const overChars = promptOfTemplate(template, filled).length - PROMPT_MAX_CHARS;
  return mistakes.length === 0 && overChars > 0 ? [{ slot: "title", kind: "too-much", overChars }] : mistakes;
}

/**
 * The prompt that draws it: any backend takes it, and the sketch draws it as it stands. What was filled in is quoted, so that it is
 * lettered letter by letter.
 *
 * @param filled without mistakes
 */
export function promptOfTemplate({ art, slots }: Pick<Template, "art" | "slots">, filled: FilledSlots): string {
  const words = (slot: TemplateSlot): string => (slots[slot] ? (filled[slot]?.trim() ?? "") : "");
  // When, where and who are read together, and are of one size then.
  const together = (["when", "where", "who"] as const).map(words).filter((text) => text !== "");
  const lettered = [words("title"), words("subtitle"), words("list"), together.join(" · ")].filter(
    (text) => text !== "",
  );
  const link = withoutSpaces(words("link"));
  return [art, ...lettered.map(quoted), ...(link === "" ? [] : [`QR code to ${link}`])].join(", ");
}

const withoutSpaces = (link: string): string => link.replace(/[\s"“”„«»]/gu, "");

/** In the first marks that are not in the words themselves. */
const MARKS = [
  ['"', '"', /"/u],
  ["«", "»", /[«»]/u],
  ["『", "』", /[『』]/u],
  ["《", "》", /[《》]/u],
] as const;

function quoted(text: string): string {
  const [open, close] = MARKS.find(([, , inside]) => !inside.test(text)) ?? MARKS[0];
  const safe = open === '"' ? text.replaceAll('"', "'") : text;
  return `${open}${safe}${close}`;
}
