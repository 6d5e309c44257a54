import { z } from "zod";
import { text } from "../src/domain/text.ts";
import { startFields } from "../src/features/meetings/start.ts";
import { actIn, MEETING_ACTS, typedOutcome } from "../src/features/meetings/typed.ts";
import { unquoted } from "../src/lib/quotes.ts";
import { choiceOf } from "../src/ports/args/words.ts";
import { fieldsOf, option } from "../src/ports/args.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";
import type { Outcome } from "../src/ports/outcome.ts";

const WORDS_MAX_CHARS = 4000;

export const commands: CommandsFrom = (catalogue) => {
  const args = z.strictObject({
    do: option(z.enum(MEETING_ACTS).optional(), {
      about: text("cmd.meeting.option.do"),
      labels: {
        start: text("choice.meeting.start"),
        next: text("choice.meeting.next"),
        back: text("choice.meeting.back"),
        note: text("choice.meeting.note"),
        chair: text("choice.meeting.chair"),
        visual: text("choice.meeting.visual"),
        vote: text("choice.meeting.vote"),
        pick: text("choice.meeting.pick"),
        hold: text("choice.meeting.hold"),
        unhold: text("choice.meeting.unhold"),
        add: text("choice.meeting.add"),
        more: text("choice.meeting.more"),
        pause: text("choice.meeting.pause"),
        go: text("choice.meeting.go"),
        show: text("choice.meeting.show"),
        end: text("choice.meeting.end"),
      },
    }),
    words: option(z.string().trim().max(WORDS_MAX_CHARS).optional(), {
      about: text("cmd.meeting.option.words"),
      label: text("label.meeting.words"),
      rest: true,
    }),
    ...startFields(catalogue),
  });
  return [
    defineCommand({
      group: "decide",
      name: "meeting",
      summary: text("cmd.meeting.summary"),
      example: text("cmd.meeting.example"),
      args,
      run(context, { do: does, words, ...wish }): Promise<Outcome> | Outcome {
        const [acts] = fieldsOf({ name: "meeting", args });
        const named = (word: string) => acts && choiceOf(acts, word, context.spoken);
        const typed = does === undefined && words !== undefined ? actIn(words, named) : undefined;
        const said = typed?.words ?? words;
        return typedOutcome(context, catalogue, {
          ...wish,
          does: typed?.does ?? does,
          words: said === undefined ? undefined : unquoted(said),
        });
      },
    }),
  ];
};
