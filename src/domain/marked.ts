import { hasManifest } from "../lib/c2pa-part.ts";
import { sourceTypePacket, withoutXmp, xmpOf, xmpParts } from "../lib/xmp-mark.ts";
import { xmpText } from "../lib/xmp-text.ts";
import { SOURCE_TYPES, type SourceType } from "./source-type.ts";

/**
 * The file with the word for how it came about, in pieces to be written one after the other. One that carries a manifest is given as
 * it is: its seal is over every byte, and says the same.
 *
 * @param made `undefined`: there is nothing to say
 */
export const markedParts = (file: Uint8Array, made: SourceType | undefined): readonly Uint8Array[] =>
  made === undefined || hasManifest(file) ? [file] : xmpParts(withoutXmp(file), sourceTypePacket(made));

/** The same in one piece. */
export function marked(file: Uint8Array, made: SourceType | undefined): Uint8Array {
  const parts = markedParts(file, made);
  return parts.length === 1 ? file : Buffer.concat(parts);
}

/** What XMP says in a file from elsewhere, whoever wrote it: nobody has signed it. `undefined`: nothing, or something else than we say. */
export function saidOf(file: Uint8Array): SourceType | undefined {
  const packet = xmpOf(file);
  const said = packet === undefined ? undefined : xmpText(packet, "Iptc4xmpExt:DigitalSourceType");
  return SOURCE_TYPES.find((type) => said === type || said?.endsWith(`/${type}`));
}
