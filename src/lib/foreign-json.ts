/** Deeper than anything honest: a graph of ComfyUI has 8, a Gradio layout 40. Deep values overflow whoever walks them. */
const MAX_DEPTH = 200;
/** Of one text. Some millions take seconds of everybody's time; a graph or list has some thousands. */
const MAX_VALUES = 500_000;

/**
 * JSON that a far end wrote. It may not name what every object of this process inherits from: whoever copies such a value, a
 * library most of all, would change them all. The parsed value is looked at, as escapes hide any name in the text.
 *
 * @throws SyntaxError for text that is not JSON, reaches out, has more than 500,000 values or is nested deeper than 200
 */
export function parseForeignJson(text: string): unknown {
  if (text.length > MAX_VALUES && hasManyValues(text)) throw new SyntaxError("has too many values");
  const value: unknown = JSON.parse(text);
  const why = dangerIn(value);
  if (why !== undefined) throw new SyntaxError(why);
  return value;
}

/** Why a value that a library has parsed already is not to be used, if so. */
export function dangerIn(value: unknown): string | undefined {
  let level: object[] = isObject(value) ? [value] : [];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return "nested too deeply";
    const next: object[] = [];
    for (const each of level) {
      // Of a list only the values can be odd, and it may be long.
      const inside = Array.isArray(each) ? each : Object.values(each);
      if (inside !== each && reachesOut(each)) return "names what every object inherits from";
      for (const inner of inside) if (isObject(inner)) next.push(inner);
    }
    level = next;
  }
  return undefined;
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** `constructor` alone is an honest name; only the way through it to `prototype` leads out. */
function reachesOut(value: object): boolean {
  if (Object.hasOwn(value, "__proto__")) return true;
  if (!Object.hasOwn(value, "constructor")) return false;
  const { constructor: inner } = value as { readonly constructor: unknown };
  return isObject(inner) && Object.hasOwn(inner, "prototype");
}

/** Each value stands behind a comma or a bracket. Pictures in base64 have neither, however long. */
function hasManyValues(text: string): boolean {
  let values = 0;
  for (const sign of ["[", "{", ","])
    for (let at = text.indexOf(sign); at >= 0 && values <= MAX_VALUES; at = text.indexOf(sign, at + 1)) values += 1;
  return values > MAX_VALUES;
}

/** Whether a key is safe to write with: objects have it from nobody else. */
export const isOwnName = (key: string): boolean => !(key in Object.prototype);
