import { describe, expect, it } from "vitest";
import { type Meeting, startedMeeting } from "../../src/domain/meeting.ts";
import { candidatesOf, picturesOfItem } from "../../src/domain/meeting-candidates.ts";
import {
  applyMeeting,
  type MeetingChange,
  timerMs,
  withDecision,
  withOutcome,
  withPresent,
} from "../../src/domain/meeting-change.ts";
import { jobWith, pictureOf } from "../commands/context.ts";
import { BEGIN, endedMeeting, itemOf, meetingAfter, runningMeeting, waitingMeeting } from "../commands/meetings.ts";

const ben = { id: "web:ben", name: "Ben" };
const at = (meeting: Meeting, change: MeetingChange, nowMs = meeting.startedAtMs + 3_600_000) => {
  const after = applyMeeting(meeting, change, nowMs);
  return after.ok ? after.value : after.problem.code;
};
const allowed = (meeting: Meeting, change: MeetingChange, nowMs?: number): Meeting => {
  const after = at(meeting, change, nowMs);
  if (typeof after === "string") throw new Error(after);
  return after;
};

describe("a meeting goes on", () => {
  it("from the waiting screen through its items, each with its span and its timer", () => {
    const begun = allowed(waitingMeeting(), BEGIN, 1000);
    expect(begun).toMatchObject({
      state: "running",
      at: 0,
      revision: 2,
      items: [{ spans: [{ fromMs: 1000 }] }, {}, {}],
    });
    expect(begun.timer).toBeUndefined();
    const second = allowed(begun, { does: "next", at: 0 }, 5000);
    expect(second.timer).toEqual({ state: "runs", endsAtMs: 5000 + 300_000 });
    expect(second.items.map(({ spans }) => spans)).toEqual([[{ fromMs: 1000, toMs: 5000 }], [{ fromMs: 5000 }], []]);
    const back = allowed(second, { does: "back-to", at: 1, to: 0 }, 9000);
    expect(back.items[0]?.spans).toEqual([{ fromMs: 1000, toMs: 5000 }, { fromMs: 9000 }]);
    expect(back).toMatchObject({ at: 0 });
    expect(back.timer).toBeUndefined();
  });

  it("to the end, which is no item, and after which nothing changes", () => {
    const last = meetingAfter([{ does: "next", at: 1 }], runningMeeting());
    expect(at(last, { does: "next", at: 2 })).toBe("bad_args");
    const over = allowed(last, { does: "end" });
    expect(over).toMatchObject({ state: "ended", endedAtMs: last.startedAtMs + 3_600_000 });
    expect(over.items.flatMap(({ spans }) => spans).every(({ toMs }) => toMs !== undefined)).toBe(true);
    expect(allowed(over, { does: "end" })).toBe(over);
    expect(at(over, { does: "note", at: 0, by: ben, note: "late" })).toBe("expired");
  });

  it("one person picks, another holds, and what is held is no candidate", () => {
    const meeting = runningMeeting();
    const item = itemOf(meeting);
    const [span] = item.spans;
    const job = jobWith();
    const asked = [0, 1, 2].map((index) => ({
      picture: pictureOf(job, index),
      acceptedAtMs: (span?.fromMs ?? 0) + index,
    }));
    const before = { picture: pictureOf(job, 3), acceptedAtMs: (span?.fromMs ?? 0) - 1 };
    const gone = { ...asked[1]!, picture: { ...asked[1]!.picture, deleted: { atMs: 1, byName: "Ana" } } };
    expect(candidatesOf(item, [before, ...asked.toReversed()]).map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(candidatesOf(item, [asked[0]!, gone]).map(({ index }) => index)).toEqual([0]);
    const held = allowed(meeting, { does: "hold", at: 1, imageId: asked[0]!.picture.imageId });
    expect(candidatesOf(itemOf(held), asked).map(({ index }) => index)).toEqual([1, 2]);
    expect(picturesOfItem(itemOf(held), asked)).toHaveLength(3);
    expect(allowed(held, { does: "unhold", at: 1, imageId: asked[0]!.picture.imageId }).items).toEqual(meeting.items);
    expect(allowed(meeting, { does: "pick", at: 1, imageId: "x" }).items[1]?.chosen).toEqual({
      imageId: "x",
      by: "chair",
    });
  });

  it("its timer can be stopped, goes on with what was left, and gets more once a press", () => {
    const meeting = runningMeeting();
    const seenMs = meeting.timer && timerMs(meeting.timer);
    const nowMs = meeting.startedAtMs + 130_000;
    const paused = allowed(meeting, { does: "pause", at: 1 }, nowMs);
    expect(paused.timer).toEqual({ state: "paused", leftMs: 120_000 + 300_000 - 130_000 });
    expect(allowed(paused, { does: "pause", at: 1 })).toBe(paused);
    expect(allowed(paused, { does: "go-on", at: 1 }, nowMs + 5000).timer).toEqual({
      state: "runs",
      endsAtMs: nowMs + 5000 + 290_000,
    });
    const more: MeetingChange = { does: "more-time", at: 1, addMs: 60_000, seenMs: seenMs ?? 0 };
    const longer = allowed(meeting, more, nowMs);
    expect(longer.timer).toEqual({ state: "runs", endsAtMs: (seenMs ?? 0) + 60_000 });
    expect(allowed(longer, more, nowMs)).toBe(longer);
    // Whose time was up long ago gets it from now on.
    expect(allowed(meeting, more, nowMs + 3_600_000).timer).toEqual({ state: "runs", endsAtMs: nowMs + 3_660_000 });
    expect(at(waitingMeeting(), { does: "pause", at: -1 })).toBe("bad_args");
  });

  it("what a vote chose is its item's, whichever is current by then", () => {
    const voted = withDecision(runningMeeting(), "d1");
    expect(withDecision(voted, "d1")).toBe(voted);
    expect(withDecision(waitingMeeting(), "d1").items.flatMap(({ decisionIds }) => decisionIds)).toEqual([]);
    const later = meetingAfter([{ does: "next", at: 1 }, { does: "end" }], voted);
    expect(withOutcome(later, "d1", "x").items[1]?.chosen).toEqual({ imageId: "x", by: "vote", decisionId: "d1" });
    expect(withOutcome(later, "d1", undefined).items[1]?.chosen).toBeUndefined();
    expect(withOutcome(later, "d2", "x")).toBe(later);
  });

  it("has room for so many notes, items and no nameless one", () => {
    let meeting = runningMeeting();
    for (let n = 0; n < 50; n += 1) meeting = allowed(meeting, { does: "note", at: 1, by: ben, note: `n ${n}` });
    expect(at(meeting, { does: "note", at: 1, by: ben, note: "one more" })).toBe("bad_args");
    expect(allowed(meeting, { does: "note", at: 1, by: ben, note: "n 3" })).toBe(meeting);
    expect(at(meeting, { does: "note", at: 3, by: ben, note: "x" })).toBe("not_found");
    expect(at(waitingMeeting(), { does: "note", at: -1, by: ben, note: "x" })).toBe("bad_args");
    for (let n = 0; n < 27; n += 1) meeting = allowed(meeting, { does: "add-item", item: { title: `more ${n}` } });
    expect(at(meeting, { does: "add-item", item: { title: "too many" } })).toBe("bad_args");
  });
});

/** A small generator: the same seed, the same sequence. */
const chance = (seed: number) => {
  let state = seed;
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};
function someChange(meeting: Meeting, pick: (below: number) => number): MeetingChange {
  const item = pick(4) === 0 ? pick(5) - 1 : meeting.at;
  const people = [ben, { id: "web:ana", name: "Ana" }, { id: "web:cy", name: "Cy" }] as const;
  const by = people[pick(3)] ?? ben;
  const { timer } = meeting;
  const all: readonly MeetingChange[] = [
    { does: "next", at: item },
    { does: "back-to", at: item, to: pick(4) },
    { does: "note", at: pick(3), by, note: `note ${pick(9)}` },
    { does: "chair", to: by },
    { does: "hold", at: item, imageId: `i${pick(3)}` },
    { does: "unhold", at: item, imageId: `i${pick(3)}` },
    { does: "pick", at: item, imageId: `i${pick(3)}` },
    { does: "more-time", at: item, addMs: 60_000, ...(timer ? { seenMs: timerMs(timer) } : {}) },
    { does: "pause", at: item },
    { does: "go-on", at: item },
    { does: "add-item", item: { title: `item ${pick(4)}` } },
    ...(pick(20) === 0 ? [{ does: "end" } as const] : []),
  ];
  return all[pick(all.length)] ?? { does: "end" };
}

describe("whatever is done, in whatever order", () => {
  it("the same change twice is one; notes are never lost; the revision only grows; one span at most is open", () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const pick = chance(seed);
      let meeting = startedMeeting({
        ...waitingMeeting(),
        agenda: [{ title: "a" }, { title: "b", minutes: 3 }, { title: "c" }],
      });
      let nowMs = meeting.startedAtMs;
      for (let step = 0; step < 60; step += 1) {
        nowMs += pick(100_000) - 1000;
        const change = someChange(meeting, pick);
        const applied = applyMeeting(meeting, change, nowMs);
        if (!applied.ok) continue;
        const after = applied.value;
        // By two people at once, or delivered twice, perhaps much later.
        const again = applyMeeting(after, change, nowMs + pick(2) * 10_000);
        expect([seed, change, again.ok && again.value === after]).toEqual([seed, change, true]);
        const notes = meeting.items.flatMap((item) => item.notes);
        const kept = after.items.flatMap((item) => item.notes);
        expect(notes.every((note) => kept.includes(note))).toBe(true);
        expect(after.revision).toBe(after === meeting ? meeting.revision : meeting.revision + 1);
        expect(after.at >= -1 && after.at < after.items.length).toBe(true);
        expect(after.items.slice(0, meeting.items.length).map(({ title }) => title)).toEqual(
          meeting.items.map(({ title }) => title),
        );
        const open = after.items.flatMap(({ spans }) => spans.filter(({ toMs }) => toMs === undefined));
        expect(open).toHaveLength(after.state === "running" ? 1 : 0);
        expect(new Set(after.present.map(({ id }) => id)).size).toBe(after.present.length);
        expect(after.present.some(({ id }) => id === after.chair.id)).toBe(true);
        meeting = after;
      }
    }
  });

  it("two people who press Next at once go on by one item", () => {
    const meeting = runningMeeting();
    const once = allowed(meeting, { does: "next", at: 1 });
    expect(once.at).toBe(2);
    expect(allowed(once, { does: "next", at: 1 })).toBe(once);
  });

  it("somebody is there once", () => {
    const came = withPresent(runningMeeting(), ben);
    expect(came.present.map(({ name }) => name)).toEqual(["Ana", "Ben"]);
    expect(withPresent(came, { ...ben, name: "Benjamin" })).toBe(came);
    const many = Array.from({ length: 600 }, (_, n) => ({ id: `web:${n}`, name: `n ${n}` }));
    expect(many.reduce(withPresent, came).present).toHaveLength(500);
    const over = endedMeeting();
    expect(withPresent(over, ben)).toBe(over);
  });
});
