import { z } from "zod";
import { text, verbatim } from "../src/domain/text.ts";
import { documentOutcome } from "../src/features/documents/outcomes.ts";
import { selectionOption } from "../src/features/documents/selection.ts";
import { option } from "../src/ports/args.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";

/** As people write it where no option is named: "12,14 pptx". */
const SLIDES = /(?:^|\s)(?:pptx|powerpoint)$/iu;

export const commands: CommandsFrom = () => [
  defineCommand({
    group: "take",
    name: "deck",
    summary: text("cmd.deck.summary"),
    example: verbatim("/deck 12,14-16"),
    args: z.strictObject({
      pictures: selectionOption,
      format: option(z.enum(["pdf", "pptx"]).default("pdf"), {
        about: text("cmd.deck.option.format"),
        label: text("label.format"),
        labels: { pdf: text("choice.format.pdf"), pptx: text("choice.format.pptx") },
      }),
    }),
    run(context, { pictures = "", format }) {
      const isSlides = format === "pptx" || SLIDES.test(pictures);
      return documentOutcome(context, isSlides ? "slides" : "deck", pictures.replace(SLIDES, "").trim());
    },
  }),
];
