import type { Decision } from "../../src/domain/decision.ts";

/** What versions before decisions said of a vote about another take. */
export const oldBallot = (decision: Decision | undefined) =>
  decision && {
    subjectJobId: decision.subjectJobId,
    votesNeeded: decision.rule.needed,
    closesAtMs: decision.closesAtMs,
    state: decision.state,
    voters: decision.votes.map(({ memberId, name }) => ({ memberId, name })),
    ...(decision.outcome?.startedJobId === undefined ? {} : { startedJobId: decision.outcome.startedJobId }),
  };
