import { ok, type Result, refuse } from "../../src/domain/problem.ts";

const NAME_MAX_CHARS = 32;
const SLUG_MAX_CHARS = 40;
// Control, format, private and unassigned characters, and separators that are not a space: they hide or reorder text.
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u;
/** Joiners hold emoji and Persian words together; they are shown but do not make a name different. */
const JOINERS = /[\u200c\u200d]/gu;
const RESERVED = new Set(["placard", "bot", "admin", "system", "everyone", "here"]);

const tidy = (text: string): string => text.normalize("NFC").replace(/\s+/gu, " ").trim();
const bad = (text: string): Result<never> => refuse({ code: "bad_args", text });

/** A name as shown, and the key under which it is unique on this server. */
export function memberName(typed: string): Result<{ readonly name: string; readonly key: string }> {
  const name = tidy(typed);
  if (name === "") return bad("Type a name first: the others see it beside your messages.");
  if ([...name].length > NAME_MAX_CHARS) return bad(`That name is too long: use at most ${NAME_MAX_CHARS} characters.`);
  if (HIDDEN.test(name.replace(JOINERS, "")) || !/[\p{L}\p{N}]/u.test(name))
    return bad("Use letters and numbers in your name; some of these characters cannot be shown.");
  const key = name.normalize("NFKC").replace(JOINERS, "").toLowerCase();
  if (RESERVED.has(key)) return bad("That name is kept for Placard itself; pick another.");
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
  if (slug === "") return bad("Type a group name first, with letters or numbers, e.g. rent-strike.");
  if ([...slug].length > SLUG_MAX_CHARS)
    return bad(`That group name is too long: use at most ${SLUG_MAX_CHARS} characters.`);
  if (HIDDEN.test(title.replace(JOINERS, ""))) return bad("Use letters and numbers in the group name.");
  return ok({ slug, title });
}
