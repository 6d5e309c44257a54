import { randomInt } from "node:crypto";
import type { App } from "../../src/app/app.ts";
import { meetingIdOf } from "../../src/domain/ids.ts";
import type { Place } from "../../src/domain/place.ts";
import type { Result } from "../../src/domain/problem.ts";
import { newJoinCode, newWallKey } from "../../src/domain/short-code.ts";
import type { SeatAnswer, SeatAsking } from "../../src/ports/meeting-screens.ts";
import { englishWords } from "../words.ts";

export const CHAIR = { id: "discord:7", name: "Cleo" };
let updates = 0;
export const updateId = () => `press ${updates++}`;

/** A meeting in a chat, at the first of two items. */
export async function meetingIn(app: App, place: Place) {
  const { store, nowMs } = app.services;
  const startedAtMs = nowMs();
  const meetingId = meetingIdOf("start");
  await store.startMeeting({
    updateId: "start",
    meeting: {
      meetingId,
      place,
      title: "Assembly",
      agenda: [{ title: "Which poster" }, { title: "Rent strike" }],
      startedBy: CHAIR,
      startedAtMs,
      code: newJoinCode(randomInt),
      wallKey: newWallKey(randomInt),
    },
    dayCapGpuMs: 0,
    nowMs: startedAtMs,
  });
  await store.changeMeeting({ updateId: "go", meetingId, change: { does: "next", at: -1 }, nowMs: startedAtMs });
  const meeting = await store.meeting(meetingId);
  if (!meeting) throw new Error("it was started just now");
  return meeting;
}

/** Somebody with the code on the wall. */
export async function guest(app: App, name: string, code: string) {
  const came = await app.meetings.join(code, name, name);
  if (!came.ok) throw new Error(englishWords(came.problem.text));
  const asking: SeatAsking = { seat: came.value.seat, addressKey: name, languages: ["en"] };
  const { meetings } = app;
  return {
    asking,
    sees: () => meetings.seat(asking),
    draw: (words: string, lettered = "") => meetings.draw(asking, { updateId: updateId(), words, lettered }),
    press: (token: string | undefined) => meetings.press(asking, { updateId: updateId(), token: token ?? "" }),
  };
}

export const said = (answer: Result<SeatAnswer>): string => {
  if (!answer.ok) return `refused: ${englishWords(answer.problem.text)}`;
  return answer.value.is === "said" ? answer.value.view.text : answer.value.is;
};
