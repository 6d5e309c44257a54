import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { ScriptedMeeting, WALL_KEY } from "../fakes/scripted-meeting.ts";
import { poster } from "./scripted-core.ts";
import { stage } from "./stage.ts";

export const WALL = `/wall/${WALL_KEY}`;
export const HD = { width: 1920, height: 1080 };

/** A scripted meeting on its walls and phones, with pictures of four hues. */
export async function meetingStage(
  browser: () => Browser,
  onTestFinished: (end: () => Promise<void>) => void,
  settings?: Parameters<typeof stage>[2],
) {
  const meeting = new ScriptedMeeting();
  const staged = await stage(browser, onTestFinished, settings, meeting);
  meeting.media = async (key) => {
    const n = Number(/^picture\/\w+\.(\d+)\/posted$/.exec(key)?.[1] ?? Number.NaN);
    if (Number.isNaN(n)) return undefined;
    const { widthPx, heightPx } = meeting.pictures[n]?.image ?? { widthPx: 832, heightPx: 1216 };
    return { bytes: new Uint8Array(await poster(widthPx, heightPx, 8 + 70 * n)), mime: "image/png" };
  };
  const calm: BrowserContextOptions = { reducedMotion: "reduce" };
  /** @param seat as it stands in a link */
  const phone = (seat: string, options: BrowserContextOptions = {}): Promise<Page> =>
    staged.look(`/meeting#seat=${seat}`, { ...calm, ...options });
  const wall = (options: BrowserContextOptions = {}): Promise<Page> =>
    staged.look(WALL, { viewport: HD, ...calm, ...options });
  return { ...staged, meeting, phone, wall };
}
