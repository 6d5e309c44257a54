import { describe, expect, it } from "vitest";
import { fakeBackend } from "../../../src/backends/fake.ts";
import { labels, picture, said, seenBy } from "./app.ts";
import { batch } from "./batch.ts";
import { eventually, FAST } from "./world.ts";

describe("a batch", () => {
  it("is an album in its topic and one message with the picks; a pick posts that picture", async () => {
    const { fake, seat } = await batch();
    seat.say("/rca a red fox seed:7 count:3");
    const control = await seenBy(seat, ({ keyboard }) => keyboard.flat().some(({ text }) => text === "3"));
    expect(control.kind).toBe("text");
    expect(control.text).toContain("seeds 7 to 9");
    const album = seat.fromBot().filter(({ albumId }) => albumId !== undefined);
    expect(album.map(({ text, kind }) => [kind, text])).toEqual([
      ["photo", "1"],
      ["photo", "2"],
      ["photo", "3"],
    ]);
    await seat.press(control, "2").answered;
    const picked = await picture(seat, "picture 2 of 3, picked by Ann");
    expect(picked.text).toContain("seed 8");
    expect(seat.fromBot()).toHaveLength(5);
    await seat.press(control, "1").answered;
    expect((await picture(seat, "picture 1 of 3, picked by Ann")).text).toContain("#1 · RCA · seed 7 ·");
    fake.expectNoComplaints();
  });

  it("a backend that shows unfinished pictures leaves the message a text, which the buttons can stand under", async () => {
    const { seat } = await batch({
      hurried: true,
      backends: (clock) => [fakeBackend({ clock, delayMs: 2500, steps: 20, previews: true })],
    });
    seat.say("/rca a red fox seed:7 count:2");
    const control = await seenBy(seat, ({ keyboard }) => keyboard.flat().some(({ text }) => text === "2"));
    expect(control.versions.map(({ kind }) => kind)).not.toContain("photo");
    expect(seat.fromBot().filter(({ albumId }) => albumId !== undefined)).toHaveLength(2);
  });

  it("where the chat has no room for an album now, the pictures do not wait: their grid stands in the message", async () => {
    const { seat } = await batch({ rates: { ...FAST, groupSendsPerMinute: 4 } });
    seat.say("/rca a red fox seed:7 count:4");
    const control = await seenBy(seat, ({ keyboard }) => keyboard.flat().some(({ text }) => text === "2"));
    expect(control).toMatchObject({ kind: "photo" });
    // And stays there, whatever changes it later.
    await seat.press(control, "Delete").answered;
    await seat.press(await said(seat, "were deleted by Ann"), "Undo").answered;
    await eventually(() => labels(seat.message(control.messageId) ?? control)).toContain("2");
    expect(seat.fromBot()).toHaveLength(1);
  });

  it("answering one of its pictures means that picture", async () => {
    const { seat } = await batch();
    seat.say("/rca a red fox seed:7 count:2");
    await seenBy(seat, ({ keyboard }) => keyboard.flat().some(({ text }) => text === "2"));
    const second = seat.fromBot().find(({ albumId, text }) => albumId !== undefined && text === "2");
    seat.say("/vary", { replyTo: second ?? 0 });
    expect((await picture(seat, "varied from")).text).toContain("varied from #2");
  });
});
