import { z } from "zod";
import { lines, text, verbatim } from "../src/domain/text.ts";
import { cutText } from "../src/lib/text.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";

const SHOWN_EXAMPLES = 12;
const PROMPT_SHOWN_CHARS = 200;

export const commands: CommandsFrom = (catalogue) => [
  defineCommand({
    group: "make",
    name: "examples",
    summary: text("cmd.examples.summary"),
    example: verbatim("/examples"),
    privately: true,
    args: z.strictObject({}),
    run() {
      // One example of each style, then the second of each: every style is seen before one repeats.
      const depth = Math.max(0, ...catalogue.styles.map(({ examples }) => examples.length));
      const tiles = Array.from({ length: depth }, (_, at) =>
        catalogue.styles.flatMap((style) => {
          const prompt = style.examples[at];
          if (prompt === undefined) return [];
          const shown = cutText(prompt, PROMPT_SHOWN_CHARS);
          return [
            {
              title: verbatim(style.title),
              text: verbatim(shown),
              fill: `/${style.id} ${prompt}`,
              fillDraws: true as const,
            },
          ];
        }),
      ).flat();
      if (tiles.length === 0)
        return {
          do: "reply",
          visibility: "private",
          view: {
            text: text("examples.none"),
            tone: "quiet",
          },
        };
      const shown = tiles.slice(0, SHOWN_EXAMPLES);
      const first = shown[0]?.fill ?? "";
      return {
        do: "reply",
        visibility: "private",
        view: {
          text: lines(text("examples.choose"), verbatim(cutText(first, PROMPT_SHOWN_CHARS))),
          tiles: shown,
        },
      };
    },
  }),
];
