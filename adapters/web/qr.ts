/** Error correction of 15 %: a phone held askew, a projector with a stain. */
const ECC = "medium";
/** Modules of quiet around it, as the standard wants. */
const BORDER = 4;

/** A QR code as a page draws it: one path of squares, on a square of so many modules. */
export interface QrShape {
  readonly modules: number;
  readonly path: string;
}

export async function qrShape(address: string): Promise<QrShape> {
  // Loaded when somebody wants one: most starts do without.
  const { default: encodeQr } = await import("qr");
  const rows = encodeQr(address, "raw", { ecc: ECC, border: BORDER });
  const path = rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
  return { modules: rows.length, path };
}

/** For a terminal, two rows a line. Light is drawn, so that it is the right way around where letters are light. */
export async function qrLines(address: string): Promise<string> {
  const { default: encodeQr } = await import("qr");
  return encodeQr(address, "ascii", { ecc: ECC, border: BORDER / 2 }).trimEnd();
}
