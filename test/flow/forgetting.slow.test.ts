import { expect, it } from "vitest";
import { say, Tab } from "../adapters/web-client.ts";
import { fullLife, holding } from "./forgetting.ts";

it("/forget me leaves no byte of a member: id, name, words, on all accounts; what others voted for stays", async () => {
  const { folder, logged, web, app, told, press, bo, zen, upload } = await fullLife();
  const needles = [
    ...[zen.id, "telegram:zenphone", "Zenobia", "zenphone", upload],
    ...["xylophonedawn", "quagmirelantern", "chatterbox", "phonewords", "alonewords"],
    ...["grimreason", "ownreason", "theirreason"],
  ];
  for (const needle of needles) expect([needle, holding(folder, needle)], needle).not.toEqual([needle, []]);

  const tab = await Tab.open(web, zen);
  await tab.next("start");
  await say(web, zen, "/forget me");
  const asked = await told(zen, /for good/);
  await press(bo, asked, "Remove all of mine");
  await app.idle();
  expect(holding(folder, zen.id)).not.toEqual([]);
  await press(zen, asked, "Remove all of mine");
  await expect.poll(() => app.services.store.forgettings(), { timeout: 5000 }).toEqual([]);
  await app.idle();
  expect(logged.filter((line) => line.includes("not_forgotten"))).toEqual([]);
  expect((await tab.next("out")).text).toMatch(/It is being removed now/);
  expect((await say(web, zen, "am I here?")).status).toBe(401);
  for (const needle of needles) expect([needle, holding(folder, needle)], needle).toEqual([needle, []]);
  expect(holding(folder, "bosownwords")).not.toEqual([]);

  // Bo voted for it: it stays, with its words, and is nobody's.
  const stays = await app.services.store.pictureByNumber("web:rent-strike", 4);
  expect(stays).toMatchObject({ memberName: "?", recipe: { request: { prompt: "marzipanbarricade" } } });
  expect(stays && (await app.services.files.original(stays.imageId))).toBeDefined();
  const [vote] = await app.services.store.openDecisions("web:rent-strike", Date.now());
  expect(vote?.votes.map(({ name, choices }) => [name, choices.length])).toEqual([
    ["Bo", 1],
    ["?", 1],
  ]);
});
