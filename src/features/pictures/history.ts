import type { Picture } from "../../domain/job.ts";
import { cutText } from "../../lib/text.ts";
import { agoText } from "../../lib/time-text.ts";
import type { Context } from "../../ports/command.ts";
import { GALLERY_TILES, type View } from "../../ports/view.ts";
import { imageOfPicture } from "../../views/picture.ts";

export const HISTORY_PAGE_PICTURES = GALLERY_TILES;
const PROMPT_SHOWN_CHARS = 80;

/** Where a press leads: to the page after picture `index` (0 to 7) of the button's job, or back to the newest. */
interface Turn {
  readonly index: number;
  readonly mine: boolean;
  readonly newest: boolean;
}
const NEWEST = 16;
export const encodeTurn = ({ index, mine, newest }: Turn): number => (newest ? NEWEST : 0) + index * 2 + (mine ? 1 : 0);
export const decodeTurn = (encoded: number): Turn => ({
  newest: encoded >= NEWEST,
  index: Math.floor((encoded % NEWEST) / 2),
  mine: encoded % 2 === 1,
});

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
  const turn = (label: string, newest: boolean) => ({
    label,
    token: context.token("more", last.jobId, encodeTurn({ index: last.index, mine: page.mine, newest })),
  });
  const turns = [
    ...(page.beforeNumber === undefined ? [] : [turn("Newest", true)]),
    ...(found.length > shown.length ? [turn("More", false)] : []),
  ];
  const whose = page.mine ? "Your pictures" : "The pictures";
  return {
    text: `${whose} of this chat, newest first. /show and a number shows one with its buttons.`,
    tiles: shown.map((picture) => tileOf(picture, context)),
    ...(turns.length === 0 ? {} : { buttons: [turns] }),
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
