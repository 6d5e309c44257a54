import { pendingRecipesId } from "../domain/ids.ts";
import { chatKeyOf } from "../domain/place.ts";
import type { Problem } from "../domain/problem.ts";
import { lines, type Text } from "../domain/text.ts";
import { wordsProblem } from "../domain/word-rules.ts";
import type { Outcome } from "../ports/outcome.ts";
import type { View } from "../ports/view.ts";
import type { Decided } from "./dispatcher/decision.ts";
import { createChatEffects } from "./executor/chat.ts";
import { createDecisions } from "./executor/decisions.ts";
import { createDeferral } from "./executor/deferral.ts";
import { createDocumentEffects } from "./executor/documents.ts";
import type { EffectDeps } from "./executor/effects.ts";
import { createForgettingEffect } from "./executor/forgetting.ts";
import { createMeetingEffects } from "./executor/meetings.ts";
import { createModerationEffects } from "./executor/moderation.ts";
import { createOrders } from "./executor/orders.ts";
import { createPeopleEffects } from "./executor/people.ts";
import { createPersonEffects } from "./executor/persons.ts";
import { createPictureEffects } from "./executor/pictures.ts";
import { createPotEffects } from "./executor/pots.ts";
import { createSketching } from "./executor/sketching.ts";
import { createSpendVotes } from "./executor/spend-votes.ts";
import { createVotes } from "./executor/votes.ts";
import type { Cause } from "./replies.ts";

export interface Executor {
  /** Does what was decided; everything promised is durable when it resolves. */
  execute(decided: Decided, cause: Cause): Promise<void>;
}

/** All that decisions can do, by what it is about. */
function effectsOf(deps: EffectDeps) {
  const votes = createVotes(deps);
  const spending = createSpendVotes(deps, votes);
  return {
    votes,
    pictures: createPictureEffects(deps),
    decisions: createDecisions(deps),
    sketch: createSketching(deps),
    orders: createOrders(deps, spending),
    deferral: createDeferral(deps, spending),
    moderation: createModerationEffects(deps),
    chat: createChatEffects(deps),
    people: createPeopleEffects(deps),
    persons: { ...createPersonEffects(deps), forget: createForgettingEffect(deps) },
    pots: createPotEffects(deps),
    meetings: createMeetingEffects(deps),
    documents: createDocumentEffects(deps),
  };
}

/** Carries out decisions. The only place that changes the store on behalf of members. */
export function createExecutor(deps: EffectDeps): Executor {
  const { replies } = deps;
  const { votes, pictures, decisions, sketch, orders, deferral, ...others } = effectsOf(deps);
  const { moderation, chat, people, persons, pots, meetings, documents } = others;

  return {
    async execute(decided, cause) {
      const { outcome } = decided;
      const forbidden = forbiddenBy(outcome, decided.terms);
      if (forbidden) return replies.refuse(cause, forbidden);
      switch (outcome.do) {
        case "reply":
          return reply(deps, outcome, decided.notes, cause);
        case "refuse":
          return replies.refuse(cause, outcome.problem);
        case "form":
          return replies.ask(cause, outcome);
        case "draw":
          if (outcome.sketched) await sketch(outcome.order, decided, cause);
          return orders.draw(outcome, decided, cause);
        case "defer":
          return deferral.defer(outcome, decided, cause);
        case "decide":
          return votes.decide(outcome, decided.terms, cause);
        case "open":
          return decisions.open(outcome, cause);
        case "close":
          return decisions.close(outcome, cause);
        case "reopen":
          return decisions.reopen(outcome, cause);
        case "lock":
          return chat.lock(outcome, cause);
        case "unlock":
          return chat.unlock(outcome, cause);
        case "cancel":
          return pictures.cancel(outcome, cause);
        case "delete":
          return pictures.remove(outcome.jobId, cause);
        case "restore":
          return pictures.restore(outcome.jobId, cause);
        case "pick":
          return pictures.pick(outcome, cause);
        case "hide":
          return moderation.hide(outcome, cause);
        case "rule":
          return moderation.rule(outcome, cause);
        case "approve":
          return chat.approve(outcome, cause);
        case "speak":
          return chat.speak(outcome, cause);
        case "configure":
          return chat.configure(outcome, cause);
        case "brand":
          return chat.brand(outcome, cause);
        case "block":
          return people.block(outcome, cause);
        case "unblock":
          return people.unblock(outcome, cause);
        case "let_in":
          return people.letIn(outcome, cause);
        case "hand_over":
          return people.handOver(outcome, cause);
        case "link_code":
          return persons.code(cause);
        case "link":
          return persons.link(outcome, decided.terms, cause);
        case "unlink":
        case "forget_me":
          return outcome.do === "unlink" ? persons.unlink(cause) : persons.forget(cause);
        case "give":
          return pots.give(outcome, decided.terms, cause);
        case "meeting":
          return meetings.act(outcome, decided.terms, cause);
        case "document":
        case "cancel_document":
          return documents(outcome, cause);
      }
    },
  };
}

/** Whatever way an order comes, its words are looked at before anything is kept of it or spent. */
function forbiddenBy(outcome: Outcome, { rules }: Decided["terms"]): Problem | undefined {
  switch (outcome.do) {
    case "draw":
    case "defer":
      return wordsProblem(outcome.order.request, rules);
    case "decide":
      return outcome.whenPassed && wordsProblem(outcome.whenPassed.request, rules);
    default:
      return undefined;
  }
}

async function reply(
  { replies, services }: Pick<EffectDeps, "replies" | "services">,
  { view, visibility, keepRecipe }: Extract<Outcome, { do: "reply" }>,
  notes: readonly Text[],
  cause: Cause,
): Promise<void> {
  // Before it is said: the button may be pressed at once.
  if (keepRecipe)
    await services.pendingRecipes.add(pendingRecipesId(chatKeyOf(cause.target.place), cause.member.id), keepRecipe);
  return replies.say(cause, withNotes(view, notes), visibility);
}

const withNotes = (view: View, notes: readonly Text[]): View =>
  notes.length > 0 ? { ...view, text: lines(view.text, ...notes) } : view;
