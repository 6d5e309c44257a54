/**
 * The listed name that somebody means: as listed, without ".safetensors", with the other slash, in other capitals, or
 * without its subfolder where that is clear. `undefined`: none, or several.
 */
export function sameFile(listed: readonly string[], meant: string): string | undefined {
  const loose = (name: string) =>
    name
      .replaceAll("\\", "/")
      .replace(/\.(?:safetensors|sft|ckpt|pt|pth|bin)$/i, "")
      .toLowerCase();
  const rules: readonly ((name: string) => boolean)[] = [
    (name) => name === meant,
    (name) => name === `${meant}.safetensors`,
    (name) => loose(name) === loose(meant),
    (name) => loose(baseOf(name)) === loose(meant),
  ];
  for (const rule of rules) {
    const found = listed.filter(rule);
    if (found.length === 1) return found[0];
    if (found.length > 1) return undefined;
  }
  return undefined;
}

const baseOf = (name: string): string => name.split(/[/\\]/).at(-1) ?? name;
