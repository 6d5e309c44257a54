import { type Text, text } from "./text.ts";

export interface TriggerRule {
  /** Empty: the style has none. */
  readonly trigger: string;
  readonly position: "start" | "end";
  /** LoRA scale; at 0 the style is off and so is its trigger. */
  readonly scale: number;
}

/** Whole words only, any case, any run of white space: "RCA style" is in "a Rca  STYLE poster", not in "orca stylebook". */
export function hasTrigger(prompt: string, trigger: string): boolean {
  return trigger.trim() !== "" && patternOf(trigger).test(prompt.normalize("NFC"));
}

/**
 * The prompt with the style's trigger in its place, exactly once. A trigger the member typed stays where it is, at every
 * scale. Applying it again changes nothing.
 */
export function withTrigger(prompt: string, rule: TriggerRule): string {
  const trigger = rule.trigger.trim();
  if (trigger === "" || rule.scale === 0 || hasTrigger(prompt, trigger)) return prompt;
  const bare = prompt.trim();
  if (bare === "") return trigger;
  if (rule.position === "start") return `${trigger}, ${bare.replace(/^[,;\s]+/u, "")}`.replace(/, $/u, "");
  return `${bare.replace(/[,;\s]+$/u, "")}, ${trigger}`.replace(/^, /u, "");
}

/** The inverse, for prompts that only exist with the trigger: takes it from its place, not from the middle of a sentence. */
export function withoutTrigger(prompt: string, rule: Pick<TriggerRule, "trigger" | "position">): string {
  const trigger = rule.trigger.trim();
  if (trigger === "") return prompt;
  const source = sourceOf(trigger);
  const placed =
    rule.position === "start"
      ? new RegExp(`^\\s*${source}\\s*(?:,\\s*|$)`, "iu")
      : new RegExp(`(?:^|\\s*,)\\s*${source}\\s*$`, "iu");
  return prompt.normalize("NFC").replace(placed, "");
}

/** What members are told about the word of a style that they switched off; `undefined` where it has none. */
export function switchedOffNote(prompt: string, trigger: string): Text | undefined {
  const word = trigger.trim();
  if (word === "") return undefined;
  return hasTrigger(prompt, word) ? text("note.word.kept", { word }) : text("note.word.left-out", { word });
}

const sourceOf = (trigger: string) =>
  trigger
    .normalize("NFC")
    .split(/\s+/u)
    .map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&"))
    .join("\\s+");

// \b knows ASCII only: "RCA" must not be found inside "RCAé" or "ДRCA".
const patternOf = (trigger: string) =>
  new RegExp(`(?<![\\p{L}\\p{N}\\p{M}_])${sourceOf(trigger.trim())}(?![\\p{L}\\p{N}\\p{M}_])`, "iu");
