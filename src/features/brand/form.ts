import { z } from "zod";
import { NO_BRAND } from "../../domain/brand.ts";
import { text } from "../../domain/text.ts";
import { fieldsOf, parseForm } from "../../ports/args.ts";
import type { Context } from "../../ports/command.ts";
import type { Outcome } from "../../ports/outcome.ts";
import { brandFormOf, NONE } from "./args.ts";
import { decideBrand, withoutBrand } from "./change.ts";
import { brandView } from "./view.ts";

const hex = z.string().regex(/^[\da-f]{6}$/u);

/** What a button of a brand does. `show`: what there is; `pair`: these two colours; `logo`: takes it off; `none`: takes all of it off. */
export const brandArg = z.strictObject({
  do: z.enum(["show", "form", "pair", "logo", "none"]).default("show"),
  ink: hex.optional(),
  ground: hex.optional(),
});

/** Colours, font and where: a logo is a file, which no form holds everywhere. */
function brandForm({ brand = NO_BRAND, token }: Pick<Context, "brand" | "token">): Outcome {
  const values: Readonly<Record<string, string>> = {
    ink: brand.colours?.ink ?? "",
    ground: brand.colours?.ground ?? "",
    font: brand.font ?? NONE,
    use: brand.use ?? "templates",
  };
  return {
    do: "form",
    form: {
      title: text("brand.title"),
      token: token("brand", "chat", { do: "form" }),
      submitLabel: text("button.save"),
      fields: fieldsOf(brandFormOf).map((field) => ({ ...field, value: values[field.name] ?? "" })),
    },
  };
}

/** The button, pressed; or the form, filled in. */
export async function brandPressed(
  context: Context,
  arg: z.output<typeof brandArg>,
  values: Readonly<Record<string, unknown>> | undefined,
): Promise<Outcome> {
  switch (arg.do) {
    case "show":
      return { do: "reply", visibility: "private", view: brandView(context, context.brand ?? NO_BRAND) };
    case "logo":
      return decideBrand(context, { logo: NONE });
    case "none":
      return withoutBrand(context);
    case "pair":
      return decideBrand(context, { ink: `#${arg.ink ?? ""}`, ground: `#${arg.ground ?? ""}` });
    case "form":
      return values === undefined ? brandForm(context) : brandFromForm(context, values);
  }
}

async function brandFromForm(context: Context, values: Readonly<Record<string, unknown>>): Promise<Outcome> {
  const filled = parseForm(brandFormOf, values, context.spoken);
  if (!filled.ok) return { do: "refuse", problem: filled.problem };
  const { ink, ground, ...others } = filled.value.values;
  // Where both were there and one is emptied, the other alone would get a new partner that nobody chose.
  const emptied = context.brand?.colours !== undefined && [ink, ground].every((typed) => (typed ?? "") === "");
  return decideBrand(context, { ...others, ...(emptied ? { ink: NONE } : { ink, ground }) });
}
