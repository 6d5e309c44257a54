import { sentences, type Text, text } from "../../domain/text.ts";
import type { Outcome } from "../../ports/outcome.ts";
import { costText } from "../../views/cancelled.ts";
import type { Cause } from "../replies.ts";
import { takeOffReplies } from "../take-off.ts";
import type { EffectDeps } from "./effects.ts";

/** What happens to a job and its pictures once they are there. */
export function createPictureEffects({ services, replies, worker, relay }: EffectDeps) {
  const { store, nowMs, log } = services;

  async function cancel({ jobId, elsewhere }: Extract<Outcome, { do: "cancel" }>, cause: Cause): Promise<void> {
    if (!(await worker.cancel(jobId, cause.member.name)))
      return replies.refuse(cause, { code: "expired", text: text("problem.too-late-to-cancel") });
    const { outcome, deferral } = (await store.job(jobId)) ?? {};
    log.info("job.cancelled", { job: jobId, usedGpuMs: outcome?.usedGpuMs ?? 0 });
    relay.kick();
    const returned = text(deferral ? "note.cancelled.cost" : "note.cancelled");
    const told = outcome === undefined ? returned : sentences(text("note.cancelled.cost"), costText(outcome));
    await (elsewhere
      ? replies.say(cause, { text: told, tone: "quiet" }, "private")
      : replies.acknowledgeOrSay(cause, told));
  }

  async function remove(jobId: string, cause: Cause): Promise<void> {
    const changed = await store.markDeleted(jobId, cause.member.name, nowMs());
    await answerChange(changed, text("problem.deleted-already"), cause);
    await takeOffReplies(services, jobId);
  }

  async function restore(jobId: string, cause: Cause): Promise<void> {
    if (!(await store.restore(jobId)))
      return replies.refuse(cause, { code: "expired", text: text("problem.gone-for-good") });
    relay.kick();
    return replies.acknowledgeOrSay(cause, text("note.restored"));
  }

  async function pick({ jobId, index }: Extract<Outcome, { do: "pick" }>, cause: Cause): Promise<void> {
    const by = { memberId: cause.member.id, name: cause.member.name };
    const changed = await store.pick(jobId, index, by, nowMs());
    await answerChange(changed, text("problem.picked-already", { number: index + 1 }), cause);
  }

  async function answerChange(changed: boolean, otherwise: Text, cause: Cause): Promise<void> {
    if (!changed) return replies.refuse(cause, { code: "expired", text: otherwise });
    relay.kick();
    await replies.acknowledge(cause);
  }

  return { cancel, remove, restore, pick };
}
