import type { MessageRef, Place } from "../../domain/place.ts";
import type { Clock } from "../../lib/clock.ts";
import { asError } from "../../lib/error.ts";
import type { Log } from "../../ports/log.ts";
import type { View } from "../../ports/view.ts";
import { fittedView } from "../../views/shown.ts";
import type { Leadership } from "../leadership.ts";
import type { ReaderLanguage } from "../reader-language.ts";
import type { Outgoing, OutgoingDoor } from "./outgoing.ts";
import type { Sends } from "./sends.ts";

/** What goes on and shows how far it is: a job, a document. */
export interface Progressing {
  readonly place: Place;
  /** Where it is shown; absent: nowhere yet. */
  readonly message?: MessageRef | undefined;
  /** It still goes on. */
  readonly isOpen: boolean;
  view(): Promise<View | undefined>;
}

/** Edits the messages of what is unfinished as it goes on, no more often than their platform allows. */
interface ProgressEdits {
  start(): void;
  /** Those that wait are dropped. */
  stop(): void;
  /** Edits its message to what it is now, if it was posted, as soon as it may be edited again. */
  refreshSoon(ownerId: string): void;
  /** Its message was shown there just now: the next edit keeps its distance, and after the last there is none. */
  shown(ownerId: string, isOpen: boolean, adapter: Outgoing): void;
}

export function createProgressEdits(deps: {
  /** As it is now; `undefined`: there is none of this id. */
  readonly progressing: (ownerId: string) => Promise<Progressing | undefined>;
  readonly adapters: OutgoingDoor;
  readonly leadership: Pick<Leadership, "leads" | "reign">;
  readonly readerLanguage: Pick<ReaderLanguage, "ofChat">;
  readonly sends: Pick<Sends, "serially">;
  readonly clock: Clock;
  readonly log: Log;
}): ProgressEdits {
  const { clock, log, leadership } = deps;
  /** By owner, in steady ms. None: not shown by this process, or ended. */
  const editableAtMs = new Map<string, number>();
  const waiting = new Map<string, () => void>();
  let stopped = true;

  const keepDistance = (ownerId: string, { capabilities }: Outgoing) =>
    void editableAtMs.set(ownerId, clock.steadyMs() + capabilities.editMinIntervalMs);
  const earlyByMs = (ownerId: string) => Math.max(0, Math.ceil((editableAtMs.get(ownerId) ?? 0) - clock.steadyMs()));

  async function edit(ownerId: string): Promise<void> {
    // It was posted while this waited for its turn.
    if (earlyByMs(ownerId) > 0) return refreshSoon(ownerId);
    // The door refuses it, too: this spares the reading and drawing of what another process shows.
    if (!leadership.leads()) return;
    const under = leadership.reign();
    const subject = await deps.progressing(ownerId);
    if (!subject?.message || !subject.isOpen) return;
    const { message } = subject;
    const adapter = deps.adapters.get(message.place.platform, under);
    const view = adapter && (await subject.view());
    if (!adapter || !view) return;
    const language = await deps.readerLanguage.ofChat(subject.place);
    keepDistance(ownerId, adapter);
    // A lost progress edit loses nothing: the next one or the result replaces it.
    await adapter
      .edit(message, fittedView(view, language, adapter.capabilities))
      .catch((error: unknown) => log.debug("progress.lost", { owner: ownerId, error: asError(error) }));
  }

  function editNow(ownerId: string): void {
    waiting.delete(ownerId);
    if (!stopped) void deps.sends.serially(ownerId, () => edit(ownerId));
  }

  function refreshSoon(ownerId: string): void {
    // A burst of progress makes one edit.
    if (waiting.has(ownerId) || stopped) return;
    waiting.set(
      ownerId,
      clock.after(earlyByMs(ownerId), () => editNow(ownerId)),
    );
  }

  function callOff(ownerId: string): void {
    waiting.get(ownerId)?.();
    waiting.delete(ownerId);
  }

  return {
    start() {
      stopped = false;
    },
    stop() {
      stopped = true;
      for (const ownerId of waiting.keys()) callOff(ownerId);
    },
    refreshSoon,
    shown(ownerId, isOpen, adapter) {
      if (isOpen) return keepDistance(ownerId, adapter);
      editableAtMs.delete(ownerId);
      callOff(ownerId);
    },
  };
}
