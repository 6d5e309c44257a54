import type { Place } from "../../src/domain/place.ts";
import { type Text, text } from "../../src/domain/text.ts";
import { render } from "../../src/messages/render.ts";
import type { CommandSpec } from "../../src/ports/option.ts";
import type { CallbackAnswers } from "./callback-answers.ts";
import type { Choices } from "./choices.ts";
import { asWho, type EventSource, type From, NOT_INSIDE, NOT_SERVED, placeOf } from "./event-source.ts";
import type { Forms } from "./forms.ts";
import { destinationIn } from "./framing.ts";
import { decodeOwn, type OwnPress, tokenIn } from "./keyboard.ts";
import type { Members } from "./members.ts";
import type { Notes } from "./notes.ts";
import type { Paging } from "./paging.ts";
import type { Polls } from "./polls.ts";
import { commandQuestion, missingWords, type Questions } from "./questions.ts";
import { memberIdOf } from "./reply.ts";
import type { ReplyOffers } from "./reply-offers.ts";
import type { Seen } from "./updates.ts";

type Press = Extract<Seen, { kind: "press" }>;
type Thumb = Extract<Seen, { kind: "thumb" }>;
type Vote = Extract<Seen, { kind: "vote" }>;

/** From a pressed button, a vote in a poll, or a 👍, to the core's event; presses of our own lists and forms end in here. */
export interface CallbackQueries {
  press(seen: Press, updateId: string): Promise<void>;
  thumb(seen: Thumb, updateId: string): Promise<void>;
  /** In one of our polls. */
  vote(seen: Vote, updateId: string): Promise<void>;
}

