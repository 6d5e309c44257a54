import type { Problem } from "../../domain/problem.ts";
import { text } from "../../domain/text.ts";
import type { Cause } from "../replies.ts";
import type { EffectDeps } from "./effects.ts";

const FORGOTTEN: Problem = { code: "cancelled", text: text("problem.forgotten") };

/** Somebody wants nothing of theirs kept. */
export function createForgettingEffect({
  services,
  replies,
  worker,
  relay,
  forgetting,
}: Pick<EffectDeps, "services" | "replies" | "worker" | "relay" | "forgetting">) {
  const { store, nowMs, log } = services;
  return async (cause: Cause): Promise<void> => {
    const { id: memberId, name } = cause.member;
    const { runningJobIds } = await store.beginForgetting({ memberId, name, problem: FORGOTTEN, nowMs: nowMs() });
    log.info("member.forgetting", { platform: cause.target.place.platform });
    try {
      await Promise.all(runningJobIds.map((jobId) => worker.cancel(jobId, name)));
      relay.kick();
      // Before it is done: afterwards there is nobody to be told.
      await replies.say(cause, { text: text("forget.begun"), tone: "good" }, "private");
    } finally {
      forgetting.kick();
    }
  };
}
