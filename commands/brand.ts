import { NO_BRAND } from "../src/domain/brand.ts";
import { text, verbatim } from "../src/domain/text.ts";
import { brandArgs, NONE } from "../src/features/brand/args.ts";
import { decideBrand, withoutBrand } from "../src/features/brand/change.ts";
import { brandView } from "../src/features/brand/view.ts";
import { givenImage } from "../src/features/draw/attached-image.ts";
import { type CommandsFrom, defineCommand } from "../src/ports/command.ts";
import type { Outcome } from "../src/ports/outcome.ts";

export const commands: CommandsFrom = () => [
  defineCommand({
    group: "run",
    name: "brand",
    partOf: "settings",
    summary: text("cmd.brand.summary"),
    example: verbatim("/brand ink:#111111 ground:#ffdd00 font:condensed"),
    adminOnly: true,
    args: brandArgs,
    async run(context, { brand, logo, ...change }): Promise<Outcome> {
      if (brand === NONE) return withoutBrand(context);
      const given = await givenImage(context);
      if (!given.ok) return { do: "refuse", problem: given.problem };
      const file = given.value ?? (logo === NONE ? NONE : undefined);
      if (file === undefined && Object.values(change).every((value) => value === undefined))
        return { do: "reply", visibility: "private", view: brandView(context, context.brand ?? NO_BRAND) };
      return decideBrand(context, { ...change, logo: file });
    },
  }),
];
