/** Deeper than anything honest: a graph of ComfyUI has 8, a Gradio layout 40. Deep values overflow whoever walks them. */
const MAX_DEPTH = 200;

/**
 * JSON that a far end wrote. It may not name what every object of this process inherits from: whoever copies such a value, a
 * library most of all, would change them all. The parsed value is looked at, as escapes hide any name in the text.
 *
 * @throws SyntaxError for text that is not JSON, reaches out, or is nested deeper than 200
 */
export function parseForeignJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  const why = dangerIn(value);
  if (why !== undefined) throw new SyntaxError(why);
  return value;
}

/** Why a value that a library has parsed already is not to be used, if so. Takes time by its size alone. */
export function dangerIn(value: unknown): string | undefined {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return "nested too deeply";
    const next: unknown[] = [];
    for (const each of level) {
      if (typeof each !== "object" || each === null) continue;
      if (reachesOut(each)) return "names what every object inherits from";
      for (const inner of Object.values(each)) if (typeof inner === "object" && inner !== null) next.push(inner);
    }
    level = next;
  }
  return undefined;
}

/** `constructor` alone is an honest name; only the way through it to `prototype` leads out. */
function reachesOut(value: object): boolean {
  if (Object.hasOwn(value, "__proto__")) return true;
  if (!Object.hasOwn(value, "constructor")) return false;
  const { constructor: inner } = value as { readonly constructor: unknown };
  return typeof inner === "object" && inner !== null && Object.hasOwn(inner, "prototype");
}

/** Whether a key is safe to write with: objects have it from nobody else. */
export const isOwnName = (key: string): boolean => !(key in Object.prototype);
