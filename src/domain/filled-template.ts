import { z } from "zod";

/** What a template asks for. Each is one thing that a poster of its kind has to say. */
export const TEMPLATE_SLOTS = ["title", "subtitle", "list", "when", "where", "who", "link"] as const;
export type TemplateSlot = (typeof TEMPLATE_SLOTS)[number];

export const SLOT_MAX_CHARS = 300;
export const LIST_MAX_CHARS = 600;

/** A letter, a digit, then hyphens as well: what people type. */
export const templateIdSchema = z
  .string()
  .min(1)
  .max(32)
  .regex(/^[a-z][a-z\d-]*$/u);
/** What is drawn and how, in a prompt's words, without any quotes. */
export const templateArtSchema = z
  .string()
  .min(1)
  .max(300)
  .regex(/^[^"“”„«»「」『』《》]*$/u);

/** What a poster was made of: its words can be changed where they were filled in, and its art stays what it was. */
export const filledTemplateSchema = z.strictObject({
  id: templateIdSchema,
  art: templateArtSchema,
  slots: z.partialRecord(z.enum(TEMPLATE_SLOTS), z.string().min(1).max(LIST_MAX_CHARS)),
});
export type FilledTemplate = z.output<typeof filledTemplateSchema>;

interface Said {
  readonly prompt: string;
  readonly template?: FilledTemplate;
}

/** What names it in a line. */
const SHORT: readonly TemplateSlot[] = ["title", "when", "where", "who"];

/** A picture's words in a line: what was typed; of a poster what it says, not how it is drawn. */
export const shownWords = ({ prompt, template }: Said): string => (template ? saidBy(template, SHORT) : prompt);

/** The same in full, for those who do not see it. */
export const wholeWords = ({ prompt, template }: Said): string =>
  template ? saidBy(template, TEMPLATE_SLOTS) : prompt;

const saidBy = ({ slots }: FilledTemplate, which: readonly TemplateSlot[]): string =>
  which
    .flatMap((slot) => slots[slot] ?? [])
    .map((words) => words.replace(/\s*\n\s*/gu, ", "))
    .join(" · ");
