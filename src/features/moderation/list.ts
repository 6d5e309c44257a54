import { lines, sentences, type Text, text } from "../../domain/text.ts";
import { ago } from "../../domain/time-words.ts";
import type { Context } from "../../ports/command.ts";
import type { Held, ModerationStep } from "../../ports/moderation.ts";
import type { View, ViewTile } from "../../ports/view.ts";
import { numbersText, reasonText } from "../../views/held.ts";

/** More are shown once these are decided: with four buttons each, no platform has room for another. */
const SHOWN = 6;
/** One more is read, to say that there are more. */
const HELD_READ = SHOWN + 1;
const STEPS_READ = 5;

/** What waits here for whoever reads it, and what was done last. No picture is in it until somebody looks. */
export async function moderationList(context: Pick<Context, "reads" | "token" | "nowMs">): Promise<View> {
  const [held, steps] = await Promise.all([
    context.reads.heldHere(HELD_READ),
    context.reads.moderationSteps(STEPS_READ),
  ]);
  const done = steps.map((step) => stepText(step, context.nowMs));
  const past = done.length === 0 ? [] : [text("moderation.steps"), ...done];
  if (held.length === 0)
    return { text: lines(text("moderation.empty"), ...past), tone: "quiet", alone: true, moderation: true };
  const more = held.length > SHOWN ? text("moderation.more", { n: SHOWN }) : undefined;
  return {
    text: lines(sentences(text("moderation.waiting", { n: Math.min(held.length, SHOWN) }), more), ...past),
    alone: true,
    moderation: true,
    tiles: held.slice(0, SHOWN).map((each) => tileOf(each, context)),
  };
}

function tileOf(
  { jobId, number, lastNumber, member, why, sinceMs }: Held,
  { token, nowMs }: Pick<Context, "token" | "nowMs">,
): ViewTile {
  const subject = { jobId, pictures: "all" } as const;
  return {
    title: text("moderation.entry", { numbers: numbersText(number, lastNumber), name: member.name }),
    text: sentences(reasonText(why), text("moderation.since", { ago: ago(sinceMs, nowMs) })),
    buttons: [
      { label: text("button.look"), token: token("look", subject), does: "look" },
      { label: text("button.release"), token: token("release", subject), does: "release" },
      { label: text("button.refuse"), token: token("refuse", subject), tone: "danger", does: "refuse" },
      { label: text("button.block-author"), token: token("block", subject), tone: "danger" },
    ],
  };
}

const stepText = ({ verb, number, byName, atMs }: ModerationStep, nowMs: number): Text =>
  text(`moderation.step.${verb}`, { number, name: byName, ago: ago(atMs, nowMs) });
