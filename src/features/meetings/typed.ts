import { agendaIn } from "../../domain/agenda.ts";
import type { Meeting } from "../../domain/meeting.ts";
import { timerMs } from "../../domain/meeting-change.ts";
import { text } from "../../domain/text.ts";
import { wholeNumberText } from "../../lib/number-text.ts";
import type { Catalogue, Context } from "../../ports/command.ts";
import type { Outcome } from "../../ports/outcome.ts";
import { chairOutcome, noteOutcome } from "./ask.ts";
import { MORE_MS, ofPicture } from "./press.ts";
import { showMeeting } from "./show.ts";
import { type StartWish, startForm, startMeeting } from "./start.ts";
import { openMeeting, steered } from "./steer.ts";
import { itemVisual } from "./visual.ts";
import { itemVote } from "./voting.ts";

/** What can be said first after /meeting. */
export const MEETING_ACTS = [
  "start",
  "next",
  "back",
  "note",
  "chair",
  "visual",
  "vote",
  "pick",
  "hold",
  "unhold",
  "add",
  "more",
  "pause",
  "go",
  "show",
  "end",
] as const;
export type MeetingActName = (typeof MEETING_ACTS)[number];

/** What else people say. */
const ALSO: Readonly<Record<string, MeetingActName>> = {
  begin: "start",
  new: "start",
  open: "start",
  continue: "next",
  forward: "next",
  previous: "back",
  write: "note",
  choose: "pick",
  resume: "go",
  status: "show",
  agenda: "show",
  stop: "end",
  finish: "end",
  close: "end",
};

export interface Typed extends StartWish {
  readonly does: MeetingActName | undefined;
  readonly words: string | undefined;
}

/** "next", "note: the hall is booked": what is to be done, and what comes behind it. @param named by any language's word for it */
export function actIn(
  words: string,
  named: (word: string) => string | undefined,
): { readonly does: MeetingActName; readonly words: string } | undefined {
  const [, first = "", rest = ""] = /^([\p{L}\p{M}-]+)[:：]?(?:\s+|$)([\s\S]*)$/u.exec(words.trim()) ?? [];
  if (first === "") return undefined;
  const called = named(first);
  const does = MEETING_ACTS.find((act) => act === called) ?? ALSO[first.toLowerCase()];
  return does && { does, words: rest.trim() };
}

/** With no open meeting what is written is its title. */
export function typedOutcome(
  context: Context,
  catalogue: Pick<Catalogue, "styles">,
  typed: Typed,
): Promise<Outcome> | Outcome {
  const { does, words = "", ...wish } = typed;
  const begins = does === "start" || (does === undefined && (!context.meeting || saysWhat(wish)));
  // "begin" of one that waits is its first item.
  if (does === "start" && context.meeting?.state === "waiting" && words === "" && !saysWhat(wish))
    return step(context, catalogue, context.meeting, { does: "next", words });
  if (begins) return begin(context, catalogue, words, wish);
  if (does === "show" || (does === undefined && words === "")) return show(context);
  const found = openMeeting(context);
  if (!found.ok) return { do: "refuse", problem: found.problem };
  if (does === undefined) return { do: "refuse", problem: { code: "bad_args", text: text("problem.meeting.what") } };
  return step(context, catalogue, found.value, { does, words });
}

const saysWhat = (wish: StartWish): boolean => Object.values(wish).some((value) => value !== undefined);

async function show(context: Context): Promise<Outcome> {
  const meeting = context.meeting ?? (await context.reads.latestMeeting());
  if (meeting) return showMeeting(context, meeting);
  return { do: "refuse", problem: { code: "not_found", text: text("problem.meeting.none") } };
}

