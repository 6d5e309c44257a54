import type { ReplyTarget } from "../../src/domain/place.ts";
import { aborted, limitOf } from "../../src/lib/abort.ts";
import { BoundedMap } from "../../src/lib/bounded-map.ts";
import type { Clock } from "../../src/lib/clock.ts";
import { ChatError } from "../../src/ports/chat.ts";
import type { ShownForm } from "../../src/ports/view.ts";
import { chatErrorOf, isAcknowledgedAlready } from "./errors.ts";
import { modalOf } from "./forms.ts";
import type { Http } from "./http.ts";
import type { InteractionFacts } from "./invocation.ts";
import { TIME } from "./limits.ts";
import { decodeReply, madeAtMs, type Origin } from "./reply-token.ts";

/**
 * How an interaction was answered first. "reply": a deferred message for all; "private": one for its member; "update":
 * acknowledged, nothing shown; "form": a form; "lost": tried, and Discord did not take it.
 */
type FirstAnswer = "reply" | "private" | "update" | "form" | "lost";

/** One interaction of this process's life. */
export interface Answer {
  readonly receivedAtMs: number;
  first?: FirstAnswer;
  /** Settles with the first answer's request. */
  done?: Promise<void>;
  /** The post whose message the original is: no other may overwrite it. */
  originalOf?: string;
}

const ANSWERS_MAX = 10_000;
// Discord's numbers of callbacks.
const DEFER_REPLY = 5;
const DEFER_UPDATE = 6;
const SUGGESTIONS = 8;
const SHOW_MODAL = 9;
export const EPHEMERAL = 1 << 6;

export interface Answering {
  received(facts: InteractionFacts): void;
  /** What this process knows of an interaction; `undefined` after a restart. */
  answerOf(interactionId: string): Answer | undefined;
  /** @throws ChatError */
  acknowledge(target: ReplyTarget, visibility: "public" | "private"): Promise<void>;
  /** false: it was answered already, and Discord takes a form as the first answer only. @throws ChatError */
  openForm(target: ReplyTarget, form: ShownForm): Promise<boolean>;
  /** @throws ChatError */
  suggest(facts: InteractionFacts, choices: readonly unknown[]): Promise<void>;
}

/** The first answer to each interaction, which has three seconds and comes once. */
export function createAnswering(http: () => Http, clock: Clock): Answering {
  const { nowMs } = clock;
  // Once its token is over nothing can be answered any more: what became of it, errors included, would only fill memory.
  const answers = new BoundedMap<Answer>(ANSWERS_MAX, ({ receivedAtMs }) => nowMs() - receivedAtMs > TIME.replyTokenMs);

  async function callback(interactionId: string, token: string, untilMs: number, body: object): Promise<void> {
    for (;;) {
      const leftMs = untilMs - nowMs();
      if (leftMs <= 0) throw new ChatError("discord", "gone", "Discord has given the event up");
      const { signal, end } = limitOf(clock, leftMs);
      try {
        await http().replyOnce("POST", `/interactions/${interactionId}/${token}/callback`, { body, signal });
        return;
      } catch (thrown) {
        if (isAcknowledgedAlready(thrown)) return;
        const error = chatErrorOf(thrown);
        const mayHelp = error instanceof ChatError && error.code === "offline";
        if (!mayHelp || nowMs() + REPEAT_MS >= untilMs) throw error;
        await aborted(clock.deadline(REPEAT_MS));
      } finally {
        end();
      }
    }
  }

  function answer(interactionId: string, token: string, how: FirstAnswer, body: object): Promise<void> {
    // Unknown after a restart: what is left of its three seconds counts from its id.
    const known = answers.get(interactionId) ?? { receivedAtMs: madeAtMs(interactionId) };
    answers.set(interactionId, known);
    if (known.done) return known.done;
    known.first = how;
    known.done = callback(interactionId, token, known.receivedAtMs + TIME.acknowledgeGiveUpMs, body).catch(
      (error: unknown) => {
        known.first = "lost";
        throw error;
      },
    );
    return known.done;
  }

  return {
    received({ interactionId }) {
      // A second delivery of one interaction must not forget what the first one did.
      if (!answers.get(interactionId)) answers.set(interactionId, { receivedAtMs: nowMs() });
    },
    answerOf: (interactionId) => answers.get(interactionId),
    async acknowledge(target, visibility) {
      const reply = decodeReply(target.replyToken);
      if (!reply) return;
      const { how, body } = firstAnswer(reply.origin, visibility);
      await answer(reply.interactionId, reply.token, how, body);
    },
    async openForm(target, form) {
      const reply = decodeReply(target.replyToken);
      if (!reply) throw new ChatError("discord", "gone", "there is nothing to answer with a form");
      const known = answers.get(reply.interactionId);
      // No modal as the answer to a modal.
      if (known?.done || reply.origin === "form") return false;
      await answer(reply.interactionId, reply.token, "form", { type: SHOW_MODAL, data: modalOf(form) });
      return true;
    },
    async suggest({ interactionId, token }, choices) {
      await answer(interactionId, token, "reply", { type: SUGGESTIONS, data: { choices } });
    },
  };
}

const REPEAT_MS = 150;

/** A private answer to a press under a private message may change that message: it is acknowledged without a new one. */
function firstAnswer(origin: Origin, visibility: "public" | "private") {
  const deferred = { how: "reply" as const, body: { type: DEFER_REPLY } };
  const hidden = { how: "private" as const, body: { type: DEFER_REPLY, data: { flags: EPHEMERAL } } };
  const noticed = { how: "update" as const, body: { type: DEFER_UPDATE } };
  switch (origin) {
    case "command":
    case "form":
      return visibility === "public" ? deferred : hidden;
    case "press":
      return visibility === "public" ? noticed : hidden;
    case "press-private":
      return noticed;
  }
}
