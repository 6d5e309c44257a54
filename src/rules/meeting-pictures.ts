import type { AskedPicture } from "../domain/meeting-candidates.ts";
import { chatKeyOf } from "../domain/place.ts";
import { meetingBy, settingsKeyBy } from "./meetings.ts";
import { type PictureRow, pictureOf, SELECT } from "./pictures.ts";
import { jobBody } from "./rows.ts";
import { all, type Tx } from "./transaction.ts";

/** What was asked for in time and waited for its allowance, or in a long queue, still belongs to it. */
const LATE_MS = 86_400_000;

type Asked = [settingsKey: string, fromMs: number, toMs: number, chatKey: string];
// Through picture_age: what was made before it began was asked for before that.
const rows = all<PictureRow & { readonly jobBody: string }, Asked>(
  `${SELECT.replace("FROM picture", ', (SELECT j.body FROM job j WHERE j.job_id = picture.job_id) AS "jobBody" FROM picture')}
   WHERE settings_key = $1 AND made_at_ms >= $2 AND made_at_ms < $3 AND chat_key = $4 AND deleted_at_ms IS NULL ORDER BY number`,
);

/** See `Meetings.picturesAsked`. */
export async function picturesAsked(tx: Tx, meetingId: string): Promise<readonly AskedPicture[]> {
  const meeting = await meetingBy(tx, meetingId);
  const key = meeting && (await settingsKeyBy(tx, meetingId));
  if (!meeting || !key) return [];
  const { startedAtMs, endedAtMs, place } = meeting;
  const untilMs = endedAtMs === undefined ? Number.MAX_SAFE_INTEGER : endedAtMs + LATE_MS;
  const found: AskedPicture[] = [];
  for (const { jobBody: body, ...row } of await rows(tx, key.settingsKey, startedAtMs, untilMs, chatKeyOf(place))) {
    const { acceptedAtMs } = jobBody.parse(body);
    if (acceptedAtMs >= startedAtMs && (endedAtMs === undefined || acceptedAtMs < endedAtMs))
      found.push({ picture: pictureOf(row), acceptedAtMs });
  }
  return found;
}
