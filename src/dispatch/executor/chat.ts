import { chatKeyOf, settingsKeyOf } from "../../domain/place.ts";
import type { Outcome } from "../../ports/command.ts";
import { lockedButtons } from "../../views/buttons.ts";
import type { Cause } from "../replies.ts";
import type { EffectDeps } from "./effects.ts";

/** What holds in a chat from now on: seeds, approval, settings. */
export function createChatEffects({ services, replies }: Pick<EffectDeps, "services" | "replies">) {
  const { memory, nowMs, log } = services;

  async function lock({ seed, scope }: Extract<Outcome, { do: "lock" }>, cause: Cause): Promise<void> {
    await memory.lockSeed(chatKeyOf(cause.target.place), {
      seed,
      scope,
      byMemberId: cause.member.id,
      byName: cause.member.name,
      atMs: nowMs(),
    });
    const text =
      scope === "me"
        ? `Seed ${seed} is locked for you in this chat: your next pictures here use it until you unlock it. Change the words, keep the composition.`
        : `${cause.member.name} locked seed ${seed} for everyone in this chat. A seed you type or lock yourself goes before it.`;
    await replies.say(
      cause,
      { text, tone: "good", buttons: lockedButtons(services.token, scope) },
      scope === "me" ? "private" : "public",
    );
  }

  async function unlock({ scope }: Extract<Outcome, { do: "unlock" }>, cause: Cause): Promise<void> {
    const was = await memory.unlockSeed(chatKeyOf(cause.target.place), cause.member.id, scope);
    const whom = scope === "me" ? "you" : "everyone";
    const text = was
      ? `The seed is unlocked for ${whom} in this chat: each picture draws a new one.`
      : `No seed was locked for ${whom} in this chat.`;
    await replies.say(cause, { text, tone: "quiet" }, scope === "everyone" && was ? "public" : "private");
  }

  async function approve({ allowed }: Extract<Outcome, { do: "approve" }>, cause: Cause): Promise<void> {
    const { place } = cause.target;
    const key = settingsKeyOf(place);
    const where = place.communityId === undefined ? "this chat" : "this community";
    const { id: byMemberId, name: byName } = cause.member;
    if (allowed) await memory.approve(key, { byMemberId, byName, atMs: nowMs() });
    else await memory.disapprove(key);
    log.info("chat.approval", { platform: place.platform, allowed });
    const text = allowed
      ? `${byName} let Placard into ${where}. /help tells what you can ask for.`
      : `${byName} took back that Placard may work in ${where}. /approve lets it in again.`;
    await replies.say(cause, { text, tone: allowed ? "good" : "quiet" }, "public");
  }

  async function configure(
    { settings, said, buttons }: Extract<Outcome, { do: "configure" }>,
    cause: Cause,
  ): Promise<void> {
    await memory.configure(settingsKeyOf(cause.target.place), settings, nowMs());
    await replies.say(cause, { text: said, tone: "good", ...(buttons === undefined ? {} : { buttons }) }, "public");
  }

  return { lock, unlock, approve, configure };
}
