import { describe, expect, it } from "vitest";
import { botAt, picture, said, seenBy } from "./app.ts";
import { eventually, openFake } from "./world.ts";

describe("where a text may not become a picture", () => {
  it("the picture comes as a new message, the placeholder goes, and buttons and answers find it", async () => {
    const fake = await openFake({ refusesTextToMedia: true });
    const ann = fake.person("Ann");
    const group = fake.supergroup("Rent strike", { members: [ann] });
    const bot = await botAt(fake, { hurried: true });
    const seat = ann.in(group);
    seat.say("/rca a red fox");
    const fox = await picture(seat);
    await eventually(() => seat.fromBot().length).toBe(1);
    await bot.restart();
    seat.say("/vary", { replyTo: fox });
    await picture(seat, "varied from #1");
    await seat.press(fox, "Delete").answered;
    await said(seat, "deleted by Ann");
  });

  it("nobody knows whether it came: it is not sent again, and Original still gives it", async () => {
    const fake = await openFake({ refusesTextToMedia: true });
    const ann = fake.person("Ann");
    const group = fake.supergroup("Rent strike", { members: [ann] });
    await botAt(fake, { hurried: true });
    const seat = ann.in(group);
    fake.fault({ methods: "sendPhoto", applied: true, failure: { kind: "reset" } });
    seat.say("/rca a red fox");
    const shown = await seenBy(
      seat,
      ({ kind, keyboard }) => kind === "text" && keyboard.flat().some(({ text }) => text === "Original"),
    );
    expect(shown.text).toContain("a red fox");
    expect(fake.callsOf("sendPhoto")).toHaveLength(1);
  });
});
