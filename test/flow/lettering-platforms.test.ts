import { expect, it } from "vitest";
import { asked, inAGroup, labels, picture, seenBy } from "../adapters/telegram/app.ts";
import { eventually } from "../adapters/telegram/world.ts";
import { as, ask, joinAs, nextId, say } from "../adapters/web-client.ts";
import { discordWorld, SOON } from "./discord-world.ts";
import { world } from "./web-group.ts";

// One story on each platform: a lettered picture, its words changed by somebody else, what is told of it.

it("Discord: letter: is an option, the words are changed in a form, and both pictures are shown", async () => {
  const world = await discordWorld();
  await world.draw(world.ann, 'a fist "Rent strike"', { letter: "yes" });
  const first = await world.picture();
  const opened = await world.bob.press(first, "Change the lettering").acknowledged();
  expect(opened.modal?.fields.map(({ customId }) => customId)).toEqual(["text", "place"]);
  expect(opened.modal?.fields[0]?.value).toBe("Rent strike");
  world.bob.submits(opened, { text: "Rent strike\nTuesday 7 pm", place: "top" });
  const second = await world.picture(2);
  expect(second.text).toContain("from #1 by bob: lettering changed");
  const sees = () => world.bob.sees(world.channel).at(-1);
  await world.bob.press(second, "Info").acknowledged();
  await expect.poll(() => sees()?.files.length, SOON).toBe(2);
  expect(sees()?.text).toContain("Tuesday 7 pm");
  await world.bob.press(sees()!, "Without the words").acknowledged();
  await expect.poll(() => sees()?.files[0]?.name, SOON).toBe("placard-2-plain.png");
  const captioned = await world.ann.slash(world.channel, "caption", { text: "No eviction", picture: "1" });
  await captioned.acknowledged();
  expect((await world.picture(3)).text).toContain("from #1 by ann: lettering changed");
});

it("Telegram: typed, and the words are changed in reply to a question", async () => {
  const { fake, anns, bobs } = await inAGroup();
  anns.say('/rca a fist "Rent strike" letter:yes');
  const first = await picture(anns);
  await bobs.press(first, "Change the lettering").answered;
  bobs.say("Rent strike\nTuesday 7 pm", { replyTo: await asked(bobs) });
  const second = await seenBy(bobs, ({ text }) => text.includes("from #1 by Bob: lettering changed"));
  await bobs.press(second, "Info").answered;
  await eventually(() => bobs.messages().some(({ text }) => text.includes("Tuesday 7 pm"))).toBe(true);
  expect(labels(second)).toContain("Change the lettering");
  fake.expectNoComplaints();
});

it("the web chat: the menu's form, and the file without the words", async () => {
  const { web, viewsOf } = await world();
  const ada = await joinAs(web, "Ada");
  const views = () => viewsOf(ada);
  const done = async (count: number) => {
    await expect.poll(async () => (await views()).filter(({ tone }) => tone === "good").length).toBe(count);
    return (await views()).filter(({ tone }) => tone === "good").at(-1);
  };
  const press = (token: string | undefined, values?: object) =>
    ask(web, "/api/press", { body: { id: nextId(), room: ada.room, token, ...values }, headers: as(ada) });
  await say(web, ada, '/rca a fist "Rent strike" letter:yes');
  const first = await done(1);
  const button = first?.buttons?.flat().find(({ does }) => does === "lettering");
  expect(button?.label).toBe("Change the lettering");
  await press(button?.token, { values: { text: "No eviction", place: "bottom" } });
  const second = await done(2);
  expect(second?.text).toContain("from #1 by Ada: lettering changed");
  const media = async (key = "") => {
    const answer = await ask(web, `/media/${key}`, { headers: as(ada) });
    return [answer.status, (await answer.arrayBuffer()).byteLength > 0];
  };
  const plain = second?.image?.key.replace("/posted", "/plain");
  expect(await media(plain)).toEqual([200, true]);
});
