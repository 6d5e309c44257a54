import { pendingRecipesId } from "../domain/ids.ts";
import { chatKeyOf } from "../domain/place.ts";
import { lines, type Text } from "../domain/text.ts";
import type { Outcome } from "../ports/outcome.ts";
import type { View } from "../ports/view.ts";
import type { Decided } from "./dispatcher/decision.ts";
import { createChatEffects } from "./executor/chat.ts";
import { createDecisions } from "./executor/decisions.ts";
import { createDeferral } from "./executor/deferral.ts";
import { createDocumentEffects } from "./executor/documents.ts";
import type { EffectDeps } from "./executor/effects.ts";
import { createMeetingEffects } from "./executor/meetings.ts";
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

/** Carries out decisions. The only place that changes the store on behalf of members. */
export function createExecutor(deps: EffectDeps): Executor {
  const { replies } = deps;
  const decisions = createDecisions(deps);
  const sketch = createSketching(deps);
  const votes = createVotes(deps);
  const spending = createSpendVotes(deps, votes);
  const orders = createOrders(deps, spending);
  const deferral = createDeferral(deps, spending);
  const pictures = createPictureEffects(deps);
  const chat = createChatEffects(deps);
  const people = createPeopleEffects(deps);
  const persons = createPersonEffects(deps);
  const pots = createPotEffects(deps);
  const meetings = createMeetingEffects(deps);
  const documents = createDocumentEffects(deps);

  return {
    async execute(decided, cause) {
      const { outcome } = decided;
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
          return persons.unlink(cause);
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
