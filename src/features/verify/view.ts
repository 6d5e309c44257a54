import type { Picture } from "../../domain/job.ts";
import { sourceTypeOf } from "../../domain/made-by.ts";
import { saidOf } from "../../domain/marked.ts";
import type { Seal } from "../../domain/seal.ts";
import type { SourceType } from "../../domain/source-type.ts";
import { day, lines, type Text, text, verbatim } from "../../domain/text.ts";
import { displayName } from "../../lib/display-name.ts";
import type { View } from "../../ports/view.ts";

/** What is known of a picture that was made here. @param chatKey of where it is asked */
export function madeHereView(picture: Picture, chatKey: string, seal?: Seal): View {
  const date = day(picture.madeAtMs);
  const made = sourceTypeOf(picture.recipe);
  return {
    text: lines(
      picture.chatKey === chatKey
        ? text("verify.here", { date, number: picture.number })
        : text("verify.elsewhere", { date }),
      made && text(`verify.made.${made}`),
      seal && sealText(seal),
      text("verify.look"),
    ),
    tone: "good",
  };
}

/** What a file says of itself, where none of ours looks like it. */
export function saysView(file: Uint8Array, seal?: Seal): View {
  const said = saidOf(file);
  const found: readonly Text[] = [...(said ? [xmpText(said)] : []), ...(seal ? [sealText(seal)] : [])];
  if (seal?.by === "us" && seal.holds) return { text: lines(...found), tone: "good" };
  return found.length === 0
    ? { text: text("verify.nothing"), tone: "quiet" }
    : { text: lines(text("verify.not-here"), ...found), tone: "quiet" };
}

const xmpText = (said: SourceType): Text => text("verify.xmp", { what: text(`verify.made.${said}`) });

/** A certificate that is not ours says who it is of, and nobody here can tell whether that is so. */
function sealText(seal: Seal): Text {
  switch (seal.by) {
    case "us":
      return text(seal.holds ? "verify.seal.ours" : "verify.seal.changed");
    case "others": {
      const name = verbatim(displayName(seal.name, "?"));
      return text(seal.holds ? "verify.seal.others" : "verify.seal.broken", { name });
    }
    case "unknown":
      return text("verify.seal.unknown");
  }
}
