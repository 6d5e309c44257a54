import { withPlainDigits } from "../lib/number-text.ts";
import { cutText } from "../lib/text.ts";
import { ok, type Result, refuse } from "./problem.ts";
import { text } from "./text.ts";

const LIST_MAX = 50;

const FACTOR_MIN = 0.1;

const FACTOR_MAX = 10;

/** Names with commas between them; empty ones do not count. */
export const namesIn = (typed: string): readonly string[] =>
  typed
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "")
    .slice(0, LIST_MAX);

export interface RoleFactor {
  readonly role: string;
  /** 0.1 to 10: whoever runs a chat must not empty the installation. */
  readonly factor: number;
}

/** "Artists=2, Guests=0.5". */
export function roleFactorsIn(typed: string): Result<readonly RoleFactor[]> {
  const factors: RoleFactor[] = [];
  for (const part of namesIn(typed)) {
    const [, role, digits] = /^(.+?)\s*=\s*(\p{Nd}{1,3}(?:\.\p{Nd}{1,3})?)$/u.exec(part) ?? [];
    const factor = Number(withPlainDigits(digits ?? ""));
    if (role === undefined || !(factor >= FACTOR_MIN && factor <= FACTOR_MAX))
      return refuse({
        code: "bad_args",
        text: text("problem.role-factors", { min: FACTOR_MIN, max: FACTOR_MAX, written: cutText(part, 40) }),
      });
    factors.push({ role, factor });
  }
  return ok(factors);
}
