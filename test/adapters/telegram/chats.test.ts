import { describe, expect, it } from "vitest";
import { botAt, inAGroup, picture, said } from "./app.ts";
import { eventually, openFake } from "./world.ts";

describe("chats", () => {
  it("ignores other bots' commands and chatter; answers its own unknown ones", async () => {
    const { bobs } = await inAGroup({}, { privacyMode: false });
    bobs.say("hello everybody");
    bobs.say("/weather tomorrow");
    bobs.say("/rca@other_bot a cat");
    bobs.say("/weather@placard_bot");
    await said(bobs, "There is no /weather here");
    expect(bobs.fromBot()).toHaveLength(1);
  });

  it("serves the chats that are allowed, and says so to others once", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const inside = fake.supergroup("In", { members: [ann] });
    const outside = fake.supergroup("Out", { members: [ann], bot: "absent" });
    await botAt(fake, { env: { TELEGRAM_CHATS: String(inside.id) } });
    outside.add("bot");
    await said(ann.in(outside), "I answer in other chats only");
    ann.in(outside).say("/rca a red fox");
    ann.in(inside).say("/rca a red fox");
    await picture(ann.in(inside));
    expect(ann.in(outside).fromBot()).toHaveLength(1);
  });

  it("takes no press in a chat that is no longer served", async () => {
    const { fake, bot, bobs } = await inAGroup();
    bobs.say("/rca a red fox");
    const fox = await picture(bobs);
    await bot.stop();
    await botAt(fake, { env: { TELEGRAM_CHATS: "-1" } });
    const press = bobs.press(fox, "Reroll");
    await press.answered;
    expect(press.text).toBe("I answer in other chats only.");
  });

  it("learns anew who runs a group when its own standing there changed", async () => {
    const { group, bob, bobs } = await inAGroup();
    bobs.say("/settings");
    await said(bobs, "/settings is for the admins of this chat");
    group.promote(bob);
    group.promote("bot");
    bobs.say("/settings votes:2");
    await said(bobs, "Bob changed the settings of this chat");
  });

  it("greets a group it comes into, again after it was away", async () => {
    const { fake, ann } = await inAGroup();
    const group = fake.supergroup("New", { admins: [ann], bot: "absent" });
    group.add("bot");
    expect((await said(ann.in(group), "Hello, I make pictures with you")).text).toContain("Try it: /rca a red fox");
    group.remove("bot");
    group.add("bot");
    await eventually(() => ann.in(group).fromBot().length).toBe(2);
    ann.in(group).say("/rca a red fox");
    await picture(ann.in(group));
  });

  it("greets a group that has to be let in first by saying so", async () => {
    const { fake, ann } = await inAGroup({ installation: { approval: { foreign: true, platforms: [] } } });
    const group = fake.supergroup("New", { admins: [ann], bot: "absent" });
    group.add("bot");
    await said(ann.in(group), "Placard waits to be let into this chat");
    expect(ann.in(group).fromBot()).toHaveLength(1);
  });

  it.each([
    ["how to begin", "on", "put a command before your words: /rca a red fox"],
    ["where pictures are made, when not here", "off", "Pictures are made in groups here"],
  ] as const)("tells who just writes to it %s", async (_what, directMessages, words) => {
    const { bob } = await inAGroup({ installation: { directMessages } });
    bob.private.say("a red fox please");
    await said(bob.private, words);
  });

  it("every group and no channel when none is named", async () => {
    const { fake, ann, anns } = await inAGroup();
    const channel = fake.channel("Anybody's", { admins: [ann] });
    ann.in(channel).say("/rca a red fox");
    anns.say("/rca a blue boat");
    await picture(anns);
    expect(ann.in(channel).fromBot()).toEqual([]);
  });

  it("a channel only when it is named", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const named = fake.channel("Named", { admins: [ann] });
    const other = fake.channel("Other", { admins: [ann] });
    await botAt(fake, { env: { TELEGRAM_CHATS: String(named.id) } });
    ann.in(other).say("/rca a red fox");
    ann.in(named).say("/rca a red fox");
    expect((await picture(ann.in(named))).text).toContain("Named");
    expect(ann.in(other).fromBot()).toEqual([]);
    fake.expectNoComplaints();
  });
});
