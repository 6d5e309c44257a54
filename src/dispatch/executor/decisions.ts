import type { Place } from "../../domain/place.ts";
import { text } from "../../domain/text.ts";
import type { Outcome } from "../../ports/outcome.ts";
import type { Cause } from "../replies.ts";
import type { EffectDeps } from "./effects.ts";
import { ABSENT, newDecision, overProblem } from "./new-decision.ts";

/** What is put to the vote, and ended by who runs it. */
export function createDecisions({ services, replies, relay }: Pick<EffectDeps, "services" | "replies" | "relay">) {
  const { store, nowMs, adapters } = services;
  const isPrivateAt = ({ platform }: Place): boolean => adapters.get(platform)?.capabilities.privateOnly === true;

  async function open({ asked }: Extract<Outcome, { do: "open" }>, cause: Cause): Promise<void> {
    const result = await store.openDecision({
      updateId: cause.updateId,
      decision: newDecision(asked, cause, nowMs()),
      nowMs: nowMs(),
    });
    relay.kick();
    switch (result.status) {
      case "opened":
        // Where words for one are read by all, its own message says it.
        return isPrivateAt(cause.target.place)
          ? replies.acknowledgeOrSay(cause, text("vote.opened"))
          : replies.acknowledge(cause);
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

  return { open, close };
}
