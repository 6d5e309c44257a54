import { strFromU8, unzipSync } from "fflate";
import { expect, it } from "vitest";
import { verbatim } from "../../src/domain/text.ts";
import { as, ask, joinAs, say } from "../adapters/web-client.ts";
import { holding, world } from "./forgetting.ts";

it("goes on after a crash in the middle, and tells nobody else anything", async () => {
  const { folder, reopened, web, app, made } = await world();
  const zen = await joinAs(web, "Zenobia");
  await say(web, zen, "/rca xylophonedawn");
  await made(1);
  const problem = { code: "cancelled", text: verbatim("gone") } as const;
  await app.services.store.beginForgetting({ memberId: zen.id, name: "Zenobia", problem, nowMs: Date.now() });
  const again = await reopened();
  await expect.poll(() => again.services.store.forgettings(), { timeout: 5000 }).toEqual([]);
  await again.idle();
  for (const needle of [zen.id, "Zenobia", "xylophonedawn"])
    expect([needle, holding(folder, needle)], needle).toEqual([needle, []]);
});

it("/export me gives a member all of theirs as a file that nobody else sees", async () => {
  const { web, phone, app, told, made, viewsOf } = await world();
  const [bo, zen] = [await joinAs(web, "Bo"), await joinAs(web, "Zenobia")];
  await say(web, zen, "/rca xylophonedawn");
  await say(web, bo, "/rca bosownwords");
  await made(2);
  await say(web, zen, "/export me");
  const { file } = await told(zen, /everything of yours\nZIP/);
  await app.idle();
  expect((await viewsOf(bo)).filter(({ text }) => text.includes("everything of yours"))).toEqual([]);
  const zip = Buffer.from(await (await ask(web, `/media/${file?.key}`, { headers: as(zen) })).arrayBuffer());
  const names = ["01-xylophonedawn-1.png", "recipes.json", "votes.json", "ledger.json", "accounts.json"];
  expect(Object.keys(unzipSync(zip)).toSorted()).toEqual(names.toSorted());
  const recipes = strFromU8(unzipSync(zip)["recipes.json"] ?? new Uint8Array());
  expect(recipes).toContain("xylophonedawn");
  expect(recipes).not.toContain("bosownwords");

  // In a group where others would read it, it is refused.
  await phone.type("zen", "/export me");
  expect(phone.visibleTo("zen").at(-1)?.view.text).toMatch(/Others would read it here/);
});
