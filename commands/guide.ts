import { z } from "zod";
import { option } from "../src/ports/args.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";
import { topics } from "./guide/topics.ts";

const names = topics.map(({ topic }) => topic);
const spoken = Object.fromEntries(names.map((name) => [name, name.replaceAll("-", " ")]));

export const commands: CommandsFrom = () => [
  defineCommand({
    group: "look",
    name: "guide",
    summary: "Short answers: prompts, triggers, cfg, steps, seeds, sizes, allowance and more",
    example: "/guide seed",
    args: z.strictObject({
      // Typed as people say it: "local GPU".
      topic: option(z.enum(names).optional().describe("what to read about"), { rest: true, labels: spoken }),
    }),
    run(_context, { topic: wanted }) {
      const found = topics.find(({ topic }) => topic === wanted);
      if (found) return { do: "reply", visibility: "private", view: { text: `${found.title}\n${found.text}` } };
      return {
        do: "reply",
        visibility: "private",
        view: {
          text: "Choose a topic, for example /guide prompting.",
          tiles: topics.map(({ topic, title }) => ({ title: topic, text: title, fill: `/guide ${topic}` })),
        },
      };
    },
  }),
];
