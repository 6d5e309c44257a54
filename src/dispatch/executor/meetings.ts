import { meetingIdOf } from "../../domain/ids.ts";
import type { BudgetSource } from "../../domain/meeting.ts";
import type { Place } from "../../domain/place.ts";
import { givingAllowance } from "../../domain/pot.ts";
import { newJoinCode, newWallKey } from "../../domain/short-code.ts";
import type { Terms } from "../../domain/terms.ts";
import { type Text, text } from "../../domain/text.ts";
import { amount } from "../../domain/time-words.ts";
import type { StartMeetingResult } from "../../ports/meetings.ts";
import type { MeetingAct, Outcome } from "../../ports/outcome.ts";
import type { Cause } from "../replies.ts";
import type { EffectDeps } from "./effects.ts";

/** Of 47 million codes one is another open meeting's once in a lifetime; so often in a row it is a fault. */
const CODE_TRIES = 5;

type Start = Extract<MeetingAct, { readonly does: "start" }>;
type Change = Extract<MeetingAct, { readonly does: "change" }>;

/** Meetings begin, go on and end. What the chat sees of it comes through the outbox. */
export function createMeetingEffects({ services, replies, relay }: Pick<EffectDeps, "services" | "replies" | "relay">) {
  const { store, nowMs, below, installation, adapters, log } = services;
  const isPrivateAt = ({ platform }: Place): boolean => adapters.get(platform)?.capabilities.privateOnly === true;
  /** Where words for one are read by all, the meeting's own message says it. */
  const told = (cause: Cause, said: Text | undefined): Promise<void> =>
    said !== undefined && isPrivateAt(cause.target.place)
      ? replies.acknowledgeOrSay(cause, said)
      : replies.acknowledge(cause);

  /** Out of what is common, where that covers it. */
  async function sourceOf({ gpuMs, ofPot }: NonNullable<Start["budget"]>, terms: Terms): Promise<BudgetSource> {
    const pot = ofPot ? await store.pot(terms.settingsKey, nowMs()) : undefined;
    if (pot && pot.balanceGpuMs >= gpuMs) return { by: "pot" };
    const allowance = givingAllowance(terms.allowance, installation.allowance);
    return { by: "member", memberId: terms.member.id, allowance };
  }

  async function start({ asked, budget }: Start, terms: Terms, cause: Cause): Promise<void> {
    const { updateId, target, member } = cause;
    const startedBy = { id: member.id, name: member.name };
    const atMs = nowMs();
    const funds = budget ? { budgetGpuMs: budget.gpuMs, budgetFrom: await sourceOf(budget, terms) } : {};
    const begin = () =>
      store.startMeeting({
        updateId,
        meeting: {
          ...asked,
          ...funds,
          meetingId: meetingIdOf(updateId),
          place: target.place,
          startedBy,
          startedAtMs: atMs,
          code: newJoinCode(below),
          wallKey: newWallKey(below),
        },
        dayCapGpuMs: installation.allowance.capacityGpuMs,
        nowMs: atMs,
      });
    let result: StartMeetingResult = await begin();
    for (let tries = 1; result.status === "code_taken" && tries < CODE_TRIES; tries += 1) result = await begin();
    relay.kick();
    switch (result.status) {
      case "started":
        log.info("meeting.started", { meeting: result.meeting.meetingId, items: result.meeting.items.length });
        return told(cause, text("meeting.started"));
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
        throw new Error(`no free code for a meeting after ${CODE_TRIES} tries`);
    }
  }

  async function change({ meetingId, change: wanted, said }: Change, cause: Cause): Promise<void> {
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
        return said === undefined ? replies.acknowledge(cause) : replies.acknowledgeOrSay(cause, said);
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
