import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Person } from "../../domain/block.ts";
import { MEETING_MAX_PRESENT, type Meeting } from "../../domain/meeting.ts";
import { memberName } from "../../domain/member-name.ts";
import { ok, type Result, refuse } from "../../domain/problem.ts";
import { guestIdOf } from "../../domain/seat.ts";
import { joinCodeIn, newJoinCode } from "../../domain/short-code.ts";
import { text } from "../../domain/text.ts";
import { looksOf } from "../../lib/look-alike.ts";
import { createSerial } from "../../lib/serial.ts";
import type { KeyValues } from "../../ports/key-values.ts";
import type { MeetingScreens } from "../../ports/meeting-screens.ts";
import type { Store } from "../../ports/store.ts";
import { createCodeTries } from "../code-tries.ts";
import { createTimedValues } from "../timed-values.ts";

const WINDOW_MS = 10 * 60_000;
/** So many wrong ones by all together are no slips of the finger. */
const RENEW_AFTER = 200;
const EVERYBODY = "all";
const guessesSchema = z.object({ untilMs: z.number(), guesses: z.int() });

/** Lets phones into meetings by the code on the wall. */
export interface JoinCodes {
  knows: MeetingScreens["knows"];
  /** Who came in, and where; they are there from now on. */
  join(
    typed: string,
    name: string,
    by: string | undefined,
  ): Promise<Result<{ readonly meeting: Meeting; readonly person: Person }>>;
}

export function createJoinCodes({
  store,
  keyValues,
  nowMs,
  below,
}: {
  readonly store: Pick<Store, "meetingByCode" | "attend" | "renewCodes">;
  readonly keyValues: KeyValues;
  readonly nowMs: () => number;
  readonly below: (max: number) => number;
}): JoinCodes {
  const timed = createTimedValues({ keyValues, nowMs, holdsMs: WINDOW_MS });
  const tries = createCodeTries(timed, { namespace: "meeting-codes.tries", wrong: text("join.wrong") });
  const guessed = timed.open("meeting-codes.guesses", guessesSchema);
  const counting = createSerial();

  /** Whoever guesses from many addresses at once finds another code there. */
  const guess = (): Promise<void> =>
    counting.run(async () => {
      const known = await guessed.get(EVERYBODY);
      const before = known && timed.holds(known) ? known : { untilMs: nowMs() + WINDOW_MS, guesses: 0 };
      const guesses = before.guesses + 1;
      if (guesses < RENEW_AFTER) return guessed.set(EVERYBODY, { ...before, guesses });
      await store.renewCodes(() => newJoinCode(below));
      await guessed.delete(EVERYBODY);
    });

  const meetingOf = (typed: string, by: string | undefined): Promise<Result<Meeting>> =>
    tries.attempt(by, async () => {
      const code = joinCodeIn(typed);
      const meeting = code === undefined ? undefined : await store.meetingByCode(code);
      if (code !== undefined && !meeting) await guess();
      return meeting;
    });

  return {
    async knows(typed, by) {
      const found = await meetingOf(typed, by);
      return found.ok ? ok({ title: found.value.title }) : found;
    },
    async join(typed, name, by) {
      const found = await meetingOf(typed, by);
      if (!found.ok) return found;
      const meeting = found.value;
      const named = memberName(name);
      if (!named.ok) return named;
      if (meeting.present.length >= MEETING_MAX_PRESENT)
        return refuse({ code: "not_allowed", text: text("join.full", { max: MEETING_MAX_PRESENT }) });
      const alike = lookAlike(meeting, named.value.name);
      if (alike) return refuse({ code: "bad_args", text: text("web.name.alike", { name: alike.name }) });
      const person = { id: guestIdOf(randomUUID()), name: named.value.name };
      await store.attend(meeting.meetingId, person);
      return ok({ meeting, person });
    },
  };
}

/** Somebody there, the chair among them, for whom a guest of this name could be taken. */
function lookAlike({ present, chair }: Meeting, name: string): Person | undefined {
  const looks = new Set(looksOf(name));
  return [chair, ...present].find((each) => looksOf(each.name).some((look) => looks.has(look)));
}
