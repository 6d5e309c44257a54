import { describe, expect, it } from "vitest";
import type { Member } from "../../src/domain/place.ts";
import { actIn } from "../../src/features/meetings/typed.ts";
import { ana, ben, type ContextOver, contextWith, jobWith, NOW_MS, PLACE, pictureOf, root } from "./context.ts";
import { decisionOf } from "./decisions.ts";
import { MEETING_ID, runningMeeting, waitingMeeting } from "./meetings.ts";
import { formOf, pressInChat, refusal, typed, viewOf } from "./parts.ts";

const idle = (over: ContextOver = {}) => contextWith({ ...over });
const during = (over: ContextOver = {}) => contextWith({ meeting: runningMeeting(), ...over });

describe("/meeting start, as people type it", () => {
  it.each([
    ["/meeting start Tenants’ assembly", "Tenants’ assembly", ["Tenants’ assembly"]],
    ["/meeting Tenants’ assembly", "Tenants’ assembly", ["Tenants’ assembly"]],
    ["/meeting new: Assembly", "Assembly", ["Assembly"]],
    ["/meeting anfangen Versammlung", "Versammlung", ["Versammlung"]],
    ['/meeting start "Rent; strike"', "Rent", ["strike"]],
    [
      "/meeting start Assembly\n1. Welcome\n2. Rent strike (5 min)\n\n3. Other",
      "Assembly",
      ["Welcome", "Rent strike 5", "Other"],
    ],
    ["/meeting start Assembly; Welcome; Rent strike", "Assembly", ["Welcome", "Rent strike"]],
    [
      "/meeting start Assembly agenda: Welcome; Rent strike: which poster?; Other",
      "Assembly",
      ["Welcome", "Rent strike: which poster?", "Other"],
    ],
    [
      "/meeting start title: Assembly of May agenda: Welcome; Other minutes:3",
      "Assembly of May",
      ["Welcome 3", "Other 3"],
    ],
    ["/meeting start agenda: Welcome (9 min); Other title: Assembly minutes:3", "Assembly", ["Welcome 9", "Other 3"]],
  ])("%s", async (line, title, agenda) =>
    expect(await typed(line, idle())).toMatchObject({
      do: "meeting",
      does: "start",
      asked: {
        title,
        agenda: agenda.map((each) => {
          const [, words = each, minutes] = /^(.*) (\d+)$/.exec(each) ?? [];
          return { title: words, ...(minutes ? { minutes: Number(minutes) } : {}) };
        }),
      },
    }),
  );

  it("with its looks and its budget: of the pot where this member may draw on it", async () => {
    const line = "/meeting start Assembly style:chalk size:square budget:300";
    expect(await typed(line, idle())).toMatchObject({
      asked: { style: "chalk", size: "square" },
      budget: { gpuMs: 300_000, ofPot: true },
    });
    const closed = idle({ settings: { pot_draw: "admins" } });
    expect(await typed(line, closed)).toMatchObject({ budget: { ofPot: false } });
  });

  it("asks for what is missing, and keeps what was said", async () => {
    const form = formOf(await typed("/meeting start style:chalk", idle()));
    expect(form.fields.map(({ name }) => name)).toEqual(["title", "agenda", "style", "size", "budget", "minutes"]);
    expect(form.fields.find(({ name }) => name === "style")?.value).toBe("chalk");
    expect((await typed("/meeting start", idle())).do).toBe("form");
    const values = { title: "Assembly", agenda: "- Welcome\n- Rent strike, 5 min", minutes: "" };
    expect(await pressInChat("meetnew", idle(), undefined, values)).toMatchObject({
      asked: { title: "Assembly", agenda: [{ title: "Welcome" }, { title: "Rent strike", minutes: 5 }] },
    });
    expect(await pressInChat("meetnew", idle(), undefined, { title: " " })).toMatchObject(
      refusal("bad_args", /needs a title/),
    );
  });

  it.each<[string, string, ContextOver, RegExp]>([
    ["nobody to meet with", "/meeting start A", { place: { ...PLACE, group: false } }, /needs a group/],
    ["one is going on", "/meeting start A", { meeting: runningMeeting() }, /“Tenants’ assembly” is going on here/],
    ["a title nobody reads", `/meeting start ${"x".repeat(101)}`, {}, /at most 100 characters/],
    ["more items than fit", `/meeting start A agenda: ${"x;".repeat(31)}`, {}, /at most 30 items, and these are 31/],
    ["a size that is none", "/meeting start A size:huge", {}, /size/],
  ])("is refused: %s", async (_why, line, over, words) =>
    expect(await typed(line, idle(over))).toMatchObject(
      refusal(line.includes("size") || /x/.test(line) ? "bad_args" : "not_allowed", words),
    ),
  );
});

