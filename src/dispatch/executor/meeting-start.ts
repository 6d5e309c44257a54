import { meetingIdOf } from "../../domain/ids.ts";
import type { BudgetSource } from "../../domain/meeting.ts";
import { givingAllowance } from "../../domain/pot.ts";
import { newJoinCode, newWallKey } from "../../domain/short-code.ts";
import type { Terms } from "../../domain/terms.ts";
import type { StartMeetingResult } from "../../ports/meetings.ts";
import type { MeetingAct } from "../../ports/outcome.ts";
import type { Cause } from "../replies.ts";
import type { Services } from "../services.ts";

/** Of 47 million codes one is another open meeting's once in a lifetime; so often in a row it is a fault. */
const CODE_TRIES = 5;

type Start = Extract<MeetingAct, { readonly does: "start" }>;

/** A meeting as it was asked for, with what it is found by and what pays for it. */
export async function startMeeting(
  { store, nowMs, below, installation }: Pick<Services, "store" | "nowMs" | "below" | "installation">,
  { asked, budget }: Start,
  terms: Terms,
  { updateId, target, member }: Cause,
): Promise<StartMeetingResult> {
  const atMs = nowMs();

  /** Out of what is common, where that covers it. */
  async function sourceOf({ gpuMs, ofPot }: NonNullable<Start["budget"]>): Promise<BudgetSource> {
    const pot = ofPot ? await store.pot(terms.settingsKey, atMs) : undefined;
    if (pot && pot.balanceGpuMs >= gpuMs) return { by: "pot" };
    const allowance = givingAllowance(terms.allowance, installation.allowance);
    return { by: "member", memberId: member.id, allowance };
  }

  const funds = budget ? { budgetGpuMs: budget.gpuMs, budgetFrom: await sourceOf(budget) } : {};
  const begin = () =>
    store.startMeeting({
      updateId,
      meeting: {
        ...asked,
        ...funds,
        meetingId: meetingIdOf(updateId),
        place: target.place,
        startedBy: { id: member.id, name: member.name },
        startedAtMs: atMs,
        code: newJoinCode(below),
        wallKey: newWallKey(below),
      },
      dayCapGpuMs: installation.allowance.capacityGpuMs,
      nowMs: atMs,
    });
  let result = await begin();
  for (let tries = 1; result.status === "code_taken" && tries < CODE_TRIES; tries += 1) result = await begin();
  return result;
}
