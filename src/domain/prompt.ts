// Some engines read these as orders: LoRA tags of the A1111 family, sd-server's extra arguments, Horde's negative mark.
const TAGS = /<\s*(?:lora|lyco|hypernet)\s*:[^>]*>|<\/?sd_cpp_extra_args>/giu;
const EXTRA_ARGS = /<sd_cpp_extra_args>[\s\S]*?<\/sd_cpp_extra_args>/giu;
// Workers split at it wherever it stands.
const HORDE_MARK = /#{3,}/gu;

/**
 * A prompt no engine finds an order in. Applied where a prompt is typed and once more where a backend sends it: triggers
 * come from files, recipes from older versions. White space stays as it is; applying it again changes nothing.
 */
export function withoutEngineTags(text: string): string {
  let before: string;
  let now = text;
  // Until nothing changes: taking a tag out of "<lo<lora:x>ra:y>" must not leave one behind.
  do {
    before = now;
    now = before.replace(EXTRA_ARGS, " ").replace(TAGS, " ").replace(HORDE_MARK, " ");
  } while (now !== before);
  return now;
}

/**
 * The prompt as text for an engine with A1111's prompt syntax, where brackets weigh, schedule and alternate words:
 * brackets and backslashes are escaped. Only for such an engine: others would draw the backslashes. Source: BACKENDS
 * reference, 2.3 and 7.
 */
export const escapePromptSyntax = (text: string): string => text.replace(/[\\()[\]]/gu, "\\$&");
