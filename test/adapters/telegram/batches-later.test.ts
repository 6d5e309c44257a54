import { describe, expect, it } from "vitest";
import { labels, said, seenBy } from "./app.ts";
import { batch } from "./batch.ts";
import { eventually } from "./world.ts";

describe("a batch that was shown", () => {
  it("deleted, its pictures leave the chat; Undo shows them in the one message that is left", async () => {
    const { seat } = await batch();
    seat.say("/rca a red fox count:2");
    const control = await seenBy(seat, ({ keyboard }) => keyboard.flat().some(({ text }) => text === "2"));
    await seat.press(control, "Delete").answered;
    const deleted = await said(seat, "Pictures #1 to #2 were deleted by Ann.");
    await eventually(() => seat.fromBot().length).toBe(1);
    await seat.press(deleted, "Undo").answered;
    await eventually(() => seat.message(control.messageId)?.kind).toBe("photo");
    expect(labels(seat.message(control.messageId) ?? control)).toContain("2");
  });

  it("when nobody knows whether the album was sent, it is not sent again: the grid stands in the message", async () => {
    const { fake, seat } = await batch();
    fake.fault({ methods: "sendMediaGroup", applied: true, failure: { kind: "reset" } });
    seat.say("/rca a red fox count:4");
    await eventually(() => seat.fromBot().some(({ kind, albumId }) => kind === "photo" && albumId === undefined)).toBe(
      true,
    );
    expect(seat.fromBot().filter(({ albumId }) => albumId !== undefined)).toHaveLength(4);
    expect(fake.callsOf("sendMediaGroup")).toHaveLength(1);
  });

  it("a process that died between sending the album and noting it sends nothing again", async () => {
    const { fake, seat, bot } = await batch({ hurried: true });
    // The answer never comes, and the process ends before it could.
    const hang = fake.fault({ methods: "sendMediaGroup", applied: true, failure: { kind: "hang" } });
    seat.say("/rca a red fox count:2");
    await eventually(() => hang.hits).toBe(1);
    const restarted = bot.restart();
    await eventually(() => bot.logged.length).toBeGreaterThan(0);
    await restarted;
    await eventually(() => seat.fromBot().some(({ kind, albumId }) => kind === "photo" && albumId === undefined)).toBe(
      true,
    );
    expect(fake.callsOf("sendMediaGroup")).toHaveLength(1);
  });
});
