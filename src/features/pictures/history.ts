import { z } from "zod";
import { shownWords } from "../../domain/filled-template.ts";
import type { Picture } from "../../domain/job.ts";
import { facts, lines, type Text, text, verbatim } from "../../domain/text.ts";
import { ago } from "../../domain/time-words.ts";
import { cutText } from "../../lib/text.ts";
import type { Context } from "../../ports/command.ts";
import { GALLERY_TILES, type View } from "../../ports/view.ts";
import { imageOfPicture } from "../../views/picture.ts";

export const HISTORY_PAGE_PICTURES = GALLERY_TILES;
const PROMPT_SHOWN_CHARS = 80;

/** Where a press leads: to the page after the button's picture, or back to the newest. */
export const pageArg = z.strictObject({ whose: z.enum(["mine", "all"]), to: z.enum(["next", "newest"]) });

/** One page of this chat's pictures, newest first. The last picture shown is the cursor of the next page. */
export async function historyPage(
  context: Context,
  page: { readonly mine: boolean; readonly beforeNumber?: number },
): Promise<View> {
  const found = await context.reads.history({
    chatKey: context.chatKey,
    ...(page.mine ? { memberId: context.member.id } : {}),
    ...(page.beforeNumber === undefined ? {} : { beforeNumber: page.beforeNumber }),
    limit: HISTORY_PAGE_PICTURES + 1,
  });
  const shown = found.slice(0, HISTORY_PAGE_PICTURES);
  const last = shown.at(-1);
  if (last === undefined) return { text: emptyText(page), tone: "quiet" };
  const pageButton = (label: Text, to: z.output<typeof pageArg>["to"]) => ({
    label,
    token: context.token("more", { jobId: last.jobId, pictures: last.index }, {
      whose: page.mine ? "mine" : "all",
      to,
    } satisfies z.output<typeof pageArg>),
  });
  const pageButtons = [
    ...(page.beforeNumber === undefined ? [] : [pageButton(text("button.newest"), "newest")]),
    ...(found.length > shown.length ? [pageButton(text("button.more"), "next")] : []),
  ];
  return {
    text: text(page.mine ? "history.mine" : "history.all"),
    tiles: shown.map((picture) => tileOf(picture, context)),
    ...(pageButtons.length === 0 ? {} : { buttons: [pageButtons] }),
  };
}

function emptyText(page: { readonly mine: boolean; readonly beforeNumber?: number }): Text {
  if (page.beforeNumber !== undefined) return text("history.end");
  return text(page.mine ? "history.none.mine" : "history.none");
}

const tileOf = (picture: Picture, { nowMs, rules }: Pick<Context, "nowMs" | "rules">) => ({
  title: facts(verbatim(`#${picture.number}`), picture.memberName),
  text: lines(cutText(shownWords(picture.recipe.request), PROMPT_SHOWN_CHARS), ago(picture.madeAtMs, nowMs)),
  image: imageOfPicture(picture, "thumb", rules),
  fill: `/show ${picture.number}`,
});
