import { listed, type Text } from "../domain/text.ts";
import { looksOf } from "../lib/look-alike.ts";

/** Who voted: platforms let several be called the same, or nearly, and each of them is somebody of their own. "Ada, Ada (2)". */
export function votersText(names: readonly string[]): Text {
  const seen = new Map<string, number>();
  const apart = names.map((name) => {
    const looks = looksOf(name);
    const before = Math.max(...looks.map((look) => seen.get(look) ?? 0));
    for (const look of looks) seen.set(look, before + 1);
    return before === 0 ? name : `${name} (${before + 1})`;
  });
  return listed(apart);
}
