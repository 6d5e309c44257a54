import type { ChatRules } from "../../domain/chat-settings.ts";
import { type Text, text } from "../../domain/text.ts";

// Who can see what. As data: /privacy says it in a chat, docs/privacy.md as a table.

/** "lender": whoever lends a computer in the own network. "service": anybody else's computer. */
export const SEERS = ["you", "group", "admins", "operator", "lender", "service"] as const;
export type Seer = (typeof SEERS)[number];
export const SEEN = ["words", "picture", "name", "vote", "allowance"] as const;
export type Seen = (typeof SEEN)[number];

/** "over": once the vote is over. "open": until it is over. */
export type Sight = "yes" | "no" | "over" | "open";

const ALL: Readonly<Record<Seen, Sight>> = { words: "yes", picture: "yes", name: "yes", vote: "yes", allowance: "yes" };
/** What a backend is given is in `GenerateInput`: nobody's name is. */
const MAKES: Readonly<Record<Seen, Sight>> = { words: "yes", picture: "yes", name: "no", vote: "no", allowance: "no" };

/** By what votes show in a chat: see `DecisionRule`. What is secret is forgotten when the vote ends. */
const VOTES: Readonly<Record<ChatRules["pickVisibility"], { readonly group: Sight; readonly operator: Sight }>> = {
  live: { group: "yes", operator: "yes" },
  hidden: { group: "over", operator: "yes" },
  secret: { group: "no", operator: "open" },
};

export function sightOf(
  seer: Seer,
  { pickVisibility }: Pick<ChatRules, "pickVisibility">,
): Readonly<Record<Seen, Sight>> {
  const { group, operator } = VOTES[pickVisibility];
  switch (seer) {
    case "you":
      return ALL;
    case "group":
    case "admins":
      return { ...ALL, vote: group, allowance: "no" };
    case "operator":
      return { ...ALL, vote: operator };
    case "lender":
    case "service":
      return MAKES;
  }
}

export const seerName = (seer: Seer): Text => text(`privacy.who.${seer}`);
export const seenName = (seen: Seen): Text => text(`privacy.what.${seen}`);
/** What of it is seen; `undefined`: nothing. */
export function sightName(seen: Seen, sight: Sight): Text | undefined {
  switch (sight) {
    case "no":
      return undefined;
    case "yes":
      return seenName(seen);
    case "over":
      return text("privacy.what.vote-over");
    case "open":
      return text("privacy.what.vote-open");
  }
}
