import { decodeSeat } from "../../domain/seat.ts";
import { type Clock, every } from "../../lib/clock.ts";
import { coalesce } from "../../lib/coalesce.ts";
import { asError } from "../../lib/error.ts";
import { createListeners, type Listeners } from "../../lib/listeners.ts";
import type { MeetingScreens } from "../../ports/meeting-screens.ts";
import type { Services } from "../services.ts";
import type { Revisions } from "./revisions.ts";

/** Another process's changes are seen at the next of these. */
const LOOK_EVERY_MS = 1000;
/** At most ten times a second. */
const APART_MS = 100;

interface Watched {
  readonly listeners: Listeners;
  count: number;
  /** `undefined`: not looked at yet. */
  revision?: number;
}

export interface Watching {
  readonly watch: MeetingScreens["watch"];
  /** Something that a screen shows may have changed in this process. */
  changed(): void;
}

/** Tells screens when theirs is old: one statement a second for each meeting, and soon after anything changes here. */
export function createWatching(
  services: Pick<Services, "store" | "buttonKey" | "log"> & { readonly clock: Clock },
  revisions: Pick<Revisions, "of">,
): Watching {
  const { store, buttonKey, clock, log } = services;
  const watched = new Map<string, Watched>();
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let isDue = false;
  let stopLooking: (() => void) | undefined;

  const look = coalesce(lookAtAll, (error) => log.warn("screens.unread", { error: asError(error) }));

  async function lookAtAll(): Promise<void> {
    lookedAtMs = clock.steadyMs();
    for (const [meetingId, each] of watched) {
      const revision = await revisions.of(meetingId);
      if (revision === undefined || revision === each.revision) continue;
      each.revision = revision;
      each.listeners.tell();
    }
  }

  function changed(): void {
    if (isDue || watched.size === 0) return;
    isDue = true;
    clock.after(Math.max(0, lookedAtMs + APART_MS - clock.steadyMs()), () => {
      isDue = false;
      look.ask();
    });
  }

  /** @returns ends it */
  function add(meetingId: string, listener: () => void): () => void {
    const each = watched.get(meetingId) ?? { listeners: createListeners(), count: 0 };
    watched.set(meetingId, each);
    each.count += 1;
    const remove = each.listeners.add(listener);
    stopLooking ??= every(clock, LOOK_EVERY_MS, changed);
    changed();
    return () => {
      remove();
      each.count -= 1;
      if (each.count === 0) watched.delete(meetingId);
      if (watched.size > 0) return;
      stopLooking?.();
      stopLooking = undefined;
    };
  }

  const meetingIdOf = async (by: Parameters<MeetingScreens["watch"]>[0]): Promise<string | undefined> =>
    "seat" in by ? decodeSeat(buttonKey, by.seat)?.meetingId : (await store.meetingByWall(by.wallKey))?.meetingId;

  return {
    changed,
    watch(by, tell) {
      let ended = false;
      let end: (() => void) | undefined;
      const begin = async () => {
        const meetingId = await meetingIdOf(by);
        if (meetingId === undefined || ended) return;
        end = add(meetingId, tell);
        // What changed between its first reading and now.
        tell();
      };
      begin().catch((error: unknown) => log.warn("screens.unwatched", { error: asError(error) }));
      return () => {
        if (ended) return;
        ended = true;
        end?.();
      };
    },
  };
}
