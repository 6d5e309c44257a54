import { z } from "zod";
import type { Picture } from "../../domain/job.ts";
import { cutText } from "../../lib/text.ts";
import { agoText } from "../../lib/time-text.ts";
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
  const pageButton = (label: string, to: z.output<typeof pageArg>["to"]) => ({
    label,
    token: context.token("more", { jobId: last.jobId, pictures: last.index }, {
      whose: page.mine ? "mine" : "all",
      to,
    } satisfies z.output<typeof pageArg>),
  });
  const pageButtons = [
    ...(page.beforeNumber === undefined ? [] : [pageButton("Newest", "newest")]),
    ...(found.length > shown.length ? [pageButton("More", "next")] : []),
  ];
  const whose = page.mine ? "Your pictures" : "The pictures";
  return {
    text: `${whose} of this chat, newest first. /show and a number shows one with its buttons.`,
    tiles: shown.map((picture) => tileOf(picture, context)),
    ...(pageButtons.length === 0 ? {} : { buttons: [pageButtons] }),
  };
}

function emptyText(page: { readonly mine: boolean; readonly beforeNumber?: number }): string {
  if (page.beforeNumber !== undefined) return "Those were all. /history starts again with the newest.";
  return page.mine
    ? "You have made no picture in this chat yet. /examples has prompts to start from."
    : "No picture has been made in this chat yet. /examples has prompts to start from.";
}

const tileOf = (picture: Picture, { nowMs, rules }: Pick<Context, "nowMs" | "rules">) => ({
  title: `#${picture.number} · ${picture.memberName}`,
  text: `${cutText(picture.recipe.request.prompt, PROMPT_SHOWN_CHARS)}\nseed ${picture.recipe.request.seed} · ${agoText(picture.madeAtMs, nowMs)}`,
  image: imageOfPicture(picture, "thumb", rules),
  fill: `/show ${picture.number}`,
});
