import { ok, type Result, refuse } from "../../src/domain/problem.ts";
import { type Text, text } from "../../src/domain/text.ts";
import { displayName } from "../../src/lib/display-name.ts";

const SLUG_MAX_CHARS = 40;

const bad = (why: Text): Result<never> => refuse({ code: "bad_args", text: why });

/** A group's title as typed, and the slug that names it in links: `Rent strike!` is `rent-strike`. */
export function groupName(typed: string): Result<{ readonly slug: string; readonly title: string }> {
  const title = typed.replace(/^#/, "").normalize("NFC").replace(/\s+/gu, " ").trim();
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
