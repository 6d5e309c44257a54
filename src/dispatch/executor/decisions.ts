import { text } from "../../domain/text.ts";
import type { Outcome } from "../../ports/outcome.ts";
import type { Cause } from "../replies.ts";
import type { EffectDeps } from "./effects.ts";
import { ABSENT, newDecision, overProblem } from "./new-decision.ts";

/** What is put to the vote, and ended by who runs it. */
export function createDecisions({ services, replies, relay }: Pick<EffectDeps, "services" | "replies" | "relay">) {
  const { store, nowMs } = services;

  async function open({ asked }: Extract<Outcome, { do: "open" }>, cause: Cause): Promise<void> {
    const result = await store.openDecision({
      updateId: cause.updateId,
      decision: newDecision(asked, cause, nowMs()),
      nowMs: nowMs(),
    });
    relay.kick();
    switch (result.status) {
      case "opened":
        return replies.acknowledgeOrSayAlone(cause, text("vote.opened"));
      case "known":
        return replies.acknowledge(cause);
      case "same":
        return replies.refuse(cause, { code: "bad_args", text: text("problem.decision.same") });
      case "too_many":
        return replies.refuse(cause, {
          code: "queue_full",
          text: text("problem.decision.too-many", { open: result.open }),
        });
    }
  }

  async function close({ decisionId, choose, note }: Extract<Outcome, { do: "close" }>, cause: Cause): Promise<void> {
    const { id, name } = cause.member;
    const result = await store.closeDecision({
      updateId: cause.updateId,
      decisionId,
      by: { id, name },
      ...(choose === undefined ? {} : { choose }),
      ...(note === undefined ? {} : { note }),
      nowMs: nowMs(),
    });
    relay.kick();
    switch (result.status) {
      case "closed":
        return replies.acknowledgeOrSay(cause, text("vote.closed"));
      case "run_off":
        return replies.acknowledgeOrSay(cause, text("vote.run-off"));
      case "known":
        return replies.acknowledge(cause);
      case "over":
        return replies.refuse(cause, overProblem(result.decision));
      case "absent":
        return replies.refuse(cause, ABSENT);
    }
  }

  async function reopen(
    { decisionId, closedAfterMs }: Extract<Outcome, { do: "reopen" }>,
    cause: Cause,
  ): Promise<void> {
    const { id, name } = cause.member;
    const { updateId } = cause;
    const result = await store.reopenDecision({
      updateId,
      decisionId,
      by: { id, name },
      closedAfterMs,
      nowMs: nowMs(),
    });
    relay.kick();
    switch (result.status) {
      case "reopened":
        return replies.acknowledgeOrSay(cause, text("vote.reopened"));
      case "known":
        return replies.acknowledge(cause);
      case "late":
        return replies.refuse(cause, overProblem(result.decision));
      case "absent":
        return replies.refuse(cause, ABSENT);
    }
  }

  return { open, close, reopen };
}
