import type { ChatRules } from "./chat-settings.ts";
import { AYE, type DecisionRule, type NewDecision } from "./decision.ts";

/** What so many presses decide, and costs those who press, by the rules of the chat. */
export const quorumOf = <About extends Pick<NewDecision, "kind">>(
  { votes, voteMinutes }: Pick<ChatRules, "votes" | "voteMinutes">,
  about: About,
) => ({
  ...about,
  options: [{ id: AYE }],
  rule: {
    method: "quorum",
    needed: votes,
    maxChoices: 1,
    visibility: "live",
    who: "everyone",
    spends: true,
  } satisfies DecisionRule,
  lastsMs: voteMinutes * 60_000,
});
