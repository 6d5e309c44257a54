import type { ImageRequest } from "../../domain/recipe.ts";
import { lorasOf, type Style, triggerText } from "../../domain/style.ts";
import { type Text, text } from "../../domain/text.ts";
import { bareTrigger, hasTrigger, withoutTrigger } from "../../domain/trigger.ts";
import { type BackendSentence, sentence } from "../../ports/backend-sentence.ts";
import { HUB_REPOSITORY } from "../shared/huggingface/settings.ts";
import type { Description } from "./description.ts";
import { loraEntrySchema } from "./wire.ts";

/** One LoRA the Space offers. */
export interface Entry {
  /** What `/update_selection` counts by. */
  readonly index: number;
  readonly title: string;
  readonly repo?: string;
  /** The file there, where the list names one. */
  readonly weights?: string;
  /** Put into every prompt by the Space itself. Empty: none. `undefined`: not known. */
  readonly trigger?: string;
  readonly triggerAt: "start" | "end";
}

/**
 * The running Space's own list (captions of its gallery) with what its `loras.json` adds. The file may be newer than the
 * running program, so its entry counts only where the titles agree.
 */
export function entriesOf(captions: readonly string[], lorasJson: unknown): readonly Entry[] {
  const listed = Array.isArray(lorasJson)
    ? lorasJson.slice(0, 2000).map((entry: unknown) => loraEntrySchema.safeParse(entry).data)
    : [];
  const titles = captions.length > 0 ? captions : listed.map((entry) => entry?.title ?? "");
  return titles.map((title, index) => {
    const here = listed[index];
    const found = here && same(here.title, title) ? here : listed.find((entry) => entry && same(entry.title, title));
    return {
      index,
      title,
      ...(found?.repo ? { repo: found.repo } : {}),
      ...(found?.repo && found.weights ? { weights: found.weights } : {}),
      ...(found ? { trigger: (found.trigger_word ?? "").trim() } : {}),
      // As the family's program reads it: "prepend" and nothing at all stand in front, any other word behind.
      triggerAt: found?.trigger_position == null || found.trigger_position === "prepend" ? "start" : "end",
    };
  });
}

const plain = (text: string) => text.normalize("NFKC").trim().replace(/\s+/gu, " ").toLowerCase();
const same = (a: string, b: string) => plain(a) === plain(b);

/**
 * By title, then Hub repository, then file in it, then trigger word; case and white space do not count.
 * @param repo of the style on the Hub: tells entries of one title apart
 */
export function entryNamed(entries: readonly Entry[], reference: string, repo?: string): Entry | undefined {
  const titled = entries.filter(({ title }) => title !== "" && same(title, reference));
  return (
    titled.find((entry) => repo !== undefined && entry.repo !== undefined && same(entry.repo, repo)) ??
    titled[0] ??
    entries.find((entry) => entry.repo !== undefined && same(entry.repo, reference)) ??
    entries.find((entry) => entry.weights !== undefined && same(`${entry.repo}/${entry.weights}`, reference)) ??
    entries.find(({ trigger }) => trigger !== undefined && trigger !== "" && same(trigger, reference))
  );
}

export type Choice =
  /** `offScale`: the style is off, so the LoRA is loaded at scale 0. */
  | { readonly kind: "entry"; readonly entry: Entry; readonly offScale: boolean }
  | { readonly kind: "repository"; readonly repo: string }
  /** The Space has no LoRAs to choose from, and none is wanted. */
  | { readonly kind: "nothing" }
  | { readonly kind: "impossible"; readonly why: BackendSentence };

/** Which LoRA the Space must be told to use for this request. */
export function chooseLora(
  description: Description,
  entries: readonly Entry[],
  request: Pick<ImageRequest, "loraScale">,
  style: Pick<Style, "lora" | "title">,
): Choice {
  // It takes one; an order for more never comes here.
  const reference = lorasOf(style, "space")[0]?.file;
  const named =
    reference === undefined ? undefined : entryNamed(entries, reference, lorasOf(style, "huggingface")[0]?.file);
  if (reference !== undefined && request.loraScale > 0) {
    if (named && description.select) return { kind: "entry", entry: named, offScale: false };
    if (HUB_REPOSITORY.test(reference) && description.addCustom) return { kind: "repository", repo: reference };
    return {
      kind: "impossible",
      why: sentence("backend.lacks.file-style", { file: reference.slice(0, 60), style: style.title }),
    };
  }
  if (!description.select) {
    return description.addCustom
      ? { kind: "impossible", why: sentence("backend.space.always-styled") }
      : { kind: "nothing" };
  }
  // The program refuses to draw without one. At scale 0 it does nothing, but its trigger word would still be added.
  const wordless = entries.find(({ trigger }) => trigger === "");
  const entry = wordless ?? named;
  if (entry && description.run.parameters.has("scale")) return { kind: "entry", entry, offScale: true };
  return { kind: "impossible", why: sentence("backend.space.always-styled.style", { style: style.title }) };
}

/** The words to send, and what people should know about them. */
export interface Wording {
  readonly prompt: string;
  readonly notes: readonly Text[];
}

/**
 * What the Space adds for an entry. Its program adds an entry's word in any case; where its list cannot be read, that is the
 * word of the style which names the entry.
 */
export const addedBy = (entry: Entry, style: Pick<Style, "trigger" | "triggerPosition">): Added => ({
  trigger: entry.trigger ?? triggerText(style),
  at: entry.trigger === undefined ? style.triggerPosition : entry.triggerAt,
  ...(entry.trigger === undefined ? { assumed: true } : {}),
});

/** A word that the Space puts into the prompt by itself. */
export interface Added {
  readonly trigger: string;
  readonly at: "start" | "end";
  /** Of the style: the Space's own list could not be read. */
  readonly assumed?: boolean;
}

/**
 * The Space puts the LoRA's trigger word into the prompt by itself, whatever is sent: so ours is left out, that it does not
 * stand there twice. A word of ours that is another one stays.
 *
 * @param added what the Space adds; `undefined`: not known
 */
export function wordingFor(
  request: Pick<ImageRequest, "prompt" | "finalPrompt">,
  style: Pick<Style, "trigger">,
  added: Added | undefined,
): Wording {
  if (added === undefined)
    return {
      prompt: request.finalPrompt,
      notes: [text("backend.space.note.word-unknown")],
    };
  const { at } = added;
  const trigger = bareTrigger(added.trigger);
  if (trigger === "")
    return {
      prompt: request.finalPrompt,
      notes: added.assumed ? [text("backend.space.note.word-unknown")] : [],
    };
  const sameWord = bareTrigger(triggerText(style)) === "" || hasTrigger(trigger, triggerText(style));
  const whole = sameWord ? request.prompt : request.finalPrompt;
  const bare = withoutTrigger(whole, trigger);
  const prompt = bare.trim() === "" ? whole : bare;
  const where = at === "start" ? "before" : "behind";
  const id = `backend.space.note.word-${where}` as const;
  if (added.assumed) return { prompt, notes: [text("backend.space.note.word-left", { word: trigger })] };
  return {
    prompt,
    notes: [text(hasTrigger(prompt, trigger) ? `${id}.twice` : id, { word: trigger })],
  };
}