describe("/meeting while one is open", () => {
  const ME = { id: ana.id, name: ana.name };
  it.each([
    ["/meeting next", { does: "next", at: 1 }],
    ["/meeting weiter", { does: "next", at: 1 }],
    ["/meeting back", { does: "back-to", at: 1, to: 0 }],
    ["/meeting back 3", { does: "back-to", at: 1, to: 2 }],
    ["/meeting note The hall is booked", { does: "note", at: 1, by: ME, note: "The hall is booked" }],
    ['/meeting note: "The hall: booked"', { does: "note", at: 1, by: ME, note: "The hall: booked" }],
    ["/meeting add Any other (5 min)", { does: "add-item", item: { title: "Any other", minutes: 5 } }],
    ["/meeting pick 12", { does: "pick", at: 1, imageId: "abcdefghijklmnop.0" }],
    ["/meeting hold #12", { does: "hold", at: 1, imageId: "abcdefghijklmnop.0" }],
    ["/meeting pause", { does: "pause", at: 1 }],
    ["/meeting resume", { does: "go-on", at: 1 }],
    ["/meeting end", { does: "end" }],
    ["/meeting close", { does: "end" }],
  ])("%s", async (line, change) => {
    const context = during({ reads: { pictureByNumber: async () => pictureOf(jobWith()) } });
    expect(await typed(line, context)).toMatchObject({ do: "meeting", does: "change", meetingId: MEETING_ID, change });
  });

  it("gives more time to the timer that was seen, once", async () => {
    const { timer } = runningMeeting();
    const seenMs = timer?.state === "runs" ? timer.endsAtMs : 0;
    expect(await typed("/meeting more 5", during())).toMatchObject({
      change: { does: "more-time", addMs: 300_000, seenMs },
    });
    const token = { m: MEETING_ID, d: "more", a: "2", t: (seenMs % 36 ** 5).toString(36) };
    expect(await pressInChat("meet", during(), token)).toMatchObject({ change: { addMs: 120_000, seenMs } });
    expect(await pressInChat("meet", during(), { ...token, t: "0" })).toMatchObject({ change: { seenMs: -1 } });
  });

  it("begins what waits", async () => {
    const waiting = contextWith({ meeting: waitingMeeting() });
    expect(await typed("/meeting begin", waiting)).toMatchObject({ change: { does: "next", at: -1 } });
    expect(await typed("/meeting visual", waiting)).toMatchObject(refusal("bad_args", /has not begun yet/));
  });

  it("the chair goes to somebody who is there, or whom the platform knows", async () => {
    const meeting = { ...runningMeeting(), present: [ME, { id: "web:cy", name: "Cy" }] };
    expect(await typed("/meeting chair @cy", during({ meeting }))).toMatchObject({
      change: { does: "chair", to: { id: "web:cy" } },
      toAll: true,
    });
    const known = { membersCalled: async () => [{ id: ben.id, name: ben.name }] };
    expect(await typed("/meeting chair Ben", during({ reads: known }))).toMatchObject({
      change: { to: { id: ben.id } },
    });
    expect(await typed("/meeting chair Nobody", during())).toMatchObject(refusal("not_found", /./));
    expect((await typed("/meeting chair", during())).do).toBe("form");
  });

  it("only the chair and who keeps order steer; anybody notes, makes and puts to the vote", async () => {
    const as = (member: Member, over: ContextOver = {}) => during({ member, ...over });
    for (const line of ["/meeting next", "/meeting end", "/meeting add x", "/meeting chair Ben", "/meeting pause"])
      expect(await typed(line, as(ben))).toMatchObject(
        refusal("not_allowed", /^Only Ana, who has the chair, or an admin/),
      );
    expect((await typed("/meeting next", as(root, { isAdmin: true }))).do).toBe("meeting");
    expect((await typed("/meeting next", as({ ...ben, moderator: true }))).do).toBe("meeting");
    expect((await typed("/meeting next", as(ben, { accountIds: [ben.id, ana.id] }))).do).toBe("meeting");
    expect((await typed("/meeting note x", as(ben))).do).toBe("meeting");
    expect(await typed("/meeting visual raised fists", as(ben))).toMatchObject({
      do: "draw",
      sketched: true,
      order: { request: { prompt: "raised fists “Rent strike: which poster?”", widthPx: 1344, lettering: {} } },
    });
  });

  it("votes are of the meeting: hidden, noted at its item, ended by its chair", async () => {
    const [first, second] = [pictureOf(jobWith(), 0), pictureOf(jobWith(), 1)];
    const { items } = runningMeeting();
    const fromMs = items[1]?.spans[0]?.fromMs ?? 0;
    const picturesAsked = async () => [first, second].map((picture) => ({ picture, acceptedAtMs: fromMs }));
    const voted = {
      do: "open",
      asked: {
        kind: "pick",
        meetingId: MEETING_ID,
        question: "Rent strike: which poster?",
        rule: { visibility: "hidden", who: "everyone" },
      },
    };
    const context = during({ reads: { picturesAsked } });
    expect(await typed("/meeting vote", context)).toMatchObject(voted);
    expect(await pressInChat("meet", context, { m: MEETING_ID, d: "w", a: "2" })).toMatchObject(voted);
    expect(await pressInChat("meet", context, { m: MEETING_ID, d: "w", a: "1" })).toMatchObject(
      refusal("expired", /has passed/),
    );
    expect(await typed("/vote We march", during())).toMatchObject({
      asked: { kind: "proposal", meetingId: MEETING_ID, rule: { visibility: "hidden" } },
    });
    expect(await typed("/vote We march visibility:live", during())).toMatchObject({
      asked: { rule: { visibility: "live" } },
    });
    expect(await typed("/vote We march", idle())).not.toHaveProperty("asked.meetingId");
    const theirs = decisionOf("pick", { openedBy: ben, meetingId: MEETING_ID });
    const open = { decision: async () => theirs, openDecisions: async () => [theirs] };
    expect((await typed("/vote close:yes", during({ reads: open }))).do).toBe("close");
    expect(await typed("/vote close:yes", idle({ reads: open }))).toMatchObject(refusal("not_allowed", /Only Ben/));
  });

  it.each(["/meeting", "/meeting show", "/meeting agenda"])(
    "%s shows where it is, and who asks is there",
    async (line) => {
      const links = () => ({ join: "https://example.org/join/BCDFGH" });
      const view = viewOf(await typed(line, during({ member: ben, reads: { meetingLinks: links } })));
      expect(view.text.split("\n")).toEqual([
        "Tenants’ assembly · 2 of 3 · Rent strike: which poster?",
        "In the chair: Ana",
        "Here: 2",
        "1. Welcome",
        "Join from a phone: https://example.org/join/BCDFGH (code BCDFGH)",
      ]);
    },
  );

  it.each([
    ["/meeting pick", /\/meeting pick 12/],
    ["/meeting back x", /\/meeting back 2/],
    ["/meeting more 500", /1 to 240/],
    ["/meeting add a; b", /one item/],
    ["/meeting what now", /Say what to do first/],
  ])("%s says what to do instead", async (line, words) =>
    expect(await typed(line, during())).toMatchObject(refusal("bad_args", words)),
  );

  it("a button of another meeting, or of one that is over, does nothing", async () => {
    const press = { m: "0".repeat(16), d: "next", a: "2" };
    expect(await pressInChat("meet", during(), press)).toMatchObject(refusal("expired", /is over/));
    expect(await pressInChat("meet", idle(), { ...press, m: MEETING_ID })).toMatchObject(refusal("expired", /is over/));
  });
});

it("with none open, only beginning one is left, and the last is shown", async () => {
  for (const line of ["/meeting next", "/meeting end", "/meeting note x"])
    expect(await typed(line, idle())).toMatchObject(refusal("not_found", /No meeting is open here/));
  expect((await typed("/meeting", idle())).do).toBe("form");
  const last = { ...runningMeeting(), state: "ended" as const, endedAtMs: NOW_MS };
  expect(viewOf(await typed("/meeting show", idle({ reads: { latestMeeting: async () => last } }))).text).toMatch(
    /^Tenants’ assembly is over\./,
  );
});

it("the first word is what is done, in whatever language it is said", () => {
  const named = (word: string) => (word === "Weiter" ? "next" : word.toLowerCase());
  expect(actIn("Weiter", named)).toEqual({ does: "next", words: "" });
  expect(actIn("  note:  two\nlines ", named)).toEqual({ does: "note", words: "two\nlines" });
  expect(actIn("notes of May", named)).toBeUndefined();
  expect(actIn("", named)).toBeUndefined();
});
