import type { Problem } from "../../domain/problem.ts";
import type { Terms } from "../../domain/terms.ts";
import type { Text } from "../../domain/text.ts";
import type { Outcome } from "../../ports/outcome.ts";
import type { Cause } from "../replies.ts";
import { asksFirst } from "../spend-gate.ts";

/** What a command or a button wants, and what held for the member when it decided: the effect is bound by the same terms. */
export interface Decided {
  readonly outcome: Outcome;
  readonly terms: Terms;
  /** Said along with the outcome. */
  readonly notes: readonly Text[];
  readonly from: Cause["from"];
  /** What it spends may have to be put to the vote: see `asksFirst`. */
  readonly asksFirst?: true;
}

/** With what has to be looked at while it is decided for this member. */
export const decidedWith = (decided: Decided): Decided =>
  (decided.outcome.do === "draw" || decided.outcome.do === "defer") && asksFirst(decided.terms)
    ? { ...decided, asksFirst: true }
    : decided;

/** An event that reached no command and no button. */
interface Refused {
  readonly refused: Problem;
}

export type Decision = Decided | Refused;

export const refused = (code: Problem["code"], text: Text): Refused => ({ refused: { code, text } });
