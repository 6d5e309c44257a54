import type { Picture } from "./job.ts";
import type { MeetingItem } from "./meeting.ts";

/** A picture, and when it was asked for: that decides of which item it is, however long it took. */
export interface AskedPicture {
  readonly picture: Picture;
  readonly acceptedAtMs: number;
}

/** What was asked for while it was the current item, held ones too, oldest first. */
export const picturesOfItem = (
  { spans }: Pick<MeetingItem, "spans">,
  asked: readonly AskedPicture[],
): readonly Picture[] =>
  asked
    .filter(({ acceptedAtMs }) =>
      spans.some(({ fromMs, toMs }) => acceptedAtMs >= fromMs && (toMs === undefined || acceptedAtMs < toMs)),
    )
    .map(({ picture }) => picture)
    .toSorted((a, b) => a.number - b.number);

/** The same without those that the chair holds: what the wall shows and what is voted on. */
export const candidatesOf = (item: MeetingItem, asked: readonly AskedPicture[]): readonly Picture[] =>
  picturesOfItem(item, asked).filter(({ imageId, deleted }) => !deleted && !item.heldImageIds.includes(imageId));
