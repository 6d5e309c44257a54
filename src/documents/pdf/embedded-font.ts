import type PDFDocument from "pdfkit";
import { fontOf } from "../../typesetter/lettering/fonts.ts";
import type { Cluster } from "../../typesetter/lettering/shape.ts";
import { inReadOrder } from "./read-order.ts";
import { toUnicodeMap } from "./to-unicode.ts";
import { type FontGlyph, type OutlineStep, UNITS_PER_EM, writeTrueType } from "./truetype.ts";

/** Height of a capital: what lettering is measured in. */
const CAP_UNITS = 1434;
/** Size of type in the height of its capitals. */
const EM_IN_CAPS = UNITS_PER_EM / CAP_UNITS;
const ASCENT = 2000;
const DESCENT = -600;
/** Of the stems of letters; for readers that have to do without the font. */
const STEM = 120;

interface Ref {
  readonly data: Record<string, unknown>;
  end(bytes?: Uint8Array): void;
}
/** What pdfkit has and its types do not. */
interface RawDocument {
  ref(data: Record<string, unknown>): Ref;
  addContent(operators: string): void;
  readonly page: { readonly fonts: Record<string, Ref> };
}

const hex = (id: number): string => id.toString(16).padStart(4, "0");
const short = (value: number): string => String(Math.round(value * 1000) / 1000);

/** Where a line starts, and the height of its capitals, in points. */
interface Baseline {
  readonly x: number;
  readonly y: number;
  readonly cap: number;
}

/**
 * One font for all that is set in one voice, whatever its scripts: a glyph for each cluster that stands in the document, drawn as
 * HarfBuzz shaped it. So letters stand as they should in every reader, and each of them can be searched, copied and read aloud
 * as exactly the letters it was made of.
 */
export class EmbeddedFont {
  readonly #doc: RawDocument;
  readonly #label: string;
  readonly #dictionary: Ref;
  readonly #glyphs: FontGlyph[] = [{ steps: [], advance: UNITS_PER_EM / 2 }];
  readonly #texts: string[] = [""];
  readonly #known = new Map<string, number>();

  constructor(doc: typeof PDFDocument.prototype, label: string) {
    this.#doc = doc as unknown as RawDocument;
    this.#label = label;
    this.#dictionary = this.#doc.ref({ Type: "Font", Subtype: "Type0" });
  }

  /** Writes a line, its start on the baseline. */
  draw(clusters: readonly Cluster[], { x, y, cap }: Baseline): void {
    if (clusters.length === 0) return;
    this.#doc.page.fonts[this.#label] = this.#dictionary;
    let pieces = "";
    for (const cluster of inReadOrder(clusters)) {
      const id = this.#glyphFor(cluster);
      // What kerning takes and adds.
      const kern = (this.#glyphs[id]?.advance ?? 0) - cluster.advance * CAP_UNITS;
      pieces += `<${hex(id)}>`;
      if (Math.abs(kern) >= 1) pieces += short((kern / UNITS_PER_EM) * 1000);
    }
    const size = short(cap * EM_IN_CAPS);
    this.#doc.addContent(`BT /${this.#label} ${size} Tf 1 0 0 -1 ${short(x)} ${short(y)} Tm [${pieces}] TJ ET`);
  }

  #glyphFor({ text, glyphs, advance }: Cluster): number {
    // What draws nothing is told apart by its width: a gap that is made up for afterwards would be read as a space.
    const drawn = glyphs.map(({ face, glyph, dx, dy }) => `${face} ${glyph} ${short(dx)} ${short(dy)}`).join(" ");
    const key = `${text}\n${drawn === "" ? Math.round(advance * CAP_UNITS) : drawn}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const id = this.#glyphs.length;
    this.#glyphs.push({ steps: glyphs.flatMap((placed) => stepsOf(placed)), advance: Math.round(advance * CAP_UNITS) });
    this.#texts.push(text);
    this.#known.set(key, id);
    return id;
  }

  /** After the last line. */
  end(): void {
    const doc = this.#doc;
    const name = `${tagOf(this.#label)}+Placard-${this.#label}`;
    const width = (units: number): number => (units / UNITS_PER_EM) * 1000;
    const file = doc.ref({});
    const bytes = writeTrueType(this.#glyphs, { ascent: ASCENT, descent: DESCENT });
    file.data["Length1"] = bytes.length;
    file.end(bytes);
    const descriptor = doc.ref({
      Type: "FontDescriptor",
      FontName: name,
      // Its characters are of no standard set.
      Flags: 4,
      FontBBox: [-UNITS_PER_EM, width(DESCENT), 2 * UNITS_PER_EM, width(ASCENT)],
      ItalicAngle: 0,
      Ascent: width(ASCENT),
      Descent: width(DESCENT),
      CapHeight: width(CAP_UNITS),
      StemV: STEM,
      FontFile2: file,
    });
    descriptor.end();
    const descendant = doc.ref({
      Type: "Font",
      Subtype: "CIDFontType2",
      BaseFont: name,
      CIDSystemInfo: { Registry: new String("Adobe"), Ordering: new String("Identity"), Supplement: 0 },
      FontDescriptor: descriptor,
      CIDToGIDMap: "Identity",
      W: [0, this.#glyphs.map(({ advance }) => width(advance))],
    });
    descendant.end();
    const unicode = doc.ref({});
    unicode.end(new TextEncoder().encode(toUnicodeMap(this.#texts)));
    Object.assign(this.#dictionary.data, {
      BaseFont: name,
      Encoding: "Identity-H",
      DescendantFonts: [descendant],
      ToUnicode: unicode,
    });
    this.#dictionary.end();
  }
}

/** Six capitals mark a font that is not whole. */
const tagOf = (label: string): string =>
  [...label.padEnd(6, "P").slice(0, 6)].map((letter) => String.fromCharCode(65 + (letter.charCodeAt(0) % 26))).join("");

function stepsOf({ face, glyph, dx, dy }: Cluster["glyphs"][number]): readonly OutlineStep[] {
  const font = fontOf(face);
  const scale = CAP_UNITS / font.capHeight;
  return font.outline(glyph).map(({ type, values }): OutlineStep => {
    const at = values.map((value, index) => (index % 2 === 0 ? dx * CAP_UNITS : -dy * CAP_UNITS) + value * scale);
    const [a = 0, b = 0, c = 0, d = 0] = at;
    switch (type) {
      case "M":
      case "L":
        return { type, values: [a, b] };
      case "Q":
        return { type, values: [a, b, c, d] };
      case "Z":
        return { type, values: [] };
      default:
        // All bundled faces are TrueType, whose curves are quadratic: a test letters every script.
        throw new Error(`a step of an outline that TrueType does not have: ${type}`);
    }
  });
}
