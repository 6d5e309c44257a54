import anyAscii from "any-ascii";

const ID_MAX_CHARS = 28;

/** A command's name from a title in any script, readable where the title is: "水墨画" is `shui_mo_hua`, "🔥" is `fire`. */
export function latinIdOf(title: string): string {
  const plain = latinOf(title)
    .replace(/[^a-z0-9]+/gu, "_")
    .replace(/^_+|_+$/gu, "")
    .replace(/^\d+_+(?=[a-z])/u, "");
  const id = /^\d/u.test(plain) ? `style_${plain}` : plain;
  const cut = id.slice(0, ID_MAX_CHARS).replace(/_+$/u, "");
  return cut === "" ? "style" : cut;
}

function latinOf(title: string): string {
  // Pictures are named only where nothing else is said.
  const worded = title.replace(/\p{Extended_Pictographic}|\ufe0f/gu, " ");
  const kept = /[\p{L}\p{N}]/u.test(worded) ? worded : title;
  return (
    kept
      .normalize("NFKC")
      // Signs for whole syllables would run into one word.
      .replace(/[\p{Script=Han}\p{Script=Hangul}]/gu, " $& ")
      .replace(/[^\p{ASCII}]+/gu, (foreign) => anyAscii(foreign).replace(/['`]/gu, ""))
      .toLowerCase()
  );
}
