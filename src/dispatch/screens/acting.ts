import type { Meeting } from "../../domain/meeting.ts";
import type { Member } from "../../domain/place.ts";
import type { PressArg } from "../../domain/press.ts";
import { decodePress } from "../../domain/press-token.ts";
import { ok, type Problem, type Result, refuse } from "../../domain/problem.ts";
import { text } from "../../domain/text.ts";
import type { AsideScreen, ChatEvents } from "../../ports/chat.ts";
import type { MeetingScreens, SeatAnswer, SeatAsking } from "../../ports/meeting-screens.ts";
import type { Services } from "../services.ts";
import { type Sitter, sitterOf } from "./seats.ts";

/** No seat, or none any more. */
const NO_SEAT: Problem = { code: "expired", text: text("seat.gone") };
const OVER: Problem = { code: "expired", text: text("problem.meeting.over") };
/** A button of the chat, which phones do not have. */
const NOT_THE_CHAIR: Problem = { code: "not_allowed", text: text("seat.chair") };
const ELSEWHERE: Problem = { code: "not_allowed", text: text("seat.elsewhere") };

/** What everybody presses at a phone: what they were offered there, and forms that were asked there. */
const FOR_ALL = new Set(["offer", "start"]);
/** In the meeting: whoever sits there makes its visual and writes a note. */
const MEETING_FOR_ALL = new Set(["visual", "note"]);

type Acting = Pick<MeetingScreens, "press" | "draw">;

/**
 * What is done at phones runs as the same commands and buttons, in the meeting's chat; what is said to one alone comes back to the
 * phone. A phone can do what it shows and nothing else: who has its seat has not the rights of its member elsewhere.
 */
export function createActing(services: Services, events: Pick<ChatEvents, "invoked" | "pressed">): Acting {
  async function sitting(asking: SeatAsking): Promise<Result<Sitter>> {
    const sitter = await sitterOf(services, asking.seat);
    if (!sitter) return refuse(NO_SEAT);
    return sitter.meeting.state === "ended" ? refuse(OVER) : ok(sitter);
  }

  async function answered(
    asking: SeatAsking,
    updateId: string,
    act: (sitter: Sitter, event: EventOf) => Promise<void> | Problem,
  ): Promise<Result<SeatAnswer>> {
    const seated = await sitting(asking);
    if (!seated.ok) return seated;
    const sitter = seated.value;
    const { answer, aside } = listening();
    const { place } = sitter.meeting;
    const { id } = sitter.person;
    // Phones name their presses themselves: nobody's can be taken for another's.
    const event = {
      updateId: `seat:${sitter.meeting.meetingId}:${id}:${updateId}`,
      target: { place, memberId: id },
      aside,
    };
    const acting = act(sitter, event);
    if ("code" in acting) return refuse(acting);
    await acting;
    return ok(answer());
  }

  return {
    press: (asking, { updateId, token, values }) =>
      answered(asking, updateId, (sitter, event) => {
        const forbidden = pressProblem(services, sitter, token);
        if (forbidden) return forbidden;
        const member = memberOf(sitter, asking, "votes");
        return events.pressed({ ...event, token, member, ...(values ? { values } : {}) });
      }),
    draw: (asking, { updateId, words, lettered }) =>
      answered(asking, updateId, (sitter, event) => {
        const prompt = promptOf(words, lettered);
        if (prompt === "") return { code: "bad_args", text: text("seat.draw.empty") };
        const commandName = lettered.trim() === "" ? "imagine" : "visual";
        const member = memberOf(sitter, asking, "draws");
        return events.invoked({ ...event, commandName, raw: { values: { prompt } }, attachments: [], member });
      }),
  };
}

interface EventOf {
  readonly updateId: string;
  readonly target: { readonly place: Sitter["meeting"]["place"]; readonly memberId: string };
  readonly aside: AsideScreen;
}

/** Keeps what is said to the phone: a form before all else, and the last sentence. */
function listening(): { readonly answer: () => SeatAnswer; readonly aside: AsideScreen } {
  let answer: SeatAnswer = { is: "done" };
  return {
    answer: () => answer,
    aside: {
      say(view) {
        if (answer.is !== "form") answer = { is: "said", view };
      },
      ask(form) {
        answer = { is: "form", form };
      },
    },
  };
}

/** Without roles and without the chat in their hands: a phone proves who sits there, not what they may do elsewhere. */
function memberOf(
  { person, isGuest, sinceMs }: Sitter,
  { languages, addressKey }: SeatAsking,
  does: "votes" | "draws",
): Member {
  // The code on the wall lets them vote; where newcomers make no pictures they are newcomers.
  const newcomer = isGuest && does === "draws" ? { accountMadeAtMs: sinceMs, joinedAtMs: sinceMs } : {};
  return {
    ...person,
    admin: false,
    languages,
    ...(addressKey === undefined ? {} : { addressKey }),
    ...newcomer,
  };
}

function pressProblem(
  { buttonKey }: Pick<Services, "buttonKey">,
  { meeting, isChair }: Sitter,
  token: string,
): Problem | undefined {
  const press = decodePress(buttonKey, token);
  if (!press) return ELSEWHERE;
  const { verb, arg } = press;
  switch (verb) {
    case "meet":
      return isChair || MEETING_FOR_ALL.has(arg["d"] ?? "") ? undefined : NOT_THE_CHAIR;
    case "meetvote":
      return !isChair ? NOT_THE_CHAIR : isVoteOf(meeting, arg) ? undefined : ELSEWHERE;
    case "choose":
      return isVoteOf(meeting, arg) ? undefined : ELSEWHERE;
    default:
      return FOR_ALL.has(verb) ? undefined : ELSEWHERE;
  }
}

const isVoteOf = ({ items }: Meeting, arg: PressArg): boolean =>
  items.some(({ decisionIds }) => decisionIds.includes(arg["d"] ?? ""));

/** As a member types it: in quotes what is to be read. */
function promptOf(words: string, lettered: string): string {
  const shown = words.trim();
  const said = lettered.trim().replace(/["“”„«»]/gu, "’");
  return said === "" ? shown : `"${said}" ${shown}`.trim();
}
