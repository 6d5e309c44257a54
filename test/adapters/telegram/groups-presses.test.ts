import { describe, expect, it } from "vitest";
import { botAt, picture } from "./app.ts";
import { openFake } from "./world.ts";

describe("forged and stale presses", () => {
  it("refuses what no button of ours had, and whatever a client makes up", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const group = fake.supergroup("Rent strike", { members: [ann] });
    await botAt(fake);
    ann.in(group).say("/rca a red fox");
    const fox = await picture(ann.in(group));
    for (const data of [
      "1.reroll.AAAAAAAAAAAAAAAA.0.AAAAAAAAAAA",
      "x",
      "t:form:AAAAAAAA:s",
      "1.a?AAAAAAAAAAA",
      "t:run:/rca x".padEnd(64, "é".repeat(2)).slice(0, 40),
    ]) {
      const press = ann.in(group).press(fox, { data });
      await press.answered;
      if (!data.startsWith("t:run")) expect(press.text, data).toBeDefined();
    }
    fake.expectNoComplaints();
  });

  it("takes a press that Telegram no longer lets us answer: the work is done all the same", async () => {
    const fake = await openFake({ queryLifeMs: 0 });
    const ann = fake.person("Ann");
    const group = fake.supergroup("Rent strike", { members: [ann] });
    await botAt(fake);
    const seat = ann.in(group);
    seat.say("/rca a red fox");
    seat.press(await picture(seat), "Reroll");
    await picture(seat, "rerolled from");
  });

  it("answers within a second although the press is dealt with later", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const group = fake.supergroup("Rent strike", { members: [ann] });
    const bot = await botAt(fake, { hurried: true });
    const seat = ann.in(group);
    seat.say("/rca a red fox");
    const fox = await picture(seat);
    await bot.restart();
    // Who is admin is asked first, and the core hears of the press only when that is answered.
    fake.fault({ methods: "getChatAdministrators", failure: { kind: "delay", ms: 2500 }, applied: true });
    // In a hurry, what other programs take of this machine would count fifty times.
    fake.clock.calm();
    const startedAtMs = fake.clock.steadyMs();
    await seat.press(fox, "Info").answered;
    expect(fake.clock.steadyMs() - startedAtMs).toBeLessThan(1500);
    fake.clock.hurry();
  });
});
