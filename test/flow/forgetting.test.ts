import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { strFromU8, unzipSync } from "fflate";
import { expect, it, onTestFinished } from "vitest";
import { loopback } from "../../adapters/loopback.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import type { ShownView } from "../../src/ports/view.ts";
import { as, ask, type Joined, joinAs, nextId, say, seenBy } from "../adapters/web-client.ts";
import { freshFolder, webIn } from "../adapters/web-world.ts";
import { appOver } from "../fakes/app.ts";
import { createTestClock } from "../fakes/clock.ts";
import { recordedLog } from "../fakes/module-services.ts";

/** The web chat and another platform over one data folder. */
async function world() {
  const folder = freshFolder();
  const clock = createTestClock();
  const { log, logged } = recordedLog();
  const web = webIn(folder, { clock });
  const phone = loopback({ platform: "telegram", capabilities: { editMinIntervalMs: 0 } });
  const open = async () => {
    const started = await appOver(folder, {
      adapters: [web, phone],
      backends: [fakeBackend({ usedMs: 100 })],
      clock,
      log,
    });
    await started.start();
    return started;
  };
  const app = await open();
  onTestFinished(async () => {
    await app.stop();
    clock.stop();
  });
  const viewsOf = async (member: Joined): Promise<readonly ShownView[]> =>
    (await seenBy(web, member)).flatMap(({ view }) => (view ? [view] : []));
  const told = async (member: Joined, text: RegExp): Promise<ShownView> => {
    await expect.poll(async () => (await viewsOf(member)).some((view) => text.test(view.text))).toBe(true);
    return (await viewsOf(member)).findLast((view) => text.test(view.text))!;
  };
  const press = (member: Joined, view: ShownView, label: string) => {
    const token = (view.buttons ?? []).flat().find((button) => button.label === label)?.token ?? "";
    return ask(web, "/api/press", { body: { id: nextId(), room: member.room, token }, headers: as(member) });
  };
  const made = (count: number) =>
    expect
      .poll(async () => (await app.services.store.history({ chatKey: "web:rent-strike", limit: 50 })).length)
      .toBe(count);
  return { logged, folder, web, phone, app, told, press, made, viewsOf };
}

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesIn(path) : [path];
  });
/** Which files hold these bytes. */
const holding = (folder: string, needle: string): readonly string[] =>
  filesIn(folder)
    .filter((path) => readFileSync(path).includes(needle))
    .map((path) => path.slice(folder.length + 1));

it("/forget me leaves no byte of a member: id, name, words, on all accounts", async () => {
  const { logged, folder, web, phone, app, told, press, made } = await world();
  const [bo, zen] = [await joinAs(web, "Bo"), await joinAs(web, "Zenobia")];
  await say(web, zen, "/rca xylophonedawn over the harbour");
  await made(1);
  await say(web, zen, "/rca quagmirelantern count:2");
  await made(3);
  await say(web, zen, "hello, this is chatterbox");
  await say(web, bo, "/rca bosownwords");
  await made(4);
  await say(web, zen, "/meeting start May: posters; flags");
  await say(web, zen, "/zip 1");
  await say(web, zen, "/link");
  const code = /code: (\S+)\./.exec((await told(zen, /code: /)).text)?.[1];
  await phone.type("zenphone", `/link code:${code}`);
  await phone.type("zenphone", "/rca phonewords in a group");
  await app.idle();
  const needles = [
    zen.id,
    "telegram:zenphone",
    "Zenobia",
    "xylophonedawn",
    "quagmirelantern",
    "chatterbox",
    "phonewords",
  ];
  for (const needle of needles) expect([needle, holding(folder, needle)], needle).not.toEqual([needle, []]);

  await say(web, zen, "/forget me");
  const asked = await told(zen, /for good/);
  await press(bo, asked, "Remove all of mine");
  await app.idle();
  expect(holding(folder, zen.id)).not.toEqual([]);
  await press(zen, asked, "Remove all of mine");
  await expect
    .poll(
      async () => [await app.services.store.forgettings(), logged.filter((line) => line.includes("not_forgotten"))],
      { timeout: 5000 },
    )
    .toEqual([[], []]);
  await app.idle();
  for (const needle of needles) expect([needle, holding(folder, needle)], needle).toEqual([needle, []]);
  expect(holding(folder, "bosownwords")).not.toEqual([]);
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
