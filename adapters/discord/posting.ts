import type { MessageRef, ReplyTarget } from "../../src/domain/place.ts";
import { BoundedMap } from "../../src/lib/bounded-map.ts";
import { ChatError, type PostOptions } from "../../src/ports/chat.ts";
import type { ShownView } from "../../src/ports/view.ts";
import { type Answer, type Answering, EPHEMERAL } from "./answering.ts";
import type { Composed } from "./compose.ts";
import { chatErrorOf, isArchivedThread, isDeadReply, isRefused, isUnknownMessage } from "./errors.ts";
import type { Ask, Http } from "./http.ts";
import type { Rendered } from "./render.ts";
import { decodeReply, type Reply } from "./reply-token.ts";
import { channelOf, createSending, type Known, type SendingDeps } from "./sending.ts";
import type { UnwritableChannels } from "./unwritable-channels.ts";
import { messageSchema } from "./wire.ts";

export interface PostingDeps extends SendingDeps {
  readonly http: () => Http;
  readonly answering: Answering;
  readonly closed: UnwritableChannels;
}

export interface Posting {
  /** As `ChatAdapter.post`. */
  post(target: ReplyTarget, view: ShownView, options: PostOptions): Promise<MessageRef>;
  /** As `ChatAdapter.edit`. */
  edit(message: MessageRef, view: ShownView): Promise<void>;
}

/** Follow-ups of which nobody knows. */
const UNCERTAIN_MAX = 5000;

/**
 * Puts views into messages. A post repeated after a lost answer gives one message: a command's answer is the edit of its
 * one deferred reply, everything else is created with an enforced nonce. The same holds when the process dies in between:
 * the next one edits that reply by the stored token, or finds it in the channel by the interaction it answers; or it sends
 * the nonce again. Discord remembers nonces "for a few minutes": a created message whose process dies before it was noted
 * comes twice if nobody starts the next one within them.
 */
