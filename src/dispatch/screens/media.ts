import type { ShownMeeting } from "../../ports/meeting-screens.ts";
import { decodeMediaKey, encodeMediaKey } from "../../views/media-key.ts";
import type { ReadFacts } from "./facts.ts";

/** Widths that copies are made in. */
const WIDTHS_PX = [320, 640, 1280] as const;
const WIDEST_PX = 1920;

/** The next one up: whoever asks for any other makes no more of them. */
export const widthFor = (shownPx: number): number => WIDTHS_PX.find((widthPx) => widthPx >= shownPx) ?? WIDEST_PX;

/**
 * The id of the picture whose copy a screen may have: of one that it shows, or that was to choose from in its meeting. `undefined`:
 * anything else, whatever the key names.
 */
export function shownImageId(key: string, shown: ShownMeeting, facts: ReadFacts): string | undefined {
  const asked = decodeMediaKey(key);
  if (asked?.of !== "picture" || asked.variant !== "posted") return undefined;
  const { imageId } = asked;
  return facts.candidateIds.has(imageId) || keysIn(shown).has(encodeMediaKey(asked)) ? imageId : undefined;
}

const keysIn = ({ pictures, decision, agenda }: ShownMeeting): ReadonlySet<string> =>
  new Set(
    [
      ...pictures.map(({ image }) => image),
      ...(decision?.options.map(({ image }) => image) ?? []),
      ...agenda.map(({ image }) => image),
    ].flatMap((image) => (image ? [image.key] : [])),
  );
