import { expect, it } from "vitest";
import { botAt, inAGroup, picture, said } from "./app.ts";
import { eventually, openFake } from "./world.ts";

const REFUSED = { kind: "status", status: 400, description: "Bad Request: message can't be edited" } as const;
const UNDELETABLE = {
  kind: "status",
  status: 400,
  description: "Bad Request: message can't be deleted for everyone",
} as const;

async function shown() {
  const world = await inAGroup();
  world.anns.say("/rca a red fox");
  return { ...world, fox: await picture(world.anns) };
}

it("Delete on a picture that may not be exchanged any more deletes its message; its words and Undo come in another", async () => {
  const { fake, anns, fox } = await shown();
  fake.fault({ methods: "editMessageMedia", failure: REFUSED, applied: false, times: 99 });
  await anns.press(fox, "Delete").answered;
  const words = await said(anns, "was deleted by Ann");
  expect([words.kind, words.messageId === fox.messageId]).toEqual(["text", false]);
  await eventually(() => anns.message(fox.messageId)).toBeUndefined();
  expect(words.keyboard.flat().map(({ text }) => text)).toEqual(["Undo"]);
  fake.expectNoComplaints();
});

it("where it may not be deleted either, its words go and say who can", async () => {
  const { fake, anns, fox } = await shown();
  fake.fault({ methods: "editMessageMedia", failure: REFUSED, applied: false, times: 99 });
  fake.fault({ methods: "deleteMessage", failure: UNDELETABLE, applied: false, times: 99 });
  await anns.press(fox, "Delete").answered;
  const words = await said(anns, "An admin who may delete messages can");
  expect(words.messageId).toBe(fox.messageId);
  expect(words.text).toContain("was deleted by Ann");
  expect(words.text).not.toContain("a red fox");
  fake.expectNoComplaints();
});

it("where not even its words may be changed, an answer to it says who can", async () => {
  const { fake, anns, fox } = await shown();
  fake.fault({ methods: ["editMessageMedia", "editMessageCaption"], failure: REFUSED, applied: false, times: 99 });
  fake.fault({ methods: "deleteMessage", failure: UNDELETABLE, applied: false, times: 99 });
  await anns.press(fox, "Delete").answered;
  const words = await said(anns, "An admin who may delete messages can");
  expect(words.replyToId).toBe(fox.messageId);
});

it("a picture that was posted is sent again by its id, and uploaded where Telegram knows it no more", async () => {
  const { fake, anns, fox } = await shown();
  const bytes = () =>
    fake
      .callsOf("sendPhoto")
      .map(({ params }) => typeof params["photo"] === "string" && !String(params["photo"]).startsWith("attach://"));
  anns.say("/show 1");
  await eventually(() => anns.fromBot().filter(({ kind }) => kind === "photo").length).toBe(2);
  expect(bytes()).toEqual([true]);
  fake.fault({
    methods: "sendPhoto",
    failure: { kind: "status", status: 400, description: "Bad Request: wrong file identifier/HTTP URL specified" },
    applied: false,
    times: 1,
  });
  anns.say("/show 1");
  await eventually(() => anns.fromBot().filter(({ kind }) => kind === "photo").length).toBe(3);
  expect(bytes()).toEqual([true, true, false]);
  expect(fox.kind).toBe("photo");
  fake.expectNoComplaints();
});

it("whoever asked in a topic that is gone hears it in one line, once", async () => {
  const fake = await openFake();
  const ann = fake.person("Ann");
  const group = fake.supergroup("Rent strike", { admins: [ann], forum: true });
  await botAt(fake);
  const seat = ann.in(group, { topic: group.topic("Posters").threadId });
  ann.start();
  await said(ann.private, "Type a command");
  const gone = { kind: "status", status: 400, description: "Bad Request: message thread not found" } as const;
  fake.fault({
    methods: "sendMessage",
    failure: gone,
    applied: false,
    times: 99,
    when: (params) => params["message_thread_id"] !== undefined,
  });
  seat.say("/rca a red fox");
  seat.say("/rca a blue fox");
  await said(ann.private, "The topic where you asked is gone");
  await eventually(
    () => fake.callsOf("sendMessage").filter(({ params }) => params["message_thread_id"] !== undefined).length,
  ).toBeGreaterThan(1);
  expect(ann.private.fromBot().filter(({ text }) => text.includes("The topic where you asked"))).toHaveLength(1);
});
