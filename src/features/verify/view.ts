import type { Picture } from "../../domain/job.ts";
import { sourceTypeOf } from "../../domain/made-by.ts";
import { saidOf } from "../../domain/marked.ts";
import type { SourceType } from "../../domain/source-type.ts";
import { day, lines, type Text, text } from "../../domain/text.ts";
import { hasManifest } from "../../lib/c2pa-part.ts";
import type { View } from "../../ports/view.ts";

/** What is known of a picture that was made here. @param chatKey of where it is asked */
export function madeHereView(picture: Picture, chatKey: string): View {
  const date = day(picture.madeAtMs);
  const made = sourceTypeOf(picture.recipe);
  return {
    text: lines(
      picture.chatKey === chatKey
        ? text("verify.here", { date, number: picture.number })
        : text("verify.elsewhere", { date }),
      made && text(`verify.made.${made}`),
      text("verify.look"),
    ),
    tone: "good",
  };
}

/** What a file says of itself, where none of ours looks like it. */
export function saysView(file: Uint8Array): View {
  const said = saidOf(file);
  const found: readonly Text[] = [
    ...(said ? [xmpText(said)] : []),
    ...(hasManifest(file) ? [text("verify.c2pa")] : []),
  ];
  return found.length === 0
    ? { text: text("verify.nothing"), tone: "quiet" }
    : { text: lines(text("verify.not-here"), ...found), tone: "quiet" };
}

const xmpText = (said: SourceType): Text => text("verify.xmp", { what: text(`verify.made.${said}`) });
