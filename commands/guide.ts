import { z } from "zod";
import { lines, text, verbatim } from "../src/domain/text.ts";
import { option } from "../src/ports/args.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";
import { topics } from "./guide/topics.ts";

export const commands: CommandsFrom = () => [
  defineCommand({
    group: "look",
    name: "guide",
    summary: text("cmd.guide.summary"),
    example: verbatim("/guide seed"),
    privately: true,
    args: z.strictObject({
      topic: option(z.enum(topics.map(({ topic }) => topic)).optional(), {
        about: text("cmd.guide.option.topic"),
        labels: Object.fromEntries(topics.map(({ topic, title }) => [topic, title])),
        rest: true,
      }),
    }),
    run(_context, { topic: wanted }) {
      const found = topics.find(({ topic }) => topic === wanted);
      if (found) return { do: "reply", visibility: "private", view: { text: lines(found.title, ...found.paragraphs) } };
      return {
        do: "reply",
        visibility: "private",
        view: {
          text: text("guide.choose"),
          tiles: topics.map(({ topic, title }) => ({ title, text: verbatim(""), fill: `/guide ${topic}` })),
        },
      };
    },
  }),
];
