import { parseForeignJson } from "../../lib/foreign-json.ts";

const SAID_UNDER = /^(?:error|errors|message|messages|detail|details|msg|type|title|reason|code)$/iu;
const MAX_BYTES = 20_000;

/**
 * What a far end's JSON says an error with; "" for anything else. Not what it repeats of the request: a prompt about a
 * "content policy" is no refusal.
 */
export function refusalWords(bytes: Uint8Array): string {
  try {
    return saidIn(parseForeignJson(new TextDecoder().decode(bytes.subarray(0, MAX_BYTES))), 0).join("\n");
  } catch {
    return "";
  }
}

function saidIn(value: unknown, depth: number): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null || depth > 4) return [];
  if (Array.isArray(value)) return value.slice(0, 50).flatMap((each: unknown) => saidIn(each, depth + 1));
  return Object.entries(value).flatMap(([key, each]) => (SAID_UNDER.test(key) ? saidIn(each, depth + 1) : []));
}

const CONTENT =
  /\bnsfw\b|content[ _-]?polic|safety[ _-](?:check|filter|system|tolerance)|content[ _-](?:was |is )?(?:moderat|filter|flag|violat|refus|reject)|\bmoderat(?:ion|ed) (?:filter|system|polic|fail|reject)|(?:inappropriate|explicit|sexual|unsafe|prohibited|disallowed|harmful|sensitive)(?: or \w+)? (?:content|prompts?|words?|images?|material)|prompt (?:was |is )?(?:blocked|flagged|rejected|prohibited)/iu;

/** A filter refused the words or the picture: nothing is broken there. Wordings of Spaces, providers and forks. */
export const isContentRefusal = (text: string): boolean => CONTENT.test(text);
