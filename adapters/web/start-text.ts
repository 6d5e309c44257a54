import { qrLines } from "./qr.ts";
import { invitationTo } from "./reach.ts";
import type { Shared, Sharing } from "./sharing.ts";

interface Started {
  readonly publicUrl: string | undefined;
  /** Where the chat itself listens. */
  readonly addresses: readonly string[];
  readonly code: string | undefined;
  readonly share: boolean;
  /** Where the chat itself is for this machine alone. */
  readonly sharing?: Sharing;
}

/** What the start prints: where the chat is opened, and with `share` how others come in. */
export async function startText({ publicUrl, addresses, code, share, sharing }: Started): Promise<string> {
  const [first = "", ...others] = publicUrl === undefined ? addresses : [publicUrl, ...addresses];
  const lines = [`web chat: ${first}`, ...others.map((url) => `      also: ${url}`)];
  if (!share) return lines.join("\n");
  const shared = publicUrl === undefined && sharing ? await sharing.open() : openAlready([first, ...others], code);
  if (!shared)
    return [
      ...lines,
      "Nobody else can open it: this computer is in no network of its own. Join a Wi-Fi, then start again.",
    ].join("\n");
  const [address, ...further] = shared.addresses;
  return [
    ...lines,
    `Others in the same network open ${address} and type the access code ${shared.code}, or scan this:`,
    await qrLines(invitationTo(shared)),
    ...(further.length > 0 ? [`If it does not open there: ${further.join(" or ")}`] : []),
  ].join("\n");
}

const openAlready = (addresses: readonly string[], code = ""): Shared => ({ addresses, code });
