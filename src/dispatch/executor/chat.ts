import { chatKeyOf, settingsKeyOf } from "../../domain/place.ts";
import type { SeedScope } from "../../domain/seed.ts";
import { text } from "../../domain/text.ts";
import type { Outcome } from "../../ports/outcome.ts";
import { lockedButtons } from "../../views/buttons.ts";
import type { Cause } from "../replies.ts";
import type { EffectDeps } from "./effects.ts";

/** What holds in a chat from now on: seeds, approval, settings. */
export function createChatEffects({ services, replies }: Pick<EffectDeps, "services" | "replies">) {
  const { memory, store, nowMs, log } = services;

  function lockChanged(scope: SeedScope, accountIds: readonly string[], { target: { place } }: Cause): void {
    const adapter = services.adapters.get(place.platform);
    for (const memberId of scope === "me" ? accountIds : [undefined]) adapter?.lockChanged?.(place, memberId);
  }

  async function lock({ picture, scope }: Extract<Outcome, { do: "lock" }>, cause: Cause): Promise<void> {
    const { imageId, number, recipe } = picture;
    const { seed, noiseDtype } = recipe.request;
    const accountIds = await store.accountsOf(cause.member.id);
    // The newest counts, by whichever account it was locked.
    if (scope === "me")
      for (const other of accountIds.slice(1)) await memory.unlockSeed(chatKeyOf(cause.target.place), other, scope);
    await memory.lockSeed(chatKeyOf(cause.target.place), {
      seed,
      ...(noiseDtype === undefined ? {} : { noiseDtype }),
      scope,
      byMemberId: cause.member.id,
      byName: cause.member.name,
      atMs: nowMs(),
      picture: { imageId, number },
    });
    lockChanged(scope, accountIds, cause);
    const told =
      scope === "me"
        ? text("note.locked.me", { seed })
        : text("note.locked.everyone", { name: cause.member.name, seed });
    await replies.say(
      cause,
      { text: told, tone: "good", buttons: lockedButtons(services.token, scope) },
      scope === "me" ? "private" : "public",
    );
  }

  async function unlock({ scope }: Extract<Outcome, { do: "unlock" }>, cause: Cause): Promise<void> {
    const accountIds = await store.accountsOf(cause.member.id);
    let was = false;
    for (const memberId of scope === "me" ? accountIds : [cause.member.id])
      was = (await memory.unlockSeed(chatKeyOf(cause.target.place), memberId, scope)) || was;
    if (was) lockChanged(scope, accountIds, cause);
    const told = text(was ? `note.unlocked.${scope}` : `note.not-locked.${scope}`);
    await replies.say(cause, { text: told, tone: "quiet" }, scope === "everyone" && was ? "public" : "private");
  }

  async function approve({ allowed }: Extract<Outcome, { do: "approve" }>, cause: Cause): Promise<void> {
    const { place } = cause.target;
    const key = settingsKeyOf(place);
    const where = place.communityId === undefined ? "chat" : "community";
    const { id: byMemberId, name: byName } = cause.member;
    if (allowed) await memory.approve(key, { byMemberId, byName, atMs: nowMs() });
    else await memory.disapprove(key);
    log.info("chat.approval", { platform: place.platform, allowed });
    const told = text(allowed ? `note.approved.${where}` : `note.disapproved.${where}`, { name: byName });
    await replies.say(cause, { text: told, tone: allowed ? "good" : "quiet" }, "public");
  }

  async function speak({ language, said }: Extract<Outcome, { do: "speak" }>, cause: Cause): Promise<void> {
    const { place } = cause.target;
    await services.readerLanguage.choose(place, cause.member, language);
    const key = settingsKeyOf(place);
    const { language: ofChat, ...others } = await memory.settings(key);
    // In a direct chat there is nobody else to read: an older choice of the settings does not stand against this one.
    if (!place.group && ofChat !== undefined) await memory.configure(key, others, nowMs());
    await replies.say(cause, { text: said, tone: "good" }, "private");
  }

  async function configure(
    { settings, said, buttons }: Extract<Outcome, { do: "configure" }>,
    cause: Cause,
  ): Promise<void> {
    await memory.configure(settingsKeyOf(cause.target.place), settings, nowMs());
    await replies.say(cause, { text: said, tone: "good", ...(buttons === undefined ? {} : { buttons }) }, "public");
  }

  async function brand({ brand: chosen, logo, view }: Extract<Outcome, { do: "brand" }>, cause: Cause): Promise<void> {
    const settingsKey = settingsKeyOf(cause.target.place);
    if (logo) {
      await memory.noteLogo({ settingsKey, logoId: logo.logoId, sinceMs: nowMs() });
      await services.files.saveLogo(logo.logoId, logo.png);
    }
    await memory.setBrand(settingsKey, chosen);
    await replies.say(cause, view, "public");
  }

  return { lock, unlock, approve, speak, configure, brand };
}
