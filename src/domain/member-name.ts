import { displayName } from "../lib/display-name.ts";
import { looksOf } from "../lib/look-alike.ts";
import { ok, type Result, refuse } from "./problem.ts";
import { type Text, text } from "./text.ts";

const NAME_MAX_CHARS = 32;
/** Joiners hold emoji and Persian words together; they are shown but do not make a name different. */
const JOINERS = /[\u200c\u200d]/gu;
const RESERVED = new Set(["placard", "bot", "admin", "system", "everyone", "here"].flatMap(looksOf));

const bad = (why: Text): Result<never> => refuse({ code: "bad_args", text: why });

/** A name that somebody chose for themselves, as shown, and the key under which it is unique on this server. */
export function memberName(typed: string): Result<{ readonly name: string; readonly key: string }> {
  const name = typed.normalize("NFC").replace(/\s+/gu, " ").trim();
  if (name === "") return bad(text("web.name.empty"));
  if ([...name].length > NAME_MAX_CHARS) return bad(text("web.name.too-long", { max: NAME_MAX_CHARS }));
  if (displayName(name, "") !== name || !/[\p{L}\p{N}]/u.test(name)) return bad(text("web.name.letters"));
  const key = name.normalize("NFKC").replace(JOINERS, "").toLowerCase();
  if (looksOf(name).some((look) => RESERVED.has(look))) return bad(text("web.name.reserved"));
  return ok({ name, key });
}
