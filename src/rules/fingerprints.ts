import type { Picture } from "../domain/job.ts";
import { bitsApart, SAME_WITHIN_BITS } from "../lib/fingerprint.ts";
import { overAccounts } from "./accounts.ts";
import { picture } from "./pictures.ts";
import { all, type Tx } from "./transaction.ts";

// Pictures by what they look like.

interface Look {
  readonly imageId: string;
  readonly bits: string;
}

/** Comparing so many takes some ten milliseconds. Of a chat with more the newest are looked at. */
const LOOKED_AT_MAX = 20_000;

const LOOKS = `SELECT fingerprint.image_id AS "imageId", bits FROM fingerprint
  JOIN picture ON picture.image_id = fingerprint.image_id WHERE deleted_at_ms IS NULL AND`;
const ofChat = all<Look, [chatKey: string, limit: number]>(
  `${LOOKS} picture.chat_key = $1 ORDER BY picture.number DESC LIMIT $2`,
);
const ofMember = all<Look, [memberId: string, limit: number]>(
  `${LOOKS} picture.member_id = $1 ORDER BY picture.seq DESC LIMIT $2`,
);

/** See `Store.pictureLike`. */
export async function pictureLike(
  tx: Tx,
  { chatKey, memberId }: { readonly chatKey: string; readonly memberId: string },
  fingerprint: string,
): Promise<Picture | undefined> {
  const here = nearest(await ofChat(tx, chatKey, LOOKED_AT_MAX), fingerprint);
  if (here) return picture(tx, here.imageId);
  const own = nearest(
    await overAccounts(tx, memberId, (each, account) => ofMember(each, account, LOOKED_AT_MAX)),
    fingerprint,
  );
  return own && picture(tx, own.imageId);
}

/** The newest of those that are equally near. */
function nearest(looks: readonly Look[], fingerprint: string): Look | undefined {
  let found: { readonly look: Look; readonly apart: number } | undefined;
  for (const look of looks) {
    const apart = bitsApart(look.bits, fingerprint);
    if (apart <= SAME_WITHIN_BITS && (!found || apart < found.apart)) found = { look, apart };
  }
  return found?.look;
}
