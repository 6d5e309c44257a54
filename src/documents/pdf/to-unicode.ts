const HEAD = `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000><ffff>
endcodespacerange`;
const FOOT = `endcmap
CMapName currentdict /CMap defineresource pop
end
end`;
/** Of the format. */
const BLOCK_MAX = 100;

/** Which letters each glyph stands for, by its number. Source: ISO 32000-1, 9.10.3. */
export function toUnicodeMap(texts: readonly string[]): string {
  const lines = texts.flatMap((text, id) =>
    text === "" ? [] : [`<${id.toString(16).padStart(4, "0")}><${utf16(text)}>`],
  );
  const blocks: string[] = [];
  for (let at = 0; at < lines.length; at += BLOCK_MAX) {
    const block = lines.slice(at, at + BLOCK_MAX);
    blocks.push(`${block.length} beginbfchar\n${block.join("\n")}\nendbfchar`);
  }
  return [HEAD, ...blocks, FOOT].join("\n");
}

const utf16 = (text: string): string =>
  Array.from({ length: text.length }, (_, index) => text.charCodeAt(index).toString(16).padStart(4, "0")).join("");
