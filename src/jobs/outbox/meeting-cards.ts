import type { ChatRules } from "../../domain/chat-settings.ts";
import type { Meeting } from "../../domain/meeting.ts";
import type { Place } from "../../domain/place.ts";
import type { MeetingLinks } from "../../ports/command.ts";
import type { MeetingContent, Store } from "../../ports/store.ts";
import type { View } from "../../ports/view.ts";
import type { SignButton } from "../../views/buttons.ts";
import { itemCard, meetingCard, openingCard } from "../../views/meeting/card.ts";
import { meetingFacts } from "../../views/meeting/facts.ts";

/** Reads what the messages of a meeting show besides it, and renders them. */
export type MeetingCards = (meeting: Meeting, content: MeetingContent) => Promise<View | undefined>;

export function createMeetingCards(deps: {
  readonly store: Pick<Store, "decision" | "picture" | "picturesAsked" | "meetingBudget">;
  readonly rulesIn: (place: Place) => Promise<ChatRules>;
  readonly links: (meeting: Meeting) => MeetingLinks;
  readonly token: SignButton;
  readonly nowMs: () => number;
}): MeetingCards {
  const { store, nowMs, token } = deps;
  const reads = {
    decision: (decisionId: string) => store.decision(decisionId, nowMs()),
    picture: (imageId: string) => store.picture(imageId),
    picturesAsked: (meetingId: string) => store.picturesAsked(meetingId),
    meetingBudget: (meetingId: string) => store.meetingBudget(meetingId),
  };
  const factsOf = async (meeting: Meeting, only?: number) => {
    const here = { links: deps.links(meeting), rules: await deps.rulesIn(meeting.place), nowMs: nowMs() };
    return meetingFacts(meeting, reads, here, only);
  };
  return async (meeting, content) => {
    switch (content.kind) {
      case "meeting":
        return meetingCard(meeting, await factsOf(meeting, meeting.state === "ended" ? undefined : meeting.at), token);
      case "opening":
        return openingCard(meeting);
      case "item":
        return itemCard(await factsOf(meeting, content.index), content.index);
    }
  };
}
