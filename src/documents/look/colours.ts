import type { LetteringFont } from "../../domain/lettering.ts";
import { type Colour, contrastOf, mixColours } from "../../lib/colour.ts";
import type { DocumentBrand } from "../../ports/documents.ts";

/** What decks, slides and sheets are drawn in. */
export interface Colours {
  readonly ground: Colour;
  readonly ink: Colour;
  /** Of what is said in small. */
  readonly quiet: Colour;
  /** Under a picture, and behind what stands for one. */
  readonly panel: Colour;
  readonly line: Colour;
  readonly accent: Colour;
  readonly onAccent: Colour;
  readonly good: Colour;
  readonly onGood: Colour;
}

/** Of headings, where a brand has none. */
export const HEADING_FONT: LetteringFont = "grotesk";

/** As Placard's own screens in daylight. */
const OWN: Colours = {
  ground: "#f5f1e8",
  ink: "#1f1a15",
  quiet: "#675d50",
  panel: "#ece6d9",
  line: "#d9d0bf",
  accent: "#c22a19",
  onAccent: "#ffffff",
  good: "#2a7046",
  onGood: "#ffffff",
};
/** WCAG 2.2, 1.4.3. */
export const CONTRAST_MIN = 4.5;

/** A brand's two colours carry all of it: what lies between them is mixed. */
export function coloursOf(brand: DocumentBrand | undefined): Colours {
  if (!brand?.colours) return OWN;
  const { ground, ink: said } = brand.colours;
  // Checked where it is set; a deck that cannot be read helps nobody all the same.
  const ink = contrastOf(said, ground) >= CONTRAST_MIN ? said : moreReadable(ground);
  return {
    ground,
    ink,
    quiet: quieter(ink, ground),
    panel: mixColours(ground, ink, 0.07),
    line: mixColours(ground, ink, 0.2),
    accent: ink,
    onAccent: ground,
    good: ink,
    onGood: ground,
  };
}

const moreReadable = (ground: Colour): Colour =>
  contrastOf("#000000", ground) >= contrastOf("#ffffff", ground) ? "#000000" : "#ffffff";

/** As far towards the ground as it still reads. */
function quieter(ink: Colour, ground: Colour): Colour {
  for (let share = 0.32; share > 0; share -= 0.04) {
    const mixed = mixColours(ink, ground, share);
    if (contrastOf(mixed, ground) >= CONTRAST_MIN) return mixed;
  }
  return ink;
}
