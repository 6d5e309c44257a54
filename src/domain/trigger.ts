import { type Text, text } from "./text.ts";

export interface TriggerRule {
  /** Empty: the style has none. Of several each is put in, in their order. */
  readonly trigger: string | readonly string[];
  readonly position: "start" | "end";
  /** LoRA scale; at 0 the style is off and so is its trigger. */
  readonly scale: number;
}

/** Files give triggers with the commas that were to join them: ", yarn art style". */
export const bareTrigger = (trigger: string): string => trigger.replace(/^[\s,;]+|[\s,;]+$/gu, "");

/** Whole words only, any case, any run of white space: "RCA style" is in "a Rca  STYLE poster", not in "orca stylebook". */
export function hasTrigger(prompt: string, trigger: string): boolean {
  return bareTrigger(trigger) !== "" && patternOf(trigger).test(prompt.normalize("NFC"));
}

/**
 * The prompt with the style's trigger in its place, exactly once. A trigger the member typed stays where it is, at every
 * scale. Applying it again changes nothing.
 */
export function withTrigger(prompt: string, rule: TriggerRule): string {
  if (rule.scale === 0) return prompt;
  const triggers = listOf(rule.trigger);
  // Each is put before what is there already.
  const order = rule.position === "start" ? triggers.toReversed() : triggers;
  return order.reduce((words, trigger) => withOne(words, bareTrigger(trigger), rule.position), prompt);
}

const listOf = (trigger: TriggerRule["trigger"]): readonly string[] =>
  typeof trigger === "string" ? [trigger] : trigger;

function withOne(prompt: string, trigger: string, position: TriggerRule["position"]): string {
  if (trigger === "" || hasTrigger(prompt, trigger)) return prompt;
  const bare = prompt.trim();
  if (bare === "") return trigger;
  if (position === "start") return `${trigger}, ${bare.replace(/^[,;\s]+/u, "")}`.replace(/, $/u, "");
  return `${bare.replace(/[,;\s]+$/u, "")}, ${trigger}`.replace(/^, /u, "");
}

/** The inverse: takes the trigger out wherever it stands alone between commas, not from the middle of a sentence. */
export function withoutTrigger(prompt: string, trigger: string): string {
  const bare = bareTrigger(trigger);
  if (bare === "") return prompt;
  const alone = new RegExp(`(^|,)\\s*${sourceOf(bare)}\\s*(?=,|$)`, "iu");
  let before: string;
  let now = prompt.normalize("NFC");
  // Two in a row share a comma, so that one pass would leave every second one.
  do {
    before = now;
    now = before.replace(alone, "").replace(/^\s*,\s*/u, "");
  } while (now !== before);
  return now;
}

/** What members are told about the word of a style that they switched off; `undefined` where it has none. */
export function switchedOffNote(prompt: string, trigger: TriggerRule["trigger"]): Text | undefined {
  const words = listOf(trigger)
    .map(bareTrigger)
    .filter((each) => each !== "");
  if (words.length === 0) return undefined;
  const word = words.join(", ");
  return words.some((each) => hasTrigger(prompt, each))
    ? text("note.word.kept", { word })
    : text("note.word.left-out", { word });
}

const sourceOf = (trigger: string) =>
  trigger
    .normalize("NFC")
    .split(/\s+/u)
    .map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&"))
    .join("\\s+");

// \b knows ASCII only: "RCA" must not be found inside "RCAé" or "ДRCA".
const patternOf = (trigger: string) =>
  new RegExp(`(?<![\\p{L}\\p{N}\\p{M}_])${sourceOf(bareTrigger(trigger))}(?![\\p{L}\\p{N}\\p{M}_])`, "iu");
