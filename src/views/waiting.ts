import type { Job, Progress } from "../domain/job.ts";
import { clock, facts, listed, sentences, type Text, text } from "../domain/text.ts";
import { duration } from "../domain/time-words.ts";
import type { Ahead } from "../ports/store.ts";
import type { CardFacts } from "./card-facts.ts";

// Where a job stands that is not done, in words.

/** "waits until there is enough, at about 20:35". */
export function deferredText({ deferral }: Pick<Job, "deferral">, nowMs: number): Text {
  const expectedAtMs = deferral?.expectedAtMs;
  return expectedAtMs === undefined || expectedAtMs <= nowMs
    ? text("card.deferred")
    : text("card.deferred.until", { time: clock(expectedAtMs, nowMs) });
}

/** "2 before yours · about 40 s". */
export const placeText = (ahead: Ahead | undefined, job: Job): Text =>
  facts(
    ahead === undefined || ahead.jobs === 0 ? text("card.place.next") : text("card.place.ahead", { ahead: ahead.jobs }),
    text("card.waiting.about", { wait: duration((ahead?.estimateMs ?? 0) + job.estimateMs) }),
  );

export function waitingText(ahead: Ahead | undefined, job: Job): Text {
  const wait = duration((ahead?.estimateMs ?? 0) + job.estimateMs);
  return ahead === undefined || ahead.jobs === 0
    ? text("card.queued.next", { wait })
    : text("card.queued.ahead", { ahead: ahead.jobs, wait });
}

export function doingText(progress: Progress | undefined, backendTitle: CardFacts["backendTitle"]): Text {
  if (!progress) return text("card.making");
  const place = backendTitle(progress.backend);
  if (progress.waiting) return waitingThere(progress.waiting, place);
  return progress.step ? text("card.making.step", { place, ...progress.step }) : text("card.making.at", { place });
}

/** "waiting on ComfyUI, 3 ahead in its queue, about 2 min", or the reason: "ComfyUI is still loading its model. About 40 s more." */
function waitingThere({ position, etaMs, why }: NonNullable<Progress["waiting"]>, place: Text): Text {
  const wait = etaMs === undefined ? undefined : duration(etaMs);
  if (why !== undefined) return sentences(why, wait && text("card.waiting.more", { wait }));
  return listed(
    [
      text("card.waiting", { place }),
      ...(position === undefined ? [] : [queueText(position)]),
      ...(wait === undefined ? [] : [text("card.waiting.about", { wait })]),
    ],
    "commas",
  );
}

const queueText = (position: number): Text =>
  position === 0 ? text("card.waiting.next") : text("card.waiting.ahead", { ahead: position });
