import { expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import { asked, inAGroup, picture } from "../adapters/telegram/app.ts";
import { as, ask, joinAs, nextId, say, seenBy, Tab } from "../adapters/web-client.ts";
import { discordWorld } from "./discord-world.ts";
import { group } from "./harness.ts";
import { keptOf, wordsIn } from "./lettered.ts";
import { world } from "./web-group.ts";

// A poster on each platform: typed, or by a form where only its template was said.

it("the gallery, a template filled in behind it, and the form", async () => {
  const { chat, picture: made, app } = await group({ backends: () => [fakeBackend()] });
  await chat.type("ana", "/poster");
  const shown = chat.visibleTo("ana").at(-1);
  expect(shown?.view.tiles?.map(({ fill }) => fill)).toContain("/poster template:rally ");
  await chat.type("ana", "/poster template:rally");
  await chat.submit("ana", { title: "No rent rise", when: "Saturday", where: "Market square" });
  expect(wordsIn((await keptOf(app, await made())).set)).toContain("No rent rise");
  expect((await keptOf(app, await made())).row?.order.request.prompt).toContain('"Saturday · Market square"');
  expect(chat.violations).toEqual([]);
});

it("Discord: five fields at once, what was said with the command among them", async () => {
  const world = await discordWorld();
  const opened = await world.ann
    .slash(world.channel, "poster", { template: "rally", style: "rca" })
    .then((sent) => sent.acknowledged());
  expect(opened.modal?.fields.map(({ customId }) => customId)).toEqual(["title", "style", "when", "where", "who"]);
  world.ann.submits(opened, { title: "No rent rise", when: "Saturday" });
  expect((await world.picture()).text).toContain("No rent rise");
});

it("Telegram: what is missing is asked for, and answered with words and options", async () => {
  const { fake, anns } = await inAGroup();
  anns.say("/poster template:rally");
  anns.say("No rent rise when:Saturday 14:00 where:… who:Tenants' union", { replyTo: await asked(anns) });
  const { text } = await picture(anns);
  expect(text).toContain("No rent rise");
  expect(text).toContain("Saturday 14:00 · Tenants' union");
  fake.expectNoComplaints();
});

it("the web chat: a form with all that the template asks for", async () => {
  const { web } = await world();
  const ada = await joinAs(web, "Ada");
  const tab = await Tab.open(web, ada);
  await say(web, ada, "/poster template:volunteers");
  const { form } = await tab.next("form");
  expect(form.fields.map(({ name, label }) => [name, label])).toContainEqual(["list", "What is needed"]);
  await ask(web, "/api/press", {
    body: { id: nextId(), room: ada.room, token: form.token, values: { title: "We need you", list: "• Cooking" } },
    headers: as(ada),
  });
  await expect
    .poll(async () =>
      (await seenBy(web, ada)).some(({ view }) => view?.tone === "good" && view.text.includes("We need you")),
    )
    .toBe(true);
});