export function createCallbackQueries(deps: {
  readonly specs: readonly CommandSpec[];
  readonly eventSource: EventSource;
  readonly members: Members;
  readonly notes: Notes;
  readonly answers: CallbackAnswers;
  readonly questions: Questions;
  readonly forms: Forms;
  readonly choices: Choices;
  readonly paging: Paging;
  readonly offers: ReplyOffers;
  readonly polls: Polls;
}): CallbackQueries {
  const { eventSource, notes, answers, questions, forms, specs } = deps;

  async function openList(
    seen: Press,
    list: { readonly token: string; readonly key: string },
    place: Place | undefined,
  ) {
    const to = { ...destinationIn(placeOf(seen.where)), replyTo: seen.messageId };
    const opened = await deps.choices.open(to, list, place);
    if (opened) await answers.give(seen.callbackId, {});
    else await refuse(seen, placeOf(seen.where), text("telegram.answer.list-gone"));
  }

  /** In the notice of their press. */
  async function refuse({ callbackId, who }: Press, place: Place, why: Text): Promise<void> {
    await answers.give(callbackId, { text: render(why, await eventSource.language(place, who)), alert: true });
  }

  async function ownPress(own: OwnPress, seen: Press, from: From): Promise<void> {
    switch (own.kind) {
      case "run": {
        const [, commandName = "", words = ""] = /^\/([a-z0-9_]+)\s*(.*)$/s.exec(own.line) ?? [];
        return eventSource.invoke({ commandName, text: words, files: [] }, from);
      }
      case "ask": {
        await answers.give(seen.callbackId, {});
        const spec = specs.find(({ name }) => name === own.commandName);
        const missing = spec && missingWords(spec, "");
        if (!spec || !missing) return eventSource.invoke({ commandName: own.commandName, text: "", files: [] }, from);
        const language = await eventSource.language(from.place, seen.who);
        return questions.ask(destinationIn(placeOf(seen.where)), asWho(seen.who), {
          text: commandQuestion(spec, missing, language),
          placeholder: render(missing.summary, language),
          place: from.place,
          about: { kind: "command", commandName: spec.name, text: "", files: [] },
        });
      }
      case "form":
        return formPress(own.formId, own.step, seen, from);
      case "words":
        return offerPress(own.offerId, seen, from);
    }
  }

  async function offerPress(offerId: string, seen: Press, from: From): Promise<void> {
    const offer = await deps.offers.open(offerId);
    if (!offer) return refuse(seen, from.place, text("telegram.answer.offer-gone"));
    // Whoever presses pays: it must be whoever wrote the words.
    if (offer.memberId !== memberIdOf(seen.who.id))
      return refuse(seen, from.place, text("telegram.answer.offer-others", { name: offer.memberName }));
    const { m: _question, ...came } = from.came;
    const { words, about } = offer;
    await eventSource.invoke({ commandName: "edit", text: words, files: [], about }, { ...from, came });
    await deps.offers.close(offerId);
  }

  async function formPress(formId: string, step: string, seen: Press, from: From): Promise<void> {
    const led = await forms.press(formId, step, { memberId: memberIdOf(seen.who.id) });
    switch (led.done) {
      case "refused":
        return refuse(seen, from.place, led.why);
      case "shown":
        return void (await answers.give(seen.callbackId, {}));
      case "sent": {
        // The form's own message is about to go, so nothing can reply to it.
        const { m: _form, ...came } = from.came;
        await eventSource.press(led.token, led.values, { ...from, place: led.place, came });
        await forms.close(formId);
      }
    }
  }

  return {
    async press(seen, updateId) {
      const { where, who, messageId, callbackId } = seen;
      if (!eventSource.isServed(where)) return refuse(seen, placeOf(where), NOT_SERVED);
      const note = await notes.of(where.chatId, messageId);
      // A private answer about a group is pressed in the private chat and counts in the group.
      const place = note.place ?? placeOf(where);
      const elsewhere = place.group && where.type === "private";
      if (elsewhere && !(await deps.members.includes(place.chatId, who.id)))
        return refuse(seen, placeOf(where), NOT_INSIDE);
      const came = { m: note.opensFor ?? messageId, c: callbackId, ...(elsewhere ? { d: "p" as const } : {}) };
      const from = { place, who, came, updateId };
      deps.paging.pressed(where.chatId, messageId, memberIdOf(who.id));
      const own = decodeOwn(seen.data);
      if (own) return ownPress(own, seen, from);
      const { token, choice, opens } = tokenIn(seen.data);
      if (opens !== undefined) return openList(seen, { token, key: opens }, note.place);
      await eventSource.press(token, choice === undefined ? undefined : { choice }, from);
      if (note.opensFor !== undefined) await deps.choices.close(where.chatId, messageId);
    },

    async vote({ pollId, chosen, who }, updateId) {
      const poll = await deps.polls.find(pollId);
      if (!poll) return;
      const { place, optionIds } = poll;
      const choices = [...new Set(chosen)].flatMap((at) => optionIds[at] ?? []);
      if (choices.length < new Set(chosen).size || !eventSource.isServed({ chatId: place.chatId, type: "supergroup" }))
        return;
      await eventSource.press(
        poll.setToken,
        { choices: choices.join(",") },
        {
          place,
          who: { ...who, asTheChat: String(who.id) === place.chatId },
          came: { m: poll.messageId, v: 1 },
          updateId,
        },
      );
    },

    async thumb({ where, who, messageId }, updateId) {
      if (!eventSource.isServed(where)) return;
      const own = await notes.of(where.chatId, messageId);
      // A picture of an album stands for its control message.
      const knownAs = own.knownAs ?? messageId;
      const note = own.knownAs === undefined ? own : await notes.of(where.chatId, own.knownAs);
      const { reroll, askedBy, thumbs = [] } = note;
      // Whoever asked for the picture likes it: that must not cost them another one.
      if (reroll === undefined || askedBy === memberIdOf(who.id) || thumbs.includes(who.id)) return;
      await eventSource.press(reroll, undefined, {
        place: note.place ?? placeOf(where),
        who,
        came: { m: messageId, q: 1 },
        updateId,
      });
      // A press again would take the vote back, which a reaction that comes and goes does not mean.
      await notes.change(where.chatId, knownAs, { thumbs: [...thumbs, who.id] });
    },
  };
}
