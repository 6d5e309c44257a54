import { describe, expect, it } from "vitest";
import { fakeBackend } from "../../../src/backends/fake.ts";
import { botAt, inAGroup, picture, said, seenBy } from "./app.ts";
import { eventually, openFake } from "./world.ts";

describe("chats that move", () => {
  it("a group becomes a supergroup while its picture is made: it arrives there, once", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const group = fake.group("Rent strike", { admins: [ann] });
    const gate = Promise.withResolvers<void>();
    const bot = await botAt(fake, { backends: () => [fakeBackend({ gate: () => gate.promise })] });
    ann.in(group).say("/rca a red fox");
    await seenBy(ann.in(group), ({ keyboard }) => keyboard.length > 0);
    // Nothing is on its way by itself: it is the move that shows it anew.
    await eventually(() => bot.store.due(Date.now() + 60_000, 9, { platform: "telegram" })).toEqual([]);
    const supergroup = group.upgrade();
    await said(ann.in(supergroup), "a red fox");
    gate.resolve();
    const fox = await picture(ann.in(supergroup), "a red fox");
    await ann.in(supergroup).press(fox, "Reroll").answered;
    await picture(ann.in(supergroup), "rerolled from #1");
    expect(ann.in(supergroup).fromBot()).toHaveLength(2);
    fake.expectNoComplaints();
  });

  it("a group that became a supergroup keeps its history and rights", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const group = fake.group("Rent strike", { admins: [ann] });
    const bot = await botAt(fake);
    ann.in(group).say("/rca a red fox");
    await picture(ann.in(group));
    const supergroup = group.upgrade();
    ann.in(supergroup).say("/history");
    await said(ann.in(supergroup), "This is for you alone");
    ann.in(supergroup).say("/rca a blue boat");
    await picture(ann.in(supergroup), "a blue boat");
    await eventually(
      async () => (await bot.store.history({ chatKey: `telegram:${supergroup.id}`, limit: 9 })).length,
    ).toBe(2);
    fake.expectNoComplaints();
  });

  it("a group that was named may go on after it became a supergroup", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const group = fake.group("Rent strike", { admins: [ann] });
    const bot = await botAt(fake, { env: { TELEGRAM_CHATS: String(group.id) } });
    ann.in(group).say("/rca a red fox");
    await picture(ann.in(group));
    const supergroup = group.upgrade();
    ann.in(supergroup).say("/rca a blue boat");
    await picture(ann.in(supergroup), "a blue boat");
    await bot.restart();
    ann.in(supergroup).say("/rca an owl");
    await picture(ann.in(supergroup), "an owl");
  });

  it("the upgrade that a send finds out is followed", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const group = fake.group("Rent strike", { admins: [ann] });
    const hold = fake.fault({
      methods: "sendMessage",
      failure: { kind: "status", status: 502 },
      applied: false,
      times: 99,
    });
    await botAt(fake, { hurried: true });
    ann.in(group).say("/rca a red fox");
    await eventually(() => hold.hits).toBeGreaterThan(0);
    const supergroup = group.upgrade();
    hold.end();
    await picture(ann.in(supergroup), "a red fox");
  });

  it("a deep link shows a picture to members of its group, and to nobody else", async () => {
    const { fake, bob, bobs, group } = await inAGroup();
    bobs.say("/rca a red fox");
    await picture(bobs);
    bob.start(`show_1_${group.id}`);
    await picture(bob.private, "a red fox");
    expect(bobs.fromBot()).toHaveLength(1);
    const eve = fake.person("Eve");
    eve.start(`show_1_${group.id}`);
    await said(eve.private, "There is no picture #1 in this chat");
  });
});
