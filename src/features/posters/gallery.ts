import { type Template, wordSlotsOf } from "../../domain/template.ts";
import { templateAbout, templateName } from "../../domain/template-names.ts";
import { lines, sentences, text, verbatim } from "../../domain/text.ts";
import type { Catalogue, Context } from "../../ports/command.ts";
import type { View } from "../../ports/view.ts";
import { encodeMediaKey } from "../../views/media-key.ts";
import { previewSizeOf } from "../draw/sample.ts";
import { galleryPage } from "../gallery-page.ts";

/** One page of the templates, from 0. */
export function templatePage(
  context: Pick<Context, "token">,
  catalogue: Pick<Catalogue, "templates">,
  wanted: number,
): View {
  const { where, ...page } = galleryPage(context, {
    verb: "posters",
    items: catalogue.templates,
    page: wanted,
    tileOf: (template) => ({
      title: templateName(template),
      text: tileText(template),
      image: {
        key: encodeMediaKey({ of: "template", templateId: template.id }),
        alt: text("template.alt", { title: templateName(template), words: template.slots.title?.example ?? "" }),
        ...previewSizeOf(template),
      },
      fill: `/poster template:${template.id} `,
    }),
  });
  return { text: sentences(text("template.list"), where), ...page };
}

const tileText = (template: Template) =>
  lines(
    templateAbout(template),
    verbatim(`/poster template:${template.id}`),
    text("template.slots", { slots: wordSlotsOf(template).join(", ") }),
  );
