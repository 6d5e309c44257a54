import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { expect, onTestFinished } from "vitest";
import { loopback } from "../../adapters/loopback.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import type { Person } from "../../src/domain/block.ts";
import { verbatim } from "../../src/domain/text.ts";
import type { Store } from "../../src/ports/store.ts";
import type { ShownView } from "../../src/ports/view.ts";
import { as, ask, type Joined, joinAs, nextId, say, seenBy } from "../adapters/web-client.ts";
import { freshFolder, webIn } from "../adapters/web-world.ts";
import { appOver } from "../fakes/app.ts";
import { createTestClock } from "../fakes/clock.ts";
import { recordedLog } from "../fakes/module-services.ts";

/** The web chat and another platform over one data folder. */
export async function world() {
  const folder = freshFolder();
  const clock = createTestClock();
  const { log, logged } = recordedLog();
  let web = webIn(folder, { clock });
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
  let app = await open();
  /** Another life over the same folder. */
  const reopened = async () => {
    await app.stop();
    web = webIn(folder, { clock });
    app = await open();
    return app;
  };
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
  return { logged, reopened, folder, web, phone, app, told, press, made, viewsOf };
}

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesIn(path) : [path];
  });
/** Which files hold these bytes. */
export const holding = (folder: string, needle: string): readonly string[] =>
  filesIn(folder)
    .filter((path) => readFileSync(path).includes(needle))
    .map((path) => path.slice(folder.length + 1));

/** A member with everything that Placard can hold of one, and somebody else beside them. */
export async function fullLife() {
  const all = await world();
  const { web, phone, app, told, press, made } = all;
  const [bo, zen] = [await joinAs(web, "Bo"), await joinAs(web, "Zenobia")];
  await say(web, zen, "/rca xylophonedawn over the harbour");
  await made(1);
  await say(web, zen, "/rca quagmirelantern count:2");
  await made(3);
  await say(web, zen, "/rca marzipanbarricade");
  await made(4);
  await say(web, bo, "/rca bosownwords");
  await made(5);
  await say(web, bo, "/vote pictures:1,4");
  await press(bo, await told(bo, /Bo asks/), "#4");
  await press(zen, await told(zen, /Bo asks/), "#1");
  const bytes = await sharp({ create: { width: 64, height: 64, channels: 3, background: "#123456" } })
    .png()
    .toBuffer();
  const sent = (await (await ask(web, "/api/uploads", { bytes, headers: as(zen) })).json()) as {
    upload: { id: string };
  };
  await say(web, zen, "hello, this is chatterbox", { uploadId: sent.upload.id });
  await say(web, zen, "/meeting start May agenda: posters; flags");
  await say(web, zen, "/zip 1");
  await say(web, zen, "/link");
  const code = /code: (\S+)\./.exec((await told(zen, /code: /)).text)?.[1];
  await phone.type("zenphone", `/link code:${code}`);
  await phone.type("zenphone", "/rca phonewords in a group");
  await phone.type("zenphone", "/rca alonewords", ALONE);
  await say(web, zen, "/hide 5");
  await moderated(app.services.store, { id: zen.id, name: "Zenobia" }, { id: bo.id, name: "Bo" });
  await app.idle();
  return { ...all, bo, zen, upload: sent.upload.id };
}

/** A picture of theirs was refused, they had shut somebody out, and were shut out elsewhere themselves: each with a reason. */
async function moderated(store: Store, zen: Person, bo: Person): Promise<void> {
  const nowMs = Date.now();
  // "/hide" was heard.
  await expect
    .poll(async () => (await store.moderationSteps("web:rent-strike", 9)).map(({ byName }) => byName))
    .toEqual(["Zenobia"]);
  const { jobId = "" } = (await store.pictureByNumber("web:rent-strike", 2)) ?? {};
  await store.hide({ jobId, by: bo, needed: 1, nowMs });
  await store.decideHeld({ jobId, state: "refused", by: bo, reason: "grimreason of Zenobia", nowMs });
  const cy = { id: "web:cy", name: "Cy" };
  const problem = { code: "cancelled", text: verbatim("blocked") } as const;
  await store.block({ scope: "web:rent-strike", member: cy, by: zen, sinceMs: nowMs, reason: "ownreason" }, problem);
  const phone = { id: "telegram:zenphone", name: "zenphone" };
  await store.block({ scope: "telegram:far", member: phone, by: cy, sinceMs: nowMs, reason: "theirreason" }, problem);
}
/** A chat with the bot alone has its member's id. */
const ALONE = { chatId: "zenphone", title: "zenphone", group: false };
