import { z } from "zod";
import { listed, text } from "../src/domain/text.ts";
import { drawFields } from "../src/features/draw/options.ts";
import { openPosterForm } from "../src/features/posters/form.ts";
import { templatePage } from "../src/features/posters/gallery.ts";
import { looksFields, slotFields, templateOption } from "../src/features/posters/options.ts";
import { posterOutcome } from "../src/features/posters/outcomes.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";
import type { Outcome } from "../src/ports/outcome.ts";

export const commands: CommandsFrom = (catalogue) => {
  const { templates } = catalogue;
  // An example that says when and where, of one that takes both.
  const shown =
    templates.find(({ id }) => id === "rally") ??
    templates.find(({ slots }) => slots.when && slots.where) ??
    templates[0];
  return shown === undefined
    ? []
    : [
        defineCommand({
          group: "make",
          name: "poster",
          summary: text("cmd.poster.summary"),
          example: text("cmd.poster.example", { template: shown.id }),
          args: z.strictObject({
            template: templateOption(templates).optional(),
            title: slotFields.title.optional(),
            when: slotFields.when.optional(),
            where: slotFields.where.optional(),
            who: slotFields.who.optional(),
            link: slotFields.link.optional(),
            subtitle: slotFields.subtitle.optional(),
            list: slotFields.list.optional(),
            ...looksFields(catalogue),
            brand: drawFields.brand.optional(),
          }),
          run(context, { template: id, style, size, brand, ...filled }): Outcome {
            const template = templates.find((one) => one.id === id);
            const wordless = Object.values(filled).every((words) => words === undefined);
            if (template && wordless) return openPosterForm(context, catalogue, template, { style, size, brand });
            if (template) return posterOutcome(context, catalogue, { template, filled, style, size, brand });
            if (wordless && style === undefined && size === undefined && brand === undefined)
              return { do: "reply", visibility: "private", view: templatePage(context, catalogue, 0) };
            const [first = ""] = (filled.title ?? "").toLowerCase().split(/\s/u);
            const example = templates.find((one) => one.id === first)?.id ?? shown.id;
            const names = listed(
              templates.map((one) => one.id),
              "commas",
            );
            const said = text("problem.poster.template", { example, names });
            const problem = { code: "bad_args", text: said } as const;
            return { do: "refuse", problem };
          },
        }),
      ];
};
