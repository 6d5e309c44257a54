import { AYE, type Decision } from "../../src/domain/decision.ts";

/** A vote about another take of a job, with an aye of each of these. */
export const rerollVote = (
  voters: readonly { readonly memberId: string; readonly name: string }[],
  over: Partial<Decision> & { readonly needed?: number } = {},
): Decision => {
  const { needed = 3, ...rest } = over;
  const [first] = voters;
  return {
    decisionId: "r".repeat(16),
    kind: "reroll",
    place: { platform: "web", chatId: "room", group: true },
    subjectJobId: "abcdefghijklmnop",
    options: [{ id: AYE }],
    rule: { method: "quorum", needed, maxChoices: 1, visibility: "live", who: "everyone", spends: true },
    openedBy: { id: first?.memberId ?? "web:ana", name: first?.name ?? "Ana" },
    openedAtMs: 0,
    closesAtMs: Number.MAX_SAFE_INTEGER,
    round: 1,
    state: "open",
    votes: voters.map((voter) => ({ ...voter, personId: voter.memberId, choices: [AYE], atMs: 0 })),
    ...rest,
  };
};
