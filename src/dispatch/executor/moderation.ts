import { type Text, text } from "../../domain/text.ts";
import type { Outcome } from "../../ports/outcome.ts";
import type { Cause } from "../replies.ts";
import { takeOffReplies } from "../take-off.ts";
import type { EffectDeps } from "./effects.ts";

/** What members and moderators do about pictures that should not be shown. Logged by number, never by what they show. */
export function createModerationEffects({ services, replies, relay }: EffectDeps) {
  const { store, nowMs, log } = services;

  async function noted(verb: string, jobId: string, { member, target }: Cause): Promise<number> {
    const [first] = await store.picturesOf(jobId);
    const number = first?.number ?? 0;
    log.info("moderation.step", { verb, number, by: member.id, platform: target.place.platform });
    return number;
  }

  async function hide({ jobId, needed }: Extract<Outcome, { do: "hide" }>, cause: Cause): Promise<void> {
    const by = { id: cause.member.id, name: cause.member.name };
    const hidden = await store.hide({ jobId, by, needed, nowMs: nowMs() });
    switch (hidden.is) {
      case "hidden": {
        const number = await noted("hide", jobId, cause);
        relay.kick();
        await said(text("note.hidden", { number }), cause);
        return takeOffReplies(services, jobId);
      }
      case "counted":
        await noted("hide", jobId, cause);
        return said(text("note.hide-counted", { presses: hidden.presses, needed }), cause);
      case "known":
        return said(text("note.hide-known"), cause);
      case "approved":
        return replies.refuse(cause, { code: "expired", text: text("problem.hide.approved") });
    }
  }

  async function rule({ jobId, state, reason }: Extract<Outcome, { do: "rule" }>, cause: Cause): Promise<void> {
    const by = { id: cause.member.id, name: cause.member.name };
    const ruled = await store.decideHeld({
      jobId,
      state,
      by,
      ...(reason === undefined ? {} : { reason }),
      nowMs: nowMs(),
    });
    if (!ruled) return replies.refuse(cause, { code: "expired", text: text("problem.held.decided") });
    const number = await noted(state, jobId, cause);
    relay.kick();
    await said(text(`note.ruled.${state}`, { number }), cause);
  }

  /** Nobody but who pressed is told. */
  const said = (told: Text, cause: Cause): Promise<void> =>
    replies.say(cause, { text: told, tone: "quiet" }, "private");

  return { hide, rule };
}