/** The first line is its title, all others its agenda; so is what comes behind a ";". */
function begin(context: Context, catalogue: Pick<Catalogue, "styles">, words: string, wish: StartWish): Outcome {
  const [, head = "", tail = ""] = /^([^\n;；؛]*)[\n;；؛]?([\s\S]*)$/u.exec(words.trim()) ?? [];
  const alone = wish.agenda === undefined && wish.title === undefined;
  const title = wish.title ?? (alone ? head.trim() : words.trim());
  const agenda = wish.agenda ?? (alone && tail.trim() !== "" ? tail.trim() : undefined);
  const whole = { ...wish, title, agenda };
  // What was said alone, such as its style, is no meeting yet.
  return title === "" ? startForm(context, catalogue, { ...whole, title: undefined }) : startMeeting(context, whole);
}

function step(
  context: Context,
  catalogue: Pick<Catalogue, "styles">,
  meeting: Meeting,
  {
    does,
    words,
  }: { readonly does: Exclude<MeetingActName, "start" | "show"> | "start" | "show"; readonly words: string },
): Promise<Outcome> | Outcome {
  const { at } = meeting;
  switch (does) {
    case "start":
    case "show":
      return showMeeting(context, meeting);
    case "next":
      return steered(context, meeting, { does: "next", at });
    case "back":
      return back(context, meeting, words);
    case "end":
      return steered(context, meeting, { does: "end" });
    case "note":
      return noteOutcome(context, meeting, at, words);
    case "chair":
      return chairOutcome(context, meeting, words);
    case "visual":
      return itemVisual(context, catalogue, meeting, words);
    case "vote":
      return itemVote(context, meeting);
    case "pick":
    case "hold":
    case "unhold":
      return picture(context, meeting, does, words);
    case "add":
      return add(context, meeting, words);
    case "more":
      return more(context, meeting, words);
    case "pause":
      return steered(context, meeting, { does: "pause", at }, text("meeting.timer.paused"));
    case "go":
      return steered(context, meeting, { does: "go-on", at }, text("meeting.timer.goes-on"));
  }
}

function numberOf(words: string): number | undefined {
  const read = wholeNumberText(words.trim().replace(/^#/u, ""));
  return read.is === "number" ? read.value : undefined;
}

function back(context: Context, meeting: Meeting, words: string): Outcome {
  const number = words === "" ? meeting.at : numberOf(words);
  if (number === undefined || (number < 1 && words !== ""))
    return { do: "refuse", problem: { code: "bad_args", text: text("problem.meeting.back") } };
  return steered(context, meeting, { does: "back-to", at: meeting.at, to: Math.max(0, number - 1) });
}

function picture(
  context: Context,
  meeting: Meeting,
  does: "pick" | "hold" | "unhold",
  words: string,
): Promise<Outcome> | Outcome {
  const number = numberOf(words);
  if (number === undefined)
    return { do: "refuse", problem: { code: "bad_args", text: text("problem.meeting.which", { does }) } };
  return ofPicture(context, meeting, { does, at: meeting.at, number });
}

function add(context: Context, meeting: Meeting, words: string): Outcome {
  const planned = agendaIn(words);
  if (!planned.ok) return { do: "refuse", problem: planned.problem };
  const [item, ...others] = planned.value;
  if (!item || others.length > 0)
    return { do: "refuse", problem: { code: "bad_args", text: text("problem.meeting.add") } };
  return steered(context, meeting, { does: "add-item", item }, text("meeting.added", { item: item.title }));
}

const MINUTE_MS = 60_000;
const MORE_MAX_MINUTES = 240;
function more(context: Context, meeting: Meeting, words: string): Outcome {
  const minutes = words === "" ? MORE_MS / MINUTE_MS : numberOf(words.split(/\s/u)[0] ?? "");
  if (minutes === undefined || minutes < 1 || minutes > MORE_MAX_MINUTES)
    return {
      do: "refuse",
      problem: { code: "bad_args", text: text("problem.meeting.more", { max: MORE_MAX_MINUTES }) },
    };
  const { at, timer } = meeting;
  const seen = timer ? { seenMs: timerMs(timer) } : {};
  const change = { does: "more-time", at, addMs: minutes * MINUTE_MS, ...seen } as const;
  return steered(context, meeting, change, text("meeting.timer.more", { n: minutes }));
}
