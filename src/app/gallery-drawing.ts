import type { ImageRequest } from "../domain/recipe.ts";
import type { Style } from "../domain/style.ts";
import type { Template } from "../domain/template.ts";
import { styleRequest, templateRequest } from "../features/draw/sample.ts";
import { asError } from "../lib/error.ts";
import { createSerial } from "../lib/serial.ts";
import type { Backend } from "../ports/backend.ts";
import type { Log } from "../ports/log.ts";

const GALLERY_WITHIN_MS = 20_000;

/**
 * Gallery pictures: of styles that bring none their first example, of templates their own words. Drawn by the backend that is
 * always here and costs nobody anything; one at a time, so that an open gallery never holds up a member's picture for long.
 */
export function galleryDrawing(backends: readonly Backend[], styles: readonly Style[], log: Log) {
  // One that adds no word of its own shows a template as it is.
  const plain = styles.find(({ trigger }) => trigger === "") ?? styles[0];
  const backend = backends.find(({ where }) => where === "here");
  const oneByOne = createSerial();
  const drawn = async (request: ImageRequest, style: Style, facts: Readonly<Record<string, string>>) =>
    backend ? oneByOne.run(() => draw(backend, { request, style, facts }, log)) : undefined;
  return {
    drawStyle: (style: Style) =>
      drawn({ ...styleRequest(style), widthPx: 512, heightPx: 640 }, style, { style: style.id }),
    drawTemplate: async (template: Template) =>
      plain && drawn(templateRequest(template, plain), plain, { template: template.id }),
  };
}

interface Asked {
  readonly request: ImageRequest;
  readonly style: Style;
  readonly facts: Readonly<Record<string, string>>;
}

async function draw(backend: Backend, { request, style, facts }: Asked, log: Log): Promise<Uint8Array | undefined> {
  try {
    for await (const event of backend.generate({ request, style, signal: AbortSignal.timeout(GALLERY_WITHIN_MS) }))
      if (event.type === "image") return event.bytes;
  } catch (error) {
    log.warn("gallery.undrawn", { ...facts, error: asError(error) });
  }
  return undefined;
}
