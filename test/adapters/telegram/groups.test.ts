import { describe, expect, it } from "vitest";
import { botAt, labels, picture, said } from "./app.ts";
import { eventually, openFake } from "./world.ts";

describe("a group with topics", () => {
  it("shows one message from the command to the picture, in its topic, as an answer to the command", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const group = fake.supergroup("Rent strike", { members: [ann], forum: true });
    ann.in(group).say("hello");
    const posters = group.topic("Posters");
    await botAt(fake);
    const seat = ann.in(group, { topic: posters.threadId });
    const command = seat.say("/rca a red fox seed:7");
    const shown = await picture(seat);
    expect(shown.text).toContain("“a red fox” · Ann");
    expect(shown.text).toContain("seed 7");
    expect(shown.replyToId).toBe(command.messageId);
    expect(labels(shown).slice(0, 4)).toEqual(["Reroll", "Lock seed", "Vary subtle", "Vary strong"]);
    expect(shown.versions[0]?.kind).toBe("text");
    expect(seat.fromBot()).toHaveLength(1);
    expect(ann.in(group).fromBot()).toEqual([]);
    // A prompt may hold an address: its page is none of ours to show.
    const texts = [...fake.callsOf("sendMessage"), ...fake.callsOf("editMessageText")];
    expect(new Set(texts.map(({ params }) => JSON.stringify(params["link_preview_options"])))).toEqual(
      new Set(['{"is_disabled":true}']),
    );
    fake.expectNoComplaints();
  });

  it("answers in General without naming a topic, which Telegram would refuse", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const group = fake.supergroup("Rent strike", { members: [ann], forum: true });
    const general = ann.in(group);
    general.say("hello");
    await botAt(fake);
    general.say("/rca a red fox", { replyTo: general.say("who draws?") });
    const shown = await picture(general);
    expect(shown.threadId).toBeUndefined();
    expect(fake.calls.filter(({ params }) => params["message_thread_id"] !== undefined)).toEqual([]);
  });

  it("keeps the topic of a press on a message that is too old to be seen", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const group = fake.supergroup("Rent strike", { members: [ann], forum: true });
    ann.in(group).say("hello");
    const seat = ann.in(group, { topic: group.topic("Posters").threadId });
    await botAt(fake);
    seat.say("/rca a red fox");
    const first = await picture(seat);
    const press = seat.press(first, "Reroll", { inaccessible: true });
    await press.answered;
    const second = await picture(seat, "rerolled from");
    expect(second.replyToId).toBe(first.messageId);
    expect(ann.in(group).fromBot()).toEqual([]);
    // Said by us, not only guessed by Telegram from what is replied to.
    expect(fake.callsOf("sendMessage").map(({ params }) => params["message_thread_id"])).toEqual([
      first.threadId,
      first.threadId,
    ]);
  });

  it("gives a picture up whose topic was closed, and goes on elsewhere", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const group = fake.supergroup("Rent strike", { members: [ann], forum: true });
    ann.in(group).say("hello");
    const topic = group.topic("Posters");
    const bot = await botAt(fake);
    ann.in(group, { topic: topic.threadId }).say("/rca a red fox");
    topic.close();
    await eventually(() => bot.logged.some((line) => line.includes('"code":"gone"'))).toBe(true);
    ann.in(group).say("/rca a blue boat");
    await picture(ann.in(group), "a blue boat");
  });
});

