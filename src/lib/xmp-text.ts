const TEXT_MAX_CHARS = 1_000_000;
const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/**
 * The words of a property of an XMP packet, e.g. "exif:UserComment": of its first element, lists and languages joined, or of its first
 * attribute. `undefined`: it is not there. Looks for the one name instead of reading the XML, which members write: no entity is
 * defined, nothing is nested. Linear; never throws.
 */
export function xmpText(packet: string, name: string): string | undefined {
  const xml = packet.slice(0, TEXT_MAX_CHARS);
  return elementOf(xml, name) ?? attributeOf(xml, name);
}

function elementOf(xml: string, name: string): string | undefined {
  const from = xml.indexOf(`<${name}`);
  const open = from < 0 ? -1 : xml.indexOf(">", from);
  if (open < 0 || !/[\s>]/u.test(xml[from + name.length + 1] ?? "")) return undefined;
  const end = xml.indexOf(`</${name}`, open);
  return end < 0 ? undefined : unescaped(withoutTags(xml.slice(open + 1, end))).trim();
}

function attributeOf(xml: string, name: string): string | undefined {
  const at = xml.indexOf(` ${name}=`);
  const from = at + name.length + 2;
  const quote = xml[from];
  if (at < 0 || (quote !== '"' && quote !== "'")) return undefined;
  const end = xml.indexOf(quote, from + 1);
  return end < 0 ? undefined : unescaped(xml.slice(from + 1, end)).trim();
}

function withoutTags(inner: string): string {
  const parts: string[] = [];
  for (let at = 0; at < inner.length; ) {
    const open = inner.indexOf("<", at);
    parts.push(inner.slice(at, open < 0 ? inner.length : open));
    const close = open < 0 ? -1 : inner.indexOf(">", open);
    if (close < 0) break;
    at = close + 1;
  }
  return parts.join("");
}

const unescaped = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(lt|gt|amp|quot|apos));/giu, (whole, decimal, hex, named) => {
    if (typeof named === "string") return ENTITIES[named.toLowerCase()] ?? whole;
    const point = typeof decimal === "string" ? Number(decimal) : Number.parseInt(String(hex), 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
