import { z } from "zod";
import { ownerIdsOf } from "../src/domain/owners.ts";
import { lines, text, verbatim } from "../src/domain/text.ts";
import { meantToSee, pictureOption } from "../src/features/pictures/find.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";
import type { Outcome } from "../src/ports/outcome.ts";
import { pictureButtons } from "../src/views/buttons.ts";
import { donePart } from "../src/views/card.ts";
import { rerollOf } from "../src/views/card-facts.ts";
import { enlargedLine } from "../src/views/enlarged.ts";
import { factsLine, imageOfPicture, imageOfPictures } from "../src/views/picture.ts";
import { promptText } from "../src/views/prompt.ts";

export const commands: CommandsFrom = (catalogue) => [
  defineCommand({
    group: "look",
    name: "show",
    summary: text("cmd.show.summary"),
    example: verbatim("/show 12"),
    args: z.strictObject({ picture: pictureOption("any", true) }),
    async run(context, { picture: typed }): Promise<Outcome> {
      const seen = await meantToSee(context, typed);
      if (!seen.ok) return { do: "refuse", problem: seen.problem };
      const { picture, meant } = seen.value;
      const { job } = meant;
      const shown = meant.which === "all" ? meant.pictures : [picture];
      const vote = await context.reads.decisionAbout("reroll", picture.jobId);
      const { prompt, styleId } = picture.recipe.request;
      const styleOf = (id: string) => catalogue.styles.find((style) => style.id === id);
      const title = styleOf(styleId)?.title ?? styleId;
      const ownerIds = job ? await ownerIdsOf(job, (jobId) => context.reads.job(jobId)) : [];
      const backendTitle = (name: string) =>
        catalogue.backends.find((backend) => backend.name === name)?.title ?? verbatim(name);
      const reroll = rerollOf(context.rules, context.place.group);
      return {
        do: "reply",
        visibility: "public",
        view: {
          text: lines(promptText(prompt), factsLine(picture, title), enlargedLine(picture, { backendTitle })),
          image:
            shown.length > 1 ? imageOfPictures(shown, context.rules) : imageOfPicture(picture, "posted", context.rules),
          // Without its job a picture has no one to ask; it can still be looked at.
          ...(job
            ? {
                buttons: pictureButtons(context.token, job, shown, vote),
                card: donePart({ job, ownerIds, pictures: meant.pictures, vote, reroll, styleOf, backendTitle }, shown),
              }
            : {}),
        },
      };
    },
  }),
];
