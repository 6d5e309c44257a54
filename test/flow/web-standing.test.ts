import { expect, it } from "vitest";
import { joinAs, say, Tab } from "../adapters/web-client.ts";
import { world } from "./web-group.ts";

const MINUTE_MS = 60_000;
const lockOf = async (tab: Tab) => (await tab.next("lock")).lock;
const accountsOf = async (tab: Tab) => (await tab.next("accounts")).accountIds;

it("an open vote is told to whoever comes later, however much was said since, until it closes", async () => {
  const { web, clock, told, press } = await world({}, { installation: { votes: 3 } });
  const [ana, bo, cy] = [await joinAs(web, "Ana"), await joinAs(web, "Bo"), await joinAs(web, "Cy")];
  const watching = await Tab.open(web, cy);
  expect((await watching.next("start")).votes).toEqual([]);
  await say(web, ana, "/rca a red fox");
  await press(bo, await told(ana, /#1 /), "Reroll");
  const open = {
    kind: "reroll",
    state: "open",
    votedIds: [bo.id],
    votesNeeded: 3,
    ownerIds: [ana.id],
    about: { number: 1, image: { alt: "AI picture: a red fox" } },
  };
  await expect.poll(async () => (await watching.next("message")).message.view?.decision).toMatchObject(open);
  for (let n = 0; n < 60; n += 1) {
    clock.advanceMs(1000);
    await say(web, ana, `line ${n}`);
  }
  const tab = await Tab.open(web, cy);
  const { votes, messages } = await tab.next("start");
  expect(messages.some(({ view }) => view?.decision)).toBe(false);
  expect(votes?.map(({ view }) => view)).toMatchObject([{ decision: open }]);
  // Nobody has swept yet: its time counts all the same, with a little more in which it is counted.
  clock.advanceMs(62 * MINUTE_MS);
  expect((await (await Tab.open(web, cy)).next("start")).votes).toEqual([]);
});

it("a lock is told to its member alone, everyone's to all but who has an own one, and again to whoever comes later", async () => {
  const { web, told, press, viewsOf } = await world();
  const [ana, bo] = [await joinAs(web, "Ana"), await joinAs(web, "Bo")];
  const [ofAna, ofBo] = [await Tab.open(web, ana), await Tab.open(web, bo)];
  for (const tab of [ofAna, ofBo]) expect((await tab.next("lock")).lock).toBeUndefined();
  await say(web, ana, "/rca a red fox seed:7");
  const picture = await told(ana, /#1 /);
  await press(bo, picture, "Lock seed");
  const own = { scope: "me", seed: 7, byName: "Bo", picture: { number: 1, imageKey: picture.image?.key } };
  await expect.poll(() => lockOf(ofBo)).toMatchObject({ ...own, unlockToken: expect.any(String) });

  await press(ana, await infoOf(ana), "Lock for everyone");
  const everyones = { scope: "everyone", byName: "Ana" };
  await expect.poll(() => lockOf(ofAna)).toMatchObject({ ...everyones, unlockToken: expect.any(String) });
  // An own one goes before it; without, everyone's holds, and only those who may take it off are offered to.
  expect(await lockOf(ofBo)).toMatchObject(own);
  await press(bo, await told(bo, /locked for you/), "Unlock seed");
  const left = { ...everyones, seed: 7, picture: own.picture };
  await expect.poll(() => lockOf(ofBo)).toEqual(left);
  expect(await lockOf(await Tab.open(web, bo))).toEqual(left);
  // What was deleted is shown no more.
  await press(ana, picture, "Delete");
  await told(ana, /deleted/);
  expect((await lockOf(await Tab.open(web, ana)))?.picture).toEqual({ number: 1 });

  async function infoOf(member: typeof ana) {
    await press(member, picture, "Info");
    await expect.poll(async () => (await viewsOf(member)).some(({ fields }) => fields)).toBe(true);
    return (await viewsOf(member)).findLast(({ buttons }) =>
      buttons?.flat().some(({ label }) => /everyone/.test(label)),
    )!;
  }
});

it("joined accounts are told to their person's tabs alone, with what is locked, until they part", async () => {
  const { web, told, press } = await world({}, { installation: { votes: 3 } });
  const [ana, bo, phone] = [await joinAs(web, "Ana"), await joinAs(web, "Bo"), await joinAs(web, "Bo on a phone")];
  await say(web, ana, "/rca a red fox seed:7");
  const picture = await told(ana, /#1 /);
  await press(bo, picture, "Lock seed");
  await told(bo, /locked for you/);
  const [ofAna, ofBo, ofPhone] = [await Tab.open(web, ana), await Tab.open(web, bo), await Tab.open(web, phone)];
  expect((await ofPhone.next("start")).accountIds).toEqual([phone.id]);
  expect(await lockOf(ofPhone)).toBeUndefined();

  await say(web, bo, "/link");
  const code = /code: (\S+)\./.exec((await told(bo, /code: /)).text)?.[1];
  await say(web, phone, `/link ${code}`);
  await expect.poll(() => accountsOf(ofPhone)).toEqual([phone.id, bo.id]);
  await expect.poll(() => accountsOf(ofBo)).toEqual([bo.id, phone.id]);
  await expect.poll(() => lockOf(ofPhone)).toMatchObject({ seed: 7, byName: "Bo" });
  await press(bo, picture, "Reroll");
  // The vote stands under the account that pressed, and the other one knows that it is its own.
  await expect
    .poll(async () => (await ofPhone.next("message")).message.view?.decision)
    .toMatchObject({ votedIds: [bo.id] });
  expect((await (await Tab.open(web, phone)).next("start")).accountIds).toEqual([phone.id, bo.id]);

  await say(web, phone, "/unlink");
  await press(phone, await told(phone, /[Pp]art/), "Part this account");
  await expect.poll(() => accountsOf(ofPhone)).toEqual([phone.id]);
  await expect.poll(() => accountsOf(ofBo)).toEqual([bo.id]);
  await expect.poll(() => lockOf(ofPhone)).toBeUndefined();
  expect((await (await Tab.open(web, phone)).next("start")).accountIds).toEqual([phone.id]);

  await say(web, ana, "that was all");
  await expect.poll(async () => (await ofAna.next("message")).message.text).toBe("that was all");
  expect(await accountsOf(ofAna)).toEqual([ana.id]);
  expect(ofAna.events.filter(({ type }) => type === "accounts")).toEqual([]);
});
