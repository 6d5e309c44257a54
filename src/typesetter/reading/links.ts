import { LINK } from "./details.ts";

/** What a phone's camera opens. */
export interface ScannedLink {
  readonly href: string;
  /** As it is lettered beside the code. */
  readonly caption: string;
}

const ASKED =
  /(?<![\p{L}\p{N}])(?:(?:with|and|mit|und|con|com|avec|с|и)\s+)?(?:an?\s+|the\s+|einen?\s+|un\s+|um\s+)?(?:qr(?:[ -]?codes?)?|código qr|codigo qr|code qr|qr-код|qr код|qr कोड|رمز qr|scan(?:nable|ned)?(?: code| me)?|scannen|escanea\p{L}*|escaneie|scannez|scanner|сканир\p{L}*|скан\p{L}*)(?![\p{L}\p{N}])|二维码|二維碼|扫码|掃碼|qrコード|큐알|qr코드|رمز الاستجابة السريعة|क्यूआर\s*(?:कोड)?/iu;
const LEAD =
  /\s*(?:to|for|with|of|pointing to|linking to|zu|für|mit|auf|a|para|con|com|vers|pour|avec|на|для|с|إلى|के लिए)?\s*[:：]?\s*$/iu;
const HREF_MAX_CHARS = 300;

/**
 * The link a prompt asks to be scanned: "QR code to example.org".
 *
 * @returns `rest`: the prompt without what is said of it; `undefined` where no code is asked for, or no link is given
 */
export function linkToScan(prompt: string): { readonly link: ScannedLink; readonly rest: string } | undefined {
  const asked = ASKED.exec(prompt);
  const found = asked && LINK.exec(prompt);
  if (!found) return undefined;
  const typed = found[0].replace(/[.,;:!?)\]}'’]+$/u, "");
  if (typed.length > HREF_MAX_CHARS) return undefined;
  const isMail = /^[^/]+@/u.test(typed);
  const href = isMail ? `mailto:${typed}` : /^https?:/iu.test(typed) ? typed : `https://${typed}`;
  const end = found.index + typed.length;
  const before = prompt.slice(0, found.index);
  // "QR code to <link>" goes as a whole; a word elsewhere only asks.
  const withoutAsking =
    asked.index < found.index
      ? before.slice(0, asked.index) + before.slice(asked.index + asked[0].length).replace(LEAD, "")
      : before;
  const after = asked.index > found.index ? prompt.slice(end).replace(ASKED, " ") : prompt.slice(end);
  return {
    link: { href, caption: typed.replace(/^https?:\/\/(?:www\.)?|\/$/giu, "") },
    rest: joined(withoutAsking, after),
  };
}

const QUOTE_END = /["“„«'‘]\s*$/u;
const QUOTE_START = /^\s*["“”»'’]/u;

/** Quotes that held nothing but the link go with it. */
const joined = (before: string, after: string): string => {
  const isQuoted = QUOTE_END.test(before) && QUOTE_START.test(after);
  const [left, right] = isQuoted ? [before.replace(QUOTE_END, ""), after.replace(QUOTE_START, "")] : [before, after];
  return `${left} ${right}`.replace(/[^\S\n]+/gu, " ").trim();
};
