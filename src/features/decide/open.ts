import type { ChatRules } from "../../domain/chat-settings.ts";
import {
  APPROVAL_MAX_CANDIDATES,
  type DecisionRule,
  LIMITED_CHOICES,
  NONE_OF_THESE,
  PROPOSAL_OPTIONS,
} from "../../domain/decision.ts";
import type { Picture } from "../../domain/job.ts";
import { currentItem } from "../../domain/meeting.ts";
import type { Problem } from "../../domain/problem.ts";
import { text } from "../../domain/text.ts";
import type { Context } from "../../ports/command.ts";
import type { AskedDecision, Outcome } from "../../ports/outcome.ts";

/** How it shall be asked, where that was said. */
export interface Asking {
  readonly question?: string | undefined;
  readonly minutes?: number | undefined;
  readonly visibility?: DecisionRule["visibility"] | undefined;
}

type Here = Pick<Context, "rules" | "place" | "meeting">;

/** What is put to the vote while an item of a meeting is the current one is noted there, and hidden where nobody says otherwise. */
const inMeeting = ({ meeting }: Here, asking: Asking): Asking & Pick<AskedDecision, "meetingId"> =>
  meeting && currentItem(meeting)
    ? { ...asking, visibility: asking.visibility ?? "hidden", meetingId: meeting.meetingId }
    : asking;

const NO_GROUP: Problem = { code: "not_allowed", text: text("problem.decision.no-group") };

/** Which of these; of one alone, whether it is the one. */
export function pickOutcome(here: Here, pictures: readonly Picture[], said: Asking): Outcome {
  const { rules, place } = here;
  const [first] = pictures;
  const asking = inMeeting(here, said);
  if (!place.group) return { do: "refuse", problem: NO_GROUP };
  if (!first) return { do: "refuse", problem: { code: "not_found", text: text("problem.candidates.none") } };
  if (pictures.length === 1) return useOutcome(rules, first, asking);
  const limited = pictures.length > APPROVAL_MAX_CANDIDATES;
  const asked: AskedDecision = {
    kind: "pick",
    ...aboutJob(pictures),
    ...questionOf(asking),
    options: [
      ...pictures.map(({ number, imageId }) => ({ id: `p${number.toString(36)}`, imageId })),
      { id: NONE_OF_THESE },
    ],
    rule: {
      method: limited ? "limited" : "approval",
      needed: 1,
      maxChoices: limited ? LIMITED_CHOICES : pictures.length + 1,
      visibility: asking.visibility ?? rules.pickVisibility,
      who: "everyone",
      spends: false,
    },
    lastsMs: lastsMs(rules, asking),
    ...meetingOf(asking),
  };
  return { do: "open", asked };
}

/** In words, without a picture. */
export function proposalOutcome(here: Here, said: Asking): Outcome {
  const { rules, place } = here;
  const asking = inMeeting(here, said);
  if (!place.group) return { do: "refuse", problem: NO_GROUP };
  return {
    do: "open",
    asked: {
      kind: "proposal",
      ...questionOf(asking),
      options: PROPOSAL_OPTIONS.map((id) => ({ id })),
      rule: proposalRule(rules, asking),
      lastsMs: lastsMs(rules, asking),
      ...meetingOf(asking),
    },
  };
}

/** "We use this one." */
const useOutcome = (rules: ChatRules, { imageId, jobId }: Picture, asking: InMeeting): Outcome => ({
  do: "open",
  asked: {
    kind: "proposal",
    subjectJobId: jobId,
    ...questionOf(asking),
    options: PROPOSAL_OPTIONS.map((id) => ({ id, ...(id === "agree" ? { imageId } : {}) })),
    rule: proposalRule(rules, asking),
    lastsMs: lastsMs(rules, asking),
    ...meetingOf(asking),
  },
});

const proposalRule = (rules: ChatRules, { visibility }: Asking): DecisionRule => ({
  method: "proposal",
  needed: rules.votes,
  maxChoices: 1,
  visibility: visibility ?? "live",
  who: "everyone",
  spends: false,
});

/** One batch is what it is about; a selection over several is about none. */
const aboutJob = (pictures: readonly Picture[]): Pick<AskedDecision, "subjectJobId"> => {
  const [first] = pictures;
  return first && pictures.every(({ jobId }) => jobId === first.jobId) ? { subjectJobId: first.jobId } : {};
};

type InMeeting = ReturnType<typeof inMeeting>;
const meetingOf = ({ meetingId }: InMeeting): Pick<AskedDecision, "meetingId"> =>
  meetingId === undefined ? {} : { meetingId };

const questionOf = ({ question }: Asking): Pick<AskedDecision, "question"> =>
  question === undefined || question === "" ? {} : { question };

const lastsMs = (rules: Pick<ChatRules, "voteMinutes">, { minutes }: Asking): number =>
  (minutes ?? rules.voteMinutes) * 60_000;