describe("what members write", () => {
  it("stays text: it calls nobody, marks nothing up and keeps its emoji and its direction", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann <b>");
    const group = fake.supergroup("Rent strike", { members: [ann] });
    await botAt(fake);
    const words = "@some_body <i>x</i> *y &amp; ثعلب أحمر 👩‍👩‍👧‍👦 ".repeat(9).trim();
    ann.in(group).say(`/rca ${words}`);
    const shown = await picture(ann.in(group));
    expect(shown.text).toContain(words);
    expect(shown.text).toContain("Ann <b>");
    expect(shown.entities.map(({ type }) => type).filter((type) => type !== "code")).toEqual([]);
    expect(shown.entities.length).toBeGreaterThanOrEqual(9);
    fake.expectNoComplaints();
  });

  it("is cut in the prompt, within no emoji, where a caption has no room for it; the facts stay", async () => {
    const fake = await openFake();
    const ann = fake.person("Ann");
    const group = fake.supergroup("Rent strike", { members: [ann] });
    await botAt(fake);
    ann.in(group).say(`/rca ${"👩‍👩‍👧‍👦".repeat(130)} seed:7`);
    const { text } = await picture(ann.in(group));
    expect(text.length).toBeLessThanOrEqual(1024);
    expect(text).toMatch(/^“(👩‍👩‍👧‍👦)+…\n#1 · RCA · seed 7 ·/u);
    fake.expectNoComplaints();
  });
});

describe("two members", () => {
  it("each get their own picture, and a reroll of somebody else's takes the group's votes", async () => {
    const fake = await openFake();
    const [ann, bob, cem] = [fake.person("Ann"), fake.person("Bob"), fake.person("Cem")];
    const group = fake.supergroup("Rent strike", { members: [ann, bob, cem] });
    await botAt(fake);
    const [anns, bobs, cems] = [ann.in(group), bob.in(group), cem.in(group)];
    anns.say("/rca a red fox seed:1");
    bobs.say("/rca a blue boat seed:2");
    const fox = await picture(anns, "a red fox");
    const boat = await picture(anns, "a blue boat");
    expect(fox.text).toContain("Ann");
    expect(fox.text).toContain("seed 1");
    expect(boat.text).toContain("Bob");
    expect(boat.text).toContain("seed 2");

    await bobs.press(fox, "Reroll").answered;
    await eventually(() => labels(anns.message(fox.messageId) ?? fox)[0]).toBe("Reroll 1/2");
    expect(anns.message(fox.messageId)?.text).toContain("Reroll: Bob voted, 1 more needed");
    await cems.press(fox, "Reroll 1/2").answered;
    const child = await picture(anns, "by vote of Bob and Cem");
    expect(child.text).toContain("a red fox");
    fake.expectNoComplaints();
  });

  it("tell each other nothing: a refusal is a notice for the presser alone", async () => {
    const fake = await openFake();
    const [ann, bob] = [fake.person("Ann"), fake.person("Bob")];
    const group = fake.supergroup("Rent strike", { members: [ann, bob] });
    await botAt(fake);
    ann.in(group).say("/rca a red fox");
    const fox = await picture(ann.in(group));
    const before = ann.in(group).messages().length;
    const press = bob.in(group).press(fox, "Delete");
    await press.answered;
    expect(press.text).toBe("Only Ann, who asked for this picture, or an admin may delete it. Ask one of them.");
    expect(press.alert).toBe(true);
    expect(ann.in(group).messages()).toHaveLength(before);
  });

  it("an admin may delete; the picture goes, its words stay, and Undo brings it back", async () => {
    const fake = await openFake();
    const [ann, bob] = [fake.person("Ann"), fake.person("Bob")];
    const group = fake.supergroup("Rent strike", { members: [ann], admins: [bob] });
    await botAt(fake);
    ann.in(group).say("/rca a red fox");
    const fox = await picture(ann.in(group));
    const was = await fox.photo?.bytes();
    await bob.in(group).press(fox, "Delete").answered;
    const gone = await said(ann.in(group), "was deleted by Bob");
    expect(gone.messageId).toBe(fox.messageId);
    expect(gone.photo).toMatchObject({ widthPx: 640, heightPx: 160 });
    // There is nothing left to make anew.
    ann.in(group).say("a blue fox", { replyTo: gone });
    await ann.in(group).press(gone, "Undo").answered;
    await eventually(() => ann.in(group).message(fox.messageId)?.photo?.widthPx).toBe(256);
    expect(ann.in(group).fromBot()).toHaveLength(1);
    expect(await ann.in(group).message(fox.messageId)?.photo?.bytes()).toEqual(was);
  });
});
