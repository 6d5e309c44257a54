import { expect, it } from "vitest";
import { createJoinCodes } from "../../../src/dispatch/screens/join-codes.ts";
import type { Meeting } from "../../../src/domain/meeting.ts";
import { isGuestId } from "../../../src/domain/seat.ts";
import { keyValuesInMemory } from "../../fakes/module-services.ts";
import { CHAIR, meetingWith } from "../../views/meeting/screen-facts.ts";
import { englishWords } from "../../words.ts";

const MIN_MS = 60_000;
const WRONG = "That code is not on any wall now. Look at the screen again: it has six letters.";

/** One meeting, which has the code BCDFGH until others are drawn. */
function hall(over: Partial<Meeting> = {}) {
  let nowMs = 1_800_000_000_000;
  let meeting = meetingWith({ present: [CHAIR], ...over });
  const keyValues = keyValuesInMemory();
  const store = {
    meetingByCode: async (code: string) => (meeting.code === code && meeting.state !== "ended" ? meeting : undefined),
    async attend(_: string, person: Meeting["chair"]) {
      meeting = { ...meeting, present: [...meeting.present, person] };
      return true;
    },
    async renewCodes(newCode: () => string) {
      meeting = { ...meeting, code: newCode() };
      return 1;
    },
  };
  const open = () => createJoinCodes({ store, keyValues, nowMs: () => nowMs, below: () => 0 });
  let codes = open();
  const said = <T>(
    found: { ok: true; value: T } | { ok: false; problem: { text: Parameters<typeof englishWords>[0] } },
  ) => (found.ok ? found.value : englishWords(found.problem.text));
  return {
    knows: async (typed: string, by: string | null = "x") => said(await codes.knows(typed, by ?? undefined)),
    join: async (typed: string, name: string, by = "x") => said(await codes.join(typed, name, by)),
    /** By many who cannot be told to be one. */
    async guess(times: number) {
      for (let each = 0; each < times; each += 1) await codes.knows("WWWWWW", `guess ${nowMs} ${each}`);
    },
    after: (ms: number) => (nowMs += ms),
    restart: () => (codes = open()),
    end: () => (meeting = { ...meeting, state: "ended" }),
    meeting: () => meeting,
  };
}

it.each([
  ["as on the wall", "BCD-FGH"],
  ["in small letters", "bcdfgh"],
  ["with spaces", " bcd fgh "],
  ["in full-width letters", "ｂｃｄｆｇｈ"],
])("takes the code %s", async (_, typed) => {
  const { knows, join } = hall();
  expect(await knows(typed)).toEqual({ title: meetingWith().title });
  expect(await join(typed, "  Gil   Doe ")).toMatchObject({ person: { name: "Gil Doe" } });
});

it("lets in guests with ids of their own, who are there at once", async () => {
  const { join, meeting } = hall();
  const came = [await join("BCDFGH", "Gil"), await join("BCDFGH", "Kim", "y")];
  const ids = came.map((each) => (typeof each === "object" ? each.person.id : each));
  expect(new Set(ids).size).toBe(2);
  expect(ids.every(isGuestId)).toBe(true);
  expect(meeting().present.map(({ name }) => name)).toEqual([CHAIR.name, "Gil", "Kim"]);
});

it("takes nobody in as somebody who is there, nor under a name that cannot be read, and counts neither as a guess", async () => {
  const { join, knows } = hall({ present: [CHAIR, { id: "web:ana", name: "Ana" }] });
  for (const name of ["Ana", "ANA", "Аna", "A\u0301na\u200b", CHAIR.name, "", "‮evil", "Placard", "x".repeat(33)])
    expect(typeof (await join("BCDFGH", name))).toBe("string");
  expect(await join("BCDFGH", "Chаir")).toContain("looks like Chair");
  expect(await knows("BCDFGH")).toMatchObject({});
  expect(typeof (await join("BCDFGH", "Anna"))).toBe("object");
});

it("lets five wrong tries through from one place in ten minutes, over restarts, and nobody else waits", async () => {
  const { knows, restart, after } = hall();
  for (let tried = 1; tried <= 5; tried += 1) {
    expect(await knows(tried % 2 === 0 ? "WWWWWW" : "not a code")).toBe(WRONG);
    restart();
  }
  expect(await knows("BCDFGH")).toContain("Too many wrong codes. Wait 10 min");
  expect(await knows("BCDFGH", "y")).toEqual({ title: meetingWith().title });
  after(10 * MIN_MS);
  expect(await knows("BCDFGH")).toEqual({ title: meetingWith().title });
});

it("lets a hundred through where nothing tells who tries", async () => {
  const { knows } = hall();
  for (let tried = 1; tried <= 99; tried += 1) await knows("?", null);
  expect(await knows("?", null)).toBe(WRONG);
  expect(await knows("BCDFGH", null)).toContain("Too many wrong codes.");
});

it("draws another code when all together have guessed too often, and not for slips of the finger", async () => {
  const slow = hall();
  await slow.guess(199);
  slow.after(10 * MIN_MS);
  await slow.guess(199);
  expect(slow.meeting().code).toBe("BCDFGH");
  const { guess, knows, join, restart } = hall();
  expect(typeof (await join("BCDFGH", "Gil"))).toBe("object");
  await guess(150);
  restart();
  await guess(50);
  expect(await knows("BCDFGH", "a")).toBe(WRONG);
  expect(await knows("BBBBBB", "b")).toEqual({ title: meetingWith().title });
});

it("ends with its meeting", async () => {
  const { knows, join, end } = hall();
  end();
  expect([await knows("BCDFGH"), await join("BCDFGH", "Gil")]).toEqual([WRONG, WRONG]);
});

it("lets in as many as a meeting has room for", async () => {
  const present = Array.from({ length: 500 }, (_, at) => ({ id: `web:${at}`, name: `Member ${at}` }));
  expect(await hall({ present }).join("BCDFGH", "Gil")).toContain("500 people");
});
