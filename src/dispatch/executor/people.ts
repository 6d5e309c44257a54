import { blockEnd, blockedProblem, EVERYWHERE } from "../../domain/block.ts";
import { platformOf, settingsKeyOf } from "../../domain/place.ts";
import { sentences, type Text, text } from "../../domain/text.ts";
import { cancelledBy } from "../../jobs/job-problems.ts";
import type { Outcome } from "../../ports/outcome.ts";
import type { Cause } from "../replies.ts";
import type { EffectDeps } from "./effects.ts";

const isOf = (platform: string, memberId: string): boolean => memberId.startsWith(`${platform}:`);

/** Who is shut out, and who comes back. Answered in private: nobody is shown up in front of all. */
export function createPeopleEffects({ services, replies, worker, relay }: EffectDeps) {
  const { store, nowMs, log } = services;
  const doorsOf = (memberId: string) => services.adapters.get(platformOf(memberId))?.doors;

  async function block(
    { member, everywhere, untilMs, reason }: Extract<Outcome, { do: "block" }>,
    cause: Cause,
  ): Promise<void> {
    const scope = everywhere ? EVERYWHERE : settingsKeyOf(cause.target.place);
    const by = { id: cause.member.id, name: cause.member.name };
    const entry = {
      ...{ scope, member, by, sinceMs: nowMs() },
      ...(untilMs === undefined ? {} : { untilMs }),
      ...(reason === undefined ? {} : { reason }),
    };
    const done = await store.block(entry, cancelledBy(by.name, 0));
    const stopped = await Promise.all(done.runningJobIds.map((jobId) => worker.cancel(jobId, by.name)));
    const orders = done.cancelled + stopped.filter((ended) => ended).length;
    log.info("member.blocked", { platform: cause.target.place.platform, everywhere, orders });
    relay.kick();
    const { place } = cause.target;
    const farewell = blockedProblem(entry, nowMs()).text;
    for (const id of done.accountIds)
      if (everywhere || isOf(place.platform, id))
        await doorsOf(id)?.shutOut(id, everywhere ? undefined : place, farewell);
    const told = sentences(
      text(everywhere ? "note.blocked.everywhere" : "note.blocked.here", {
        name: member.name,
        end: blockEnd(entry, nowMs()),
      }),
      orders === 0 ? undefined : text("note.blocked.orders", { orders }),
      text("note.blocked.back"),
    );
    await replies.say(cause, { text: told, tone: "good" }, "private");
  }

  async function unblock({ block: entry }: Extract<Outcome, { do: "unblock" }>, cause: Cause): Promise<void> {
    const was = await store.unblock(entry.number);
    const { place } = cause.target;
    const everywhere = entry.scope === EVERYWHERE;
    for (const id of await store.accountsOf(entry.member.id))
      if (everywhere || isOf(place.platform, id)) await doorsOf(id)?.letIn(id, everywhere ? undefined : place);
    log.info("member.unblocked", { platform: cause.target.place.platform });
    const told = text(was ? "note.unblocked" : "note.not-blocked", { name: entry.member.name });
    await replies.say(cause, { text: told, tone: "quiet" }, "private");
  }

  async function letIn({ member }: Extract<Outcome, { do: "let_in" }>, cause: Cause): Promise<void> {
    const came = await doorsOf(member.id)?.letIn(member.id, cause.target.place);
    const told = text(came ? "note.let-in" : "note.waits-no-more", { name: member.name });
    await replies.say(cause, { text: told, tone: came ? "good" : "quiet" }, "private");
  }

  async function handOver({ member }: Extract<Outcome, { do: "hand_over" }>, cause: Cause): Promise<void> {
    const { place } = cause.target;
    const doors = services.adapters.get(place.platform)?.doors;
    const no = (why: Text) => replies.refuse(cause, { code: "not_allowed", text: why });
    if (!doors) return no(text("problem.handover.platform"));
    if (!(await doors.handOver(member.id, place))) return no(text("problem.handover.absent", { name: member.name }));
    log.info("group.handed_over", { platform: place.platform });
    const told = text("note.handed-over", { from: cause.member.name, to: member.name });
    await replies.say(cause, { text: told, tone: "good" }, "public");
  }

  return { block, unblock, letIn, handOver };
}