export function createPosting(deps: PostingDeps): Posting {
  const { answering, nowMs } = deps;
  const { send, note, known } = createSending(deps);
  /** Follow-ups that may have been stored although their answer was lost: they have no nonce, so they are not repeated. */
  const uncertain = new BoundedMap<true>(UNCERTAIN_MAX);

  const aliveReply = (target: ReplyTarget): Reply | undefined =>
    (target.replyTokenExpiresAtMs ?? 0) > nowMs() ? decodeReply(target.replyToken) : undefined;

  const replyRoute = ({ applicationId, token }: Reply, end: string) =>
    `/webhooks/${applicationId}/${token}${end}` as const;

  /** Repeats harmlessly: the original is one message. */
  async function editOriginal(target: ReplyTarget, reply: Reply, view: ShownView): Promise<MessageRef> {
    const sent = await send(
      target,
      view,
      ({ body, files }) => deps.http().reply("PATCH", replyRoute(reply, "/messages/@original"), { body, files }),
      // An earlier process may have made anything of it.
      {},
    );
    return note(target.place, sent, { reply, untilMs: target.replyTokenExpiresAtMs ?? 0 });
  }

  /** Has no nonce: for notes that may come twice, and for pictures where nothing else is allowed. */
  async function followUp(target: ReplyTarget, reply: Reply, view: ShownView, flags: number): Promise<MessageRef> {
    const sent = await send(target, view, ({ body, files }) =>
      deps.http().replyOnce("POST", replyRoute(reply, ""), {
        body: { ...asNew(body), ...(flags ? { flags: flags | (body.flags ?? 0) } : {}) },
        files,
        query: { wait: "true" },
      }),
    );
    return note(target.place, sent, { reply, untilMs: target.replyTokenExpiresAtMs ?? 0 });
  }

  async function create(target: ReplyTarget, view: ShownView, nonce: string): Promise<MessageRef> {
    const channel = channelOf(target);
    // What a press made hangs on the message that was pressed, as far as that is still there.
    const parentId = decodeReply(target.replyToken)?.messageId;
    const reference = parentId && { message_reference: { message_id: parentId, fail_if_not_exists: false } };
    const sent = await send(target, view, ({ body, files }) =>
      deps.http().bot("POST", `/channels/${channel}/messages`, {
        body: { ...asNew(body), ...reference, nonce, enforce_nonce: true },
        files,
      }),
    );
    deps.closed.opened(channel);
    return note(target.place, sent);
  }

  /** Where the bot may not write, the member's own interaction still can, as long as its token lives. */
  async function createOrFollowUp(target: ReplyTarget, view: ShownView, nonce: string): Promise<MessageRef> {
    const channel = channelOf(target);
    let closed = deps.closed.now(channel);
    if (!closed)
      try {
        return await create(target, view, nonce);
      } catch (thrown) {
        if (!isRefused(thrown)) throw thrown;
        closed = deps.closed.refused(channel);
      }
    const reply = aliveReply(target);
    if (!reply) throw closed;
    const key = `${reply.interactionId} ${nonce}`;
    if (uncertain.get(key)) throw new ChatError("discord", "gone", "the message may be there already");
    try {
      return await followUp(target, reply, view, 0);
    } catch (thrown) {
      const error = chatErrorOf(thrown);
      if (error instanceof ChatError && error.code === "offline") uncertain.set(key, true);
      throw thrown;
    }
  }

  /** While a post makes the original its own, no other may. What came to nothing leaves it for the next one. */
  async function asOriginal<T>(answer: Answer | undefined, post: string, work: () => Promise<T>): Promise<T> {
    if (!answer) return work();
    answer.originalOf = post;
    try {
      return await work();
    } catch (thrown) {
      delete answer.originalOf;
      throw thrown;
    }
  }

  async function postPublic(target: ReplyTarget, view: ShownView, nonce: string): Promise<MessageRef> {
    const reply = decodeReply(target.replyToken);
    if (!reply || (reply.origin !== "command" && reply.origin !== "form")) return createOrFollowUp(target, view, nonce);
    if (!aliveReply(target)) return (await editFound(target, reply, view)) ?? createOrFollowUp(target, view, nonce);
    const answer = answering.answerOf(reply.interactionId);
    // The outbox can be quicker than the acknowledgement. Its failure is for who asked for it; the post finds its own way.
    if (answer && !answer.done) await answering.acknowledge(target, "public").catch(() => undefined);
    await answer?.done?.catch(() => undefined);
    if (answer?.first === "private" || (answer?.originalOf ?? nonce) !== nonce)
      return createOrFollowUp(target, view, nonce);
    try {
      return await asOriginal(answer, nonce, () => editOriginal(target, reply, view));
    } catch (thrown) {
      if (!isDeadReply(thrown) && !isUnknownMessage(thrown)) throw thrown;
      return createOrFollowUp(target, view, nonce);
    }
  }

  /**
   * The token is over and nobody noted a message: an earlier process may have shown one and died. Discord's own history
   * tells, by the interaction that a message answers.
   */
  async function editFound(target: ReplyTarget, reply: Reply, view: ShownView): Promise<MessageRef | undefined> {
    const channel = channelOf(target);
    try {
      const listed = await deps.http().bot("GET", `/channels/${channel}/messages`, {
        query: { after: reply.interactionId, limit: "100" },
      });
      const found = messageSchema
        .array()
        .safeParse(listed)
        .data?.find((message) => message.interaction_metadata?.id === reply.interactionId);
      if (!found) return undefined;
      const ref = { place: target.place, messageId: found.id };
      await editByBot(ref, view, {});
      return ref;
    } catch (thrown) {
      // What passes is tried again. Else it cannot be read or edited any more, and the answer comes as a new message.
      const error = chatErrorOf(thrown);
      const passes = error instanceof ChatError && error.code !== "gone" && !isRefused(thrown);
      if (passes) throw thrown;
      return undefined;
    }
  }

  async function postPrivate(target: ReplyTarget, view: ShownView): Promise<MessageRef> {
    const reply = aliveReply(target);
    if (!reply) throw new ChatError("discord", "gone", "nothing private can be said to this member any more");
    const answer = answering.answerOf(reply.interactionId);
    if (answer && !answer.done) await answering.acknowledge(target, "private");
    await answer?.done?.catch(() => undefined);
    const inPlace = reply.origin === "press-private" && view.tiles !== undefined;
    if ((answer?.first === "private" || (answer?.first === "update" && inPlace)) && !answer.originalOf) {
      return asOriginal(answer, "private", () => editOriginal(target, reply, view));
    }
    if (answer?.first === "reply" && answer.originalOf === undefined) {
      // Deferred for all before it was known that the answer is private: nobody else need see a message that never comes.
      answer.originalOf = "private";
      await deps
        .http()
        .reply("DELETE", replyRoute(reply, "/messages/@original"))
        .catch(() => undefined);
    }
    return followUp(target, reply, view, EPHEMERAL);
  }

  async function editByBot(message: MessageRef, view: ShownView, before: Known): Promise<void> {
    const channel = channelOf(message);
    const closed = deps.closed.now(channel);
    if (closed) throw closed;
    const route = `/channels/${channel}/messages/${message.messageId}` as const;
    const attempt = () => send(message, view, (composed) => patch(deps.http().bot, route, composed), before);
    try {
      note(message.place, await unarchiving(channel, attempt));
    } catch (thrown) {
      if (isRefused(thrown)) throw deps.closed.refused(channel);
      throw thrown;
    }
    deps.closed.opened(channel);
  }

  /** A thread falls asleep while a long job runs; any member may wake it, and so may we. */
  async function unarchiving<T>(channel: string, attempt: () => Promise<T>): Promise<T> {
    try {
      return await attempt();
    } catch (thrown) {
      if (!isArchivedThread(thrown)) throw thrown;
      await deps.http().bot("PATCH", `/channels/${channel}`, { body: { archived: false } });
      return attempt();
    }
  }

  const patch = (ask: Ask, route: `/${string}`, { body, files }: Composed) => ask("PATCH", route, { body, files });

  return {
    async post(target, view, { nonce, visibility }) {
      return translated(() => (visibility === "private" ? postPrivate(target, view) : postPublic(target, view, nonce)));
    },

    async edit(message, view) {
      await translated(async () => {
        const before = known.get(message.messageId) ?? {};
        // Until the answer is there, nobody knows which pictures it shows.
        const { pictures: _unsure, ...sure } = before;
        known.set(message.messageId, sure);
        const reply = before.reply && before.reply.untilMs > nowMs() ? before.reply : undefined;
        if (reply) {
          try {
            const route = replyRoute(reply.reply, `/messages/${message.messageId}`);
            const request = (composed: Composed) => patch(deps.http().reply, route, composed);
            note(message.place, await send(message, view, request, before), reply);
            return;
          } catch (thrown) {
            if (!isDeadReply(thrown)) throw thrown;
          }
        }
        await editByBot(message, view, before);
      });
    },
  };
}

/** A new message has nothing that would have to go. */
function asNew({ content, embeds, ...body }: Rendered) {
  return { ...body, ...(content === null ? {} : { content }), ...(embeds === null ? {} : { embeds }) };
}

async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw chatErrorOf(thrown);
  }
}
