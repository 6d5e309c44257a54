import { givingAllowance } from "../../domain/pot.ts";
import type { Problem } from "../../domain/problem.ts";
import type { Terms } from "../../domain/terms.ts";
import { text } from "../../domain/text.ts";
import { amount } from "../../domain/time-words.ts";
import type { Outcome } from "../../ports/outcome.ts";
import type { Cause } from "../replies.ts";
import type { EffectDeps } from "./effects.ts";

/** What is given to be spent together. All may read who gave it: that is what a pot is for. */
export function createPotEffects({ services, replies }: Pick<EffectDeps, "services" | "replies">) {
  const { store, installation, nowMs, log } = services;

  async function give({ gpuMs }: Extract<Outcome, { do: "give" }>, terms: Terms, cause: Cause): Promise<void> {
    const result = await store.give({
      updateId: cause.updateId,
      settingsKey: terms.settingsKey,
      member: { memberId: cause.member.id, name: cause.member.name },
      gpuMs,
      allowance: givingAllowance(terms.allowance, installation.allowance),
      dayCapGpuMs: installation.allowance.capacityGpuMs,
      nowMs: nowMs(),
    });
    const no = (why: Problem["text"]) => replies.refuse(cause, { code: "quota_used", text: why });
    switch (result.status) {
      case "known":
        return replies.acknowledge(cause);
      case "short":
        return no(text("problem.pot.short", { left: wholeSeconds(result.leftGpuMs) }));
      case "day_full":
        return no(
          text("problem.pot.day", {
            left: wholeSeconds(result.leftGpuMs),
            most: amount(installation.allowance.capacityGpuMs),
          }),
        );
      case "given": {
        log.info("pot.given", { gpuMs });
        const told = text("pot.given", {
          name: cause.member.name,
          given: amount(gpuMs),
          pot: wholeSeconds(result.potGpuMs),
        });
        return replies.say(cause, { text: told, tone: "good" }, "public");
      }
    }
  }

  return { give };
}

/** What can be given is given in seconds. */
const wholeSeconds = (gpuMs: number) => amount(Math.floor(Math.max(0, gpuMs) / 1000) * 1000);
