import type { SetLettering } from "../../domain/lettering.ts";
import type { Colour } from "../../lib/colour.ts";
import type { Rect } from "../../typesetter/composition/tree.ts";
import type { FontName } from "../../typesetter/lettering/families.ts";
import type { HanForm } from "../../typesetter/lettering/han.ts";
import { clustersOf } from "../../typesetter/lettering/shape.ts";
import type { Colours } from "../look/colours.ts";
import { SLIDE } from "../look/layout.ts";
import type { EmbeddedPicture, PdfFile } from "../pdf/file.ts";
import { drawLettering, spokenWith } from "../pdf/lettering.ts";
import { directionOf } from "../words/direction.ts";
import {
  heightOf,
  oneLineOf,
  type ParagraphRules,
  type SetText,
  setHeading,
  setParagraphs,
  startOf,
  type VoiceOf,
  type Voicing,
} from "../words/set.ts";

export interface PlacedPicture {
  readonly embedded: EmbeddedPicture;
  readonly ratio: number;
  readonly alt: string;
  readonly lettering?: SetLettering;
}

export interface DeckLook {
  readonly colours: Colours;
  /** Of headings. */
  readonly font: FontName;
  readonly isRightToLeft: boolean;
  readonly han: HanForm;
  readonly title: string;
}

interface LabelStyle {
  readonly box: Rect;
  readonly voice: Voicing;
  readonly cap: number;
  readonly colour: Colour;
  readonly align: "start" | "middle";
}

interface ParagraphStyle extends Omit<ParagraphRules, "w" | "h"> {
  readonly box: Rect;
  /** Of the first, and of those after it. */
  readonly colours: readonly [Colour, Colour];
  /** The first of them is what counts. */
  readonly isLed?: boolean;
  /** They end where the box does. Default: they begin where it does. */
  readonly isAtFoot?: boolean;
}

/** Writes and draws on the pages of a deck, tagged. */
export interface DeckPen extends DeckLook {
  readonly pdf: PdfFile;
  readonly headings: Voicing;
  readonly strong: Voicing;
  addPage(): void;
  /** @returns its height */
  heading(tag: "H1" | "H2", text: string, box: Rect & { readonly capMax: number }): number;
  /** Each text is a paragraph. */
  paragraphs(texts: readonly string[], style: ParagraphStyle): void;
  /** Seen, not read out. */
  label(text: string, style: LabelStyle): void;
  picture(picture: PlacedPicture, box: Rect, isDecoration?: boolean): void;
}

export function createPen(pdf: PdfFile, look: DeckLook): DeckPen {
  const { doc } = pdf;
  const { colours, font, isRightToLeft, han } = look;
  const headings: Voicing = { font, han };
  const strong: Voicing = { font: "text", han };
  const body: Voicing = { font: "body", han };
  return {
    ...look,
    pdf,
    headings,
    strong,
    addPage() {
      pdf.addPage(SLIDE.w, SLIDE.h);
      pdf.decoration(() => doc.rect(0, 0, SLIDE.w, SLIDE.h).fill(colours.ground));
    },
    heading(tag, text, box) {
      const set = setHeading(text, headings, box);
      pdf.tagged(tag, {}, () => {
        doc.fillColor(colours.ink);
        writeLines(pdf, set, { voice: headings, box, whole: text, isRightToLeft });
      });
      return set.height;
    },
    paragraphs(texts, { box, colours: [first, others], isAtFoot = false, isLed = false, ...rules }) {
      const voiceOf: VoiceOf = (index) => (isLed && index === 0 ? strong : body);
      const set = setParagraphs(texts, voiceOf, { ...rules, w: box.w, h: box.h });
      const cap = set[0]?.lines[0]?.cap ?? 0;
      let top = isAtFoot ? box.y + box.h - heightOf(set, cap, rules.gap) : box.y;
      set.forEach((text, index) => {
        const at = { voice: voiceOf(index), box: { ...box, y: top }, whole: texts[index] ?? "", isRightToLeft };
        pdf.tagged("P", {}, () => {
          doc.fillColor(index === 0 ? first : others);
          writeLines(pdf, text, at);
        });
        top += text.height + rules.gap * cap;
      });
    },
    label(text, { box, voice, cap, colour, align }) {
      const line = oneLineOf(text, voice, { w: box.w, cap });
      const clusters = clustersOf(line, voice, directionOf(text, isRightToLeft ? "rtl" : "ltr"));
      const width = clusters.reduce((sum, { advance }) => sum + advance, 0) * cap;
      const spare = box.w - width;
      const x = box.x + (align === "middle" ? spare / 2 : isRightToLeft ? spare : 0);
      pdf.decoration(() => {
        doc.fillColor(colour);
        pdf.font(voice.font).draw(clusters, { x, y: box.y + (box.h + cap) / 2, cap });
      });
    },
    picture({ embedded, alt, lettering }, box, isDecoration = false) {
      const draw = () => {
        pdf.place(embedded, box);
        if (lettering) drawLettering(doc, lettering, box);
      };
      if (isDecoration) pdf.decoration(draw);
      else pdf.tagged("Figure", { alt: spokenWith(alt, lettering), box }, draw);
    },
  };
}

interface LinesPlace {
  readonly voice: Voicing;
  readonly box: Rect;
  /** The paragraph that the lines are of: it says which way they run. */
  readonly whole: string;
  readonly isRightToLeft: boolean;
}

/** The lines of one text, at the side where one begins to read. */
function writeLines(pdf: PdfFile, set: SetText, { voice, box, whole, isRightToLeft }: LinesPlace): void {
  const direction = directionOf(whole, isRightToLeft ? "rtl" : "ltr");
  const space = clustersOf(" ", voice)[0]?.advance ?? 0;
  set.lines.forEach((line, index) => {
    const { text, cap, baseline } = line;
    const isLast = index === set.lines.length - 1;
    const start = startOf(line, set, box, { direction, isTurned: isRightToLeft });
    // A space where a line ends, so that who reads it out does not run its words together.
    const clusters = clustersOf(isLast ? text : `${text} `, voice, direction);
    const x = isLast || direction === "ltr" ? start : start - space * cap;
    pdf.font(voice.font).draw(clusters, { x, y: box.y + baseline, cap });
  });
}
