import type { Terms } from "../../domain/terms.ts";
import { text } from "../../domain/text.ts";
import { amount } from "../../domain/time-words.ts";
import type { MeetingAct, Outcome } from "../../ports/outcome.ts";
import type { Cause } from "../replies.ts";
import type { EffectDeps } from "./effects.ts";
import { startMeeting } from "./meeting-start.ts";

type Start = Extract<MeetingAct, { readonly does: "start" }>;
type Change = Extract<MeetingAct, { readonly does: "change" }>;

/** Meetings begin, go on and end. What the chat sees of it comes through the outbox. */
export function createMeetingEffects({ services, replies, relay }: Pick<EffectDeps, "services" | "replies" | "relay">) {
  const { store, nowMs, log } = services;

  async function start(asked: Start, terms: Terms, cause: Cause): Promise<void> {
    const result = await startMeeting(services, asked, terms, cause);
    relay.kick();
    switch (result.status) {
      case "started":
        log.info("meeting.started", { meeting: result.meeting.meetingId, items: result.meeting.items.length });
        return replies.acknowledgeOrSayAlone(cause, text("meeting.started"));
      case "known":
        return replies.acknowledge(cause);
      case "open":
        return replies.refuse(cause, {
          code: "not_allowed",
          text: text("problem.meeting.open", { title: result.meeting.title }),
        });
      case "short":
      case "day_full":
        return replies.refuse(cause, {
          code: "quota_used",
          text: text(`problem.meeting.budget.${result.status}`, { left: wholeSeconds(result.leftGpuMs) }),
        });
      case "code_taken":
        throw new Error("no code of a meeting is free");
    }
  }

  async function change({ meetingId, change: wanted, said, toAll }: Change, cause: Cause): Promise<void> {
    const result = await store.changeMeeting({
      updateId: cause.updateId,
      meetingId,
      change: wanted,
      nowMs: nowMs(),
    });
    relay.kick();
    switch (result.status) {
      case "changed":
        if (result.meeting.state === "ended") log.info("meeting.ended", { meeting: meetingId });
        if (said === undefined) return replies.acknowledge(cause);
        return toAll
          ? replies.say(cause, { text: said, tone: "quiet" }, "public")
          : replies.acknowledgeOrSay(cause, said);
      case "same":
        return replies.acknowledgeOrSay(cause, text("meeting.same"));
      case "refused":
        return replies.refuse(cause, result.problem);
      case "absent":
        return replies.refuse(cause, { code: "not_found", text: text("problem.meeting.over") });
    }
  }

  return {
    act(act: Extract<Outcome, { do: "meeting" }>, terms: Terms, cause: Cause): Promise<void> {
      switch (act.does) {
        case "start":
          return start(act, terms, cause);
        case "change":
          return change(act, cause);
      }
    },
  };
}

/** What can be given is given in seconds. */
const wholeSeconds = (gpuMs: number) => amount(Math.floor(Math.max(0, gpuMs) / 1000) * 1000);
