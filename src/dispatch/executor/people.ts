import { blockEndText, blockedProblem, EVERYWHERE } from "../../domain/block.ts";
import { settingsKeyOf } from "../../domain/place.ts";
import { cancelledBy } from "../../jobs/job-problems.ts";
import type { Outcome } from "../../ports/command.ts";
import type { Cause } from "../replies.ts";
import type { EffectDeps } from "./effects.ts";

/** Who is shut out, and who comes back. Answered in private: nobody is shown up in front of all. */
export function createPeopleEffects({ services, replies, worker, relay }: EffectDeps) {
  const { store, nowMs, log } = services;
  const doorsOf = (memberId: string) => services.adapters.get(memberId.slice(0, memberId.indexOf(":")))?.doors;

  async function block(
    { member, everywhere, untilMs }: Extract<Outcome, { do: "block" }>,
    cause: Cause,
  ): Promise<void> {
    const scope = everywhere ? EVERYWHERE : settingsKeyOf(cause.target.place);
    const by = { id: cause.member.id, name: cause.member.name };
    const entry = { scope, member, by, sinceMs: nowMs(), ...(untilMs === undefined ? {} : { untilMs }) };
    const done = await store.block(entry, cancelledBy(by.name, 0));
    const stopped = await Promise.all(done.runningJobIds.map((jobId) => worker.cancel(jobId, by.name)));
    const orders = done.cancelled + stopped.filter((ended) => ended).length;
    log.info("member.blocked", { platform: cause.target.place.platform, everywhere, orders });
    relay.kick();
    const { place } = cause.target;
    const farewell = blockedProblem(entry, nowMs()).text;
    await doorsOf(member.id)?.shutOut(member.id, everywhere ? undefined : place, farewell);
    const where = everywhere ? "in all chats" : "here";
    const text = `${member.name} is blocked ${where} ${blockEndText(entry, nowMs())}: nothing they ask for is done, and their votes do not count.${ordersText(orders)} /unblock lets them back in.`;
    await replies.say(cause, { text, tone: "good" }, "private");
  }

  async function unblock({ block: entry }: Extract<Outcome, { do: "unblock" }>, cause: Cause): Promise<void> {
    const was = await store.unblock(entry.number);
    const { id } = entry.member;
    await doorsOf(id)?.letIn(id, entry.scope === EVERYWHERE ? undefined : cause.target.place);
    log.info("member.unblocked", { platform: cause.target.place.platform });
    const text = was ? `${entry.member.name} is not blocked any more.` : `${entry.member.name} was not blocked.`;
    await replies.say(cause, { text, tone: "quiet" }, "private");
  }

  async function letIn({ member }: Extract<Outcome, { do: "let_in" }>, cause: Cause): Promise<void> {
    const came = await doorsOf(member.id)?.letIn(member.id, cause.target.place);
    const text = came ? `${member.name} is let in.` : `${member.name} does not wait any more.`;
    await replies.say(cause, { text, tone: came ? "good" : "quiet" }, "private");
  }

  async function handOver({ member }: Extract<Outcome, { do: "hand_over" }>, cause: Cause): Promise<void> {
    const { place } = cause.target;
    const doors = services.adapters.get(place.platform)?.doors;
    const no = (text: string) => replies.refuse(cause, { code: "not_allowed", text });
    if (!doors) return no("Here the platform says who runs the chat: change it in the chat's own settings.");
    if (!(await doors.handOver(member.id, place)))
      return no(`${member.name} is not in this group. Ask them to join it first.`);
    log.info("group.handed_over", { platform: place.platform });
    const text = `${cause.member.name} handed this group over: ${member.name} runs it now.`;
    await replies.say(cause, { text, tone: "good" }, "public");
  }

  return { block, unblock, letIn, handOver };
}

function ordersText(count: number): string {
  if (count === 0) return "";
  return count === 1
    ? " The picture they had ordered was cancelled."
    : ` The ${count} pictures they had ordered were cancelled.`;
}
