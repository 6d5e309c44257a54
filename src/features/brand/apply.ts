import type { Brand } from "../../domain/brand.ts";
import { brandingOf, type LetteringLayer } from "../../domain/lettering.ts";
import type { Template } from "../../domain/template.ts";

/** A layer from elsewhere, whose logo is this chat's own: no other is taken from what a file says. */
export function withoutForeignLogo({ logo, ...layer }: LetteringLayer, brand: Brand | undefined): LetteringLayer {
  return logo && logo.key === brand?.logo?.key ? { ...layer, logo } : layer;
}

/** What it stands on. `template`: a poster of one, with what that one leaves open. */
export type Branded = { readonly on: "words" | "slide" } | { readonly on: "template"; readonly template: Template };

/**
 * Words in a chat's own colours and font, with its logo. What a command says goes before what the template says, and both before
 * the brand.
 *
 * @param asked by the command; absent: as the chat has it
 */
export function withBrand(
  layer: LetteringLayer,
  brand: Brand | undefined,
  where: Branded,
  asked: "yes" | "no" | undefined,
): LetteringLayer {
  if (!brand || asked === "no") return layer;
  if (where.on === "words" && brand.use !== "everything" && asked !== "yes") return layer;
  const { colours, font, logo } = brand;
  const keeps = where.on === "template" ? where.template.keeps : undefined;
  const branding = brandingOf({
    ...(colours && keeps?.includes("colours") !== true ? { colours } : {}),
    ...(font && keeps?.includes("font") !== true ? { font } : {}),
    ...(logo && (where.on !== "template" || where.template.slots.logo) ? { logo } : {}),
  });
  return { ...layer, ...branding };
}
