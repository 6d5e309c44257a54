import { z } from "zod";
import { option } from "../src/args.ts";
import { type CommandsFrom, defineCommand } from "../src/command.ts";
import { pictureButtons } from "../src/picture-buttons.ts";
import { factsLine, imageOfPicture, namedPicture } from "../src/picture-text.ts";
import { promptText } from "../src/prompt-text.ts";

export const commands: CommandsFrom = (world) => [
  defineCommand({
    name: "show",
    summary: "Show an earlier picture again, with its buttons",
    example: "/show 12",
    args: z.strictObject({
      id: option(z.string().trim().min(1).max(20).describe("the picture's number, as in #12"), { rest: true }),
    }),
    async run(context, { id }) {
      const found = await namedPicture(context, id);
      if (!found.ok) return { do: "refuse", problem: found.problem };
      const picture = found.value;
      const job = await context.reads.job(picture.jobId);
      const ballot = await context.reads.ballot(picture.jobId);
      const { prompt, styleId } = picture.recipe.request;
      const title = world.styles.find((style) => style.id === styleId)?.title ?? styleId;
      return {
        do: "reply",
        visibility: "public",
        view: {
          text: `${promptText(prompt)}\n${factsLine(picture, title)}`,
          image: imageOfPicture(picture, "posted"),
          // Without its job a picture has no one to ask; it can still be looked at.
          ...(job ? { buttons: pictureButtons(context.token, job, [picture], ballot) } : {}),
        },
      };
    },
  }),
];
