import { ok, type Result, refuse } from "../../src/domain/problem.ts";
import { type Text, text } from "../../src/domain/text.ts";
import { displayName } from "../../src/lib/display-name.ts";
import { looksOf } from "../../src/lib/look-alike.ts";

const NAME_MAX_CHARS = 32;
const SLUG_MAX_CHARS = 40;
/** Joiners hold emoji and Persian words together; they are shown but do not make a name different. */
const JOINERS = /[\u200c\u200d]/gu;
const RESERVED = new Set(["placard", "bot", "admin", "system", "everyone", "here"].flatMap(looksOf));

const tidy = (typed: string): string => typed.normalize("NFC").replace(/\s+/gu, " ").trim();
const bad = (why: Text): Result<never> => refuse({ code: "bad_args", text: why });

/** A name as shown, and the key under which it is unique on this server. */
export function memberName(typed: string): Result<{ readonly name: string; readonly key: string }> {
  const name = tidy(typed);
  if (name === "") return bad(text("web.name.empty"));
  if ([...name].length > NAME_MAX_CHARS) return bad(text("web.name.too-long", { max: NAME_MAX_CHARS }));
  if (displayName(name, "") !== name || !/[\p{L}\p{N}]/u.test(name)) return bad(text("web.name.letters"));
  const key = name.normalize("NFKC").replace(JOINERS, "").toLowerCase();
  if (looksOf(name).some((look) => RESERVED.has(look))) return bad(text("web.name.reserved"));
  return ok({ name, key });
}

/** A group's title as typed, and the slug that names it in links: `Rent strike!` is `rent-strike`. */
export function groupName(typed: string): Result<{ readonly slug: string; readonly title: string }> {
  const title = tidy(typed.replace(/^#/, ""));
  const slug = title
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "");
  if (slug === "") return bad(text("web.group.empty"));
  if ([...slug].length > SLUG_MAX_CHARS) return bad(text("web.group.too-long", { max: SLUG_MAX_CHARS }));
  if (displayName(title, "") !== title) return bad(text("web.group.letters"));
  return ok({ slug, title });
}
