import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { NetworkInterfaceInfo } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { describe, expect, it, onTestFinished } from "vitest";
import { openAddresses } from "../../adapters/web/listening.ts";
import { Uploads } from "../../adapters/web/uploads.ts";
import { createWebChat, module, type WebAdapter } from "../../adapters/web.ts";
import { GIVEN_IMAGE_MAX_BYTES } from "../../src/domain/given-image.ts";
import type { Place, ReplyTarget } from "../../src/domain/place.ts";
import type { ShownView } from "../../src/ports/view.ts";
import { createTestClock } from "../fakes/clock.ts";
import { hostileFiles } from "../fakes/hostile-files.ts";
import { english } from "../words.ts";
import { as, ask, type Joined, joinAs, NotingCore, nextId, say, seenBy, Tab } from "./web-client.ts";
import { HOSTILE_TEXTS } from "./web-hostile.ts";
import { freshFolder, webIn, worldIn } from "./web-world.ts";

async function started(settings: Parameters<typeof webIn>[1] = {}, folder = freshFolder()) {
  const web = webIn(folder, settings);
  const core = new NotingCore();
  onTestFinished(() => web.stop());
  const line = await web.start([], core);
  return { web, core, line, folder };
}

const targetFor = (member: Joined): ReplyTarget => {
  const place: Place = { platform: "web", chatId: member.room, group: true };
  return { place, memberId: member.id };
};
const post = (
  web: WebAdapter,
  member: Joined,
  view: ShownView,
  nonce: string,
  visibility: "public" | "private" = "public",
) => web.post(targetFor(member), view, { nonce, visibility });
const texts = async (web: WebAdapter, member: Joined) =>
  (await seenBy(web, member)).map(({ text, view }) => text ?? view?.text);
const errorOf = async (response: Response) => ((await response.json()) as { error: string }).error;
const png = (widthPx = 64, heightPx = 64) =>
  sharp({ create: { width: widthPx, height: heightPx, channels: 3, background: "red" } }).png();

describe("settings", () => {
  const at = (env: Record<string, string>) =>
    createWebChat(module.env.parse(env) as Parameters<typeof createWebChat>[0], worldIn(freshFolder()));

  it.each([["0.0.0.0"], ["::"], ["192.168.1.5"], ["placard.example"], ["127.0.0.1.evil.example"]])(
    "refuses %s without a code",
    (host) => {
      expect(() => at({ WEB_HOST: host })).toThrow(/WEB_TOKEN/);
      expect(() => at({ WEB_HOST: host, WEB_TOKEN: "long enough" })).not.toThrow();
    },
  );

  it.each([["127.0.0.1"], ["localhost"], ["::1"], ["127.0.0.2"]])("takes %s without a code", (host) => {
    expect(() => at({ WEB_HOST: host })).not.toThrow();
  });

  it("refuses a code of seven characters", () => {
    expect(module.env.safeParse({ WEB_TOKEN: "1234567" }).success).toBe(false);
    expect(module.env.safeParse({ WEB_TOKEN: "12345678" }).success).toBe(true);
  });

  it("says which setting to change when the port is taken", async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) =>
      other.listen(0, "127.0.0.1", () => resolve((other.address() as { port: number }).port)),
    );
    onTestFinished(() => void other.close());
    const web = webIn(freshFolder(), { WEB_PORT: port });
    onTestFinished(() => web.stop());
    await expect(web.start([], new NotingCore())).rejects.toMatchObject({
      name: "ChatError",
      code: "offline",
      message: expect.stringMatching(/WEB_PORT/),
    });
  });

  it.each([
    ["0.0.0.0", ["192.168.1.5", "127.0.0.1"]],
    ["::", ["192.168.1.5", "127.0.0.1"]],
    ["::1", ["[::1]"]],
    ["placard.example", ["placard.example"]],
  ])("names addresses to open for %s", (host, expected) => {
    const at = (address: string, family: "IPv4" | "IPv6", internal: boolean) =>
      ({ address, family, internal, netmask: "", mac: "", cidr: null, scopeid: 0 }) as NetworkInterfaceInfo;
    const interfaces = () => ({
      lo: [at("127.0.0.1", "IPv4", true)],
      eth0: [at("192.168.1.5", "IPv4", false), at("fe80::1", "IPv6", false)],
    });
    expect(openAddresses(host, interfaces)).toEqual(expected);
  });

  it("says where it is, with the real port", async () => {
    const { line } = await started();
    expect(line).toMatch(/^web chat: http:\/\/127\.0\.0\.1:[1-9]\d+$/);
    const page = await fetch(line.replace("web chat: ", ""));
    expect(await page.text()).toContain('src="/page/app.js"');
  });
});

describe("joining", () => {
  it("gives a new name to whoever comes first, and back to the same browser alone", async () => {
    const { web } = await started();
    const ada = await joinAs(web, "Ada");
    expect((await joinAs(web, "  ADA ", "Rent strike", ada.secret)).id).toBe(ada.id);
    const stranger = await ask(web, "/api/join", { body: { name: "ada", room: "elsewhere" } });
    expect([stranger.status, await errorOf(stranger)]).toEqual([
      409,
      expect.stringContaining("taken here; pick another"),
    ]);
    const guesser = await ask(web, "/api/join", { body: { name: "ada", room: "x", secret: "wrong" } });
    expect(guesser.status).toBe(409);
  });

  it.each([
    ["nothing", ""],
    ["only signs", "!!!"],
    ["hidden turning of the text", "Ada\u202e"],
    ["a control character", "Ad\u0007a"],
    ["a filler at the end", "Ada\u3164"],
    ["a selector at the end", "Ada\ufe0f"],
    ["blank Braille", "Ada\u2800"],
    ["fillers only", "\u3164\u3164"],
    ["Placard's own in Cyrillic", "Pl\u0430c\u0430rd"],
    ["Placard's own", "PLACARD"],
    ["wide letters of Placard's own", "Ｐｌａｃａｒｄ"],
    ["33 characters", "a".repeat(33)],
  ])("refuses a name of %s with a sentence", async (_why, name) => {
    const { web } = await started();
    const response = await ask(web, "/api/join", { body: { name, room: "x" } });
    expect([response.status, (await errorOf(response)).length > 20]).toEqual([400, true]);
  });

  it.each([
    ["a Cyrillic letter", "Ad\u0430"],
    ["a mark under it", "Ad\u0332a"],
    ["a Cyrillic capital", "\u0410da"],
  ])("refuses a name that looks like a member's, written with %s, and says whose", async (_why, name) => {
    const { web } = await started();
    await joinAs(web, "Ada");
    const response = await ask(web, "/api/join", { body: { name, room: "x" } });
    expect([response.status, await errorOf(response)]).toEqual([409, expect.stringContaining("looks like Ada")]);
  });

  it.each([["Zoë"], ["Łukasz"], ["علي"], ["小明"], ["O'Brien"], ["a".repeat(32)]])(
    "takes the name %s",
    async (name) => {
      const { web } = await started();
      expect((await joinAs(web, name)).id).toMatch(/^web:/);
    },
  );

  it("lets who names a group first run it", async () => {
    const { web, core } = await started();
    const [ada, bo] = [await joinAs(web, "Ada", "Rent  Strike!"), await joinAs(web, "Bo", "rent-strike")];
    expect([ada.room, bo.room, ada.admin, bo.admin]).toEqual(["rent-strike", "rent-strike", true, false]);
    await say(web, ada, "/rca x");
    await say(web, bo, "/rca x");
    expect(core.invocations.map(({ member }) => member.admin)).toEqual([true, false]);
  });

  it("lists a member's groups, and forgets one that was left", async () => {
    const { web } = await started();
    const ada = await joinAs(web, "Ada", "One");
    await joinAs(web, "Ada", "Two", ada.secret);
    const rooms = async () =>
      ((await (await ask(web, "/api/rooms", { headers: as(ada) })).json()) as { rooms: { slug: string }[] }).rooms;
    expect((await rooms()).map(({ slug }) => slug)).toEqual(["one", "two"]);
    await ask(web, "/api/leave", { body: { room: "one" }, headers: as(ada) });
    expect((await rooms()).map(({ slug }) => slug)).toEqual(["two"]);
    expect((await say(web, ada, "hello")).status).toBe(403);
  });
});

describe("messages", () => {
  it("makes one message and one command of one id, however often it is sent", async () => {
    const { web, core } = await started();
    const ada = await joinAs(web, "Ada");
    const body = { id: nextId(), room: ada.room, text: "/RCA  a red fox\nat night seed:0 " };
    for (let time = 0; time < 3; time += 1)
      expect((await ask(web, "/api/messages", { body, headers: as(ada) })).status).toBe(200);
    expect(core.invocations).toMatchObject([
      { updateId: `web:${body.id}`, commandName: "rca", raw: { text: "a red fox\nat night seed:0" } },
    ]);
    expect(await seenBy(web, ada)).toHaveLength(1);
    const bo = await joinAs(web, "Bo");
    expect((await ask(web, "/api/messages", { body, headers: as(bo) })).status).toBe(409);
  });

  it.each([
    ["/unknown thing", ["unknown", "thing"]],
    ["/help", ["help", ""]],
    ["/ tell me", undefined],
    ["//help", undefined],
    ["/2fast", undefined],
    ["and/or", undefined],
    ["/rca:fox", ["rca", "fox"]],
    ['/rca"Ready?"', ["rca", '"Ready?"']],
    ["/rca@placard_bot a fox", ["rca", "a fox"]],
    ["\u200f/rca ثعلب", ["rca", "ثعلب"]],
  ])("hears %j as it was meant", async (line, command) => {
    const { web, core } = await started();
    await say(web, await joinAs(web, "Ada"), line);
    expect(core.invocations.map(({ commandName, raw }) => [commandName, "text" in raw ? raw.text : ""])).toEqual(
      command ? [command] : [],
    );
  });

  it("hands over the values of a form", async () => {
    const { web, core } = await started();
    await say(web, await joinAs(web, "Ada"), "/rca a fox", { values: { prompt: "a fox cfg:3", seed: 7, wide: true } });
    expect(core.invocations[0]?.raw).toEqual({ values: { prompt: "a fox cfg:3", seed: 7, wide: true } });
  });

  it("keeps the log over a restart, with one message for one nonce", async () => {
    const { web, folder } = await started();
    const ada = await joinAs(web, "Ada");
    await say(web, ada, "hello");
    const before = await post(web, ada, { text: "Queued." }, "n1");
    await web.stop();
    const { web: again } = await started({}, folder);
    expect(await post(again, ada, { text: "Queued." }, "n1")).toEqual(before);
    await again.edit(before, { text: "Done." });
    expect(await texts(again, ada)).toEqual(["hello", "Done."]);
  });

  it("brings a command again that the core could not take, after a while, and once it has no more", async () => {
    const clock = createTestClock();
    clock.freeze();
    onTestFinished(() => clock.stop());
    const { web, core } = await started({ clock });
    const ada = await joinAs(web, "Ada");
    core.whenInvoked = () => Promise.reject(new Error("the database is away"));
    await say(web, ada, "/rca x");
    await expect.poll(() => core.invocations.length).toBe(1);
    core.whenInvoked = async () => {};
    clock.advanceMs(20_000);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(core.invocations.length).toBe(1);
    clock.advanceMs(20_000);
    await expect.poll(() => core.invocations.map(({ sent }) => sent?.late)).toEqual([false, true]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    clock.advanceMs(60_000);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(core.invocations.map(({ updateId }) => updateId)).toEqual(Array(2).fill(core.invocations[0]?.updateId));
  });

  it("delivers again what was typed just before a crash, and only that", async () => {
    const { web, core, folder } = await started();
    const ada = await joinAs(web, "Ada");
    let end = () => {};
    onTestFinished(() => end());
    await say(web, ada, "/rca heard");
    await expect.poll(() => core.invocations.length).toBe(1);
    core.whenInvoked = () => new Promise((resolve) => (end = resolve));
    await say(web, ada, "/rca not yet heard", { values: { prompt: "x" } });
    // No stop: the process is gone, and another one opens the same folder.
    const { core: later } = await started({}, folder);
    await expect
      .poll(() => later.invocations)
      .toMatchObject([
        { commandName: "rca", raw: { values: { prompt: "x" } }, member: { id: ada.id, name: "Ada", admin: true } },
      ]);
    expect(later.invocations[0]?.updateId).toBe(core.invocations[1]?.updateId);
    const both = [core.invocations[1], later.invocations[0]];
    expect(both.map((each) => each?.sent?.late)).toEqual([false, true]);
    // It counts for the address it came from, as it would have, and nobody reads the key.
    expect(both.map((each) => each?.member.addressKey)).toEqual(Array(2).fill(expect.stringMatching(/^[\w-]{22}$/)));
    expect(both[0]?.member.addressKey).toBe(both[1]?.member.addressKey);
    expect(JSON.stringify(await seenBy(web, ada))).not.toContain(both[0]?.member.addressKey);
  });

  it("says gone in a group that never was, and too_large past the limit", async () => {
    const { web } = await started();
    const ada = await joinAs(web, "Ada");
    await expect(post(web, { ...ada, room: "nowhere" }, { text: "x" }, "n")).rejects.toMatchObject({ code: "gone" });
    const ref = await post(web, ada, { text: "x" }, "n");
    await expect(web.edit(ref, { text: "x".repeat(8001) })).rejects.toMatchObject({ code: "too_large" });
  });

  it("lets a member remove their own messages and the admin any", async () => {
    const { web } = await started();
    const [ada, bo] = [await joinAs(web, "Ada"), await joinAs(web, "Bo")];
    await say(web, ada, "from Ada");
    await say(web, bo, "from Bo");
    const [first, second] = await seenBy(web, bo);
    const remove = (member: Joined, id = "") =>
      ask(web, "/api/remove", { body: { room: member.room, id }, headers: as(member) });
    expect((await remove(bo, first?.id)).status).toBe(403);
    expect((await remove(ada, second?.id)).status).toBe(200);
    expect(await texts(web, bo)).toEqual(["from Ada", undefined]);
  });

  it("slows down a member who floods, and no other", async () => {
    let nowMs = 1_000_000;
    const { web } = await started({ nowMs: () => nowMs });
    const [ada, bo] = [await joinAs(web, "Ada"), await joinAs(web, "Bo")];
    const statuses = [];
    for (let at = 0; at < 21; at += 1) statuses.push((await say(web, ada, `${at}`)).status);
    expect(statuses).toEqual([...Array(20).fill(200), 429]);
    const refused = await say(web, ada, "again");
    expect(await errorOf(refused)).toBe("That was a lot at once. Wait 1 s, then try again.");
    expect((await say(web, bo, "hello")).status).toBe(200);
    nowMs += 1000;
    expect((await say(web, ada, "later")).status).toBe(200);
  });

  it("slows down a member who presses without end, and no other", async () => {
    let nowMs = 1_000_000;
    const { web } = await started({ nowMs: () => nowMs });
    const [ada, bo] = [await joinAs(web, "Ada"), await joinAs(web, "Bo")];
    const press = async (member: Joined) =>
      (await ask(web, "/api/press", { body: { id: nextId(), room: member.room, token: "t" }, headers: as(member) }))
        .status;
    const statuses = [];
    for (let at = 0; at < 41; at += 1) statuses.push(await press(ada));
    expect(statuses).toEqual([...Array(40).fill(200), 429]);
    expect(await press(bo)).toBe(200);
    nowMs += 400;
    expect([await press(ada), await press(ada)]).toEqual([200, 429]);
  });
});

describe("a command line", () => {
  type Answer = (web: WebAdapter, target: ReplyTarget) => Promise<void>;
  const answer =
    (...visibilities: readonly ("public" | "private")[]): Answer =>
    async (web, target) => {
      for (const [at, visibility] of visibilities.entries())
        await web.post(target, { text: `${visibility} answer` }, { nonce: `${target.replyToken}:${at}`, visibility });
    };
  const form: Answer = (web, target) =>
    web.openForm(target, { title: "Say more", token: "t", submitLabel: "Go", fields: [] });

  it.each<[string, Answer, readonly string[]]>([
    ["a private answer", answer("private"), []],
    ["a form", form, []],
    ["a public answer", answer("public"), ["/do it", "public answer"]],
    ["a private answer, then a public one", answer("private", "public"), ["/do it", "public answer"]],
    ["a public answer, then a private one", answer("public", "private"), ["/do it", "public answer"]],
    ["no message at all", async () => {}, ["/do it"]],
  ])("with %s is seen by others as is right, also when it comes again", async (_what, how, others) => {
    const { web, core, folder } = await started();
    const [ada, bo] = [await joinAs(web, "Ada"), await joinAs(web, "Bo")];
    core.whenInvoked = ({ target }) => how(web, target);
    await say(web, ada, "/do it");
    await expect.poll(() => texts(web, bo)).toEqual(others);
    expect((await texts(web, ada))[0]).toBe("/do it");
    const [target] = core.invocations.map((each) => each.target);
    await web.stop();
    const { web: again } = await started({}, folder);
    if (target) await how(again, target);
    expect(await texts(again, bo)).toEqual(others);
  });

  it("is held back until it is answered, but not for long, and taken back from every tab when the answer is private", async () => {
    const clock = createTestClock();
    onTestFinished(clock.stop);
    const { web, core } = await started({ clock });
    const [ada, bo] = [await joinAs(web, "Ada"), await joinAs(web, "Bo")];
    let end = () => {};
    onTestFinished(() => end());
    core.whenInvoked = () => new Promise((resolve) => (end = resolve));
    const tab = await Tab.open(web, bo);
    const { epoch } = await tab.next("start");
    await say(web, ada, "/quota");
    expect(await texts(web, bo)).toEqual([]);
    expect(await seenBy(web, ada)).toMatchObject([{ text: "/quota", onlyYou: false }]);
    clock.advanceMs(1000);
    const shown = await tab.next("message");
    expect(shown.message.text).toBe("/quota");
    const target = core.invocations[0]?.target;
    if (target) await web.post(target, { text: "212 s" }, { nonce: "n", visibility: "private" });
    const gone = (await tab.next("message")).message;
    expect([gone.id, gone.removed, gone.text]).toEqual([shown.message.id, true, undefined]);
    await tab.close();
    const asleep = await Tab.open(web, bo, { epoch, after: shown.rev });
    expect(await asleep.shown()).toMatchObject([{ id: gone.id, removed: true }]);
    await asleep.close();
    expect(await seenBy(web, ada)).toMatchObject([{ text: "/quota", onlyYou: true }, { onlyYou: true }]);
  });

  it("that was held back when the process died is shown after the restart", async () => {
    const { web, core, folder } = await started();
    const [ada, bo] = [await joinAs(web, "Ada"), await joinAs(web, "Bo")];
    let end = () => {};
    onTestFinished(() => end());
    core.whenInvoked = () => new Promise((resolve) => (end = resolve));
    await say(web, ada, "/rca a fox");
    const { web: again } = await started({}, folder);
    await expect.poll(() => texts(again, bo)).toEqual(["/rca a fox"]);
  });
});

describe("the stream", () => {
  it("brings what was missed, edits included, once", async () => {
    const { web } = await started();
    const ada = await joinAs(web, "Ada");
    const first = await post(web, ada, { text: "Queued." }, "n1");
    const tab = await Tab.open(web, ada);
    const start = await tab.next("start");
    expect(start).toMatchObject({ afresh: true, older: false, messages: [{ view: { text: "Queued." } }] });
    await say(web, ada, "seen live");
    const live = await tab.next("message");
    expect(live.message.text).toBe("seen live");
    await tab.close();

    await web.edit(first, { text: "Done." });
    await say(web, ada, "typed meanwhile");
    const again = await Tab.open(web, ada, { epoch: start.epoch, after: live.rev });
    const resumed = await again.next("start");
    expect(resumed.afresh).toBe(false);
    expect(resumed.messages.map(({ text, view }) => text ?? view?.text)).toEqual(["Done.", "typed meanwhile"]);
    await again.close();
    const later = await Tab.open(web, ada, { epoch: start.epoch, after: resumed.rev });
    expect((await later.next("start")).messages).toEqual([]);
    await later.close();
  });

  it.each([
    ["another database", { epoch: "other", after: 1 }],
    ["a future place", { after: 999 }],
  ])("starts afresh after %s", async (_why, place) => {
    const { web } = await started();
    const ada = await joinAs(web, "Ada");
    await say(web, ada, "hello");
    const tab = await Tab.open(web, ada, place);
    expect(await tab.next("start")).toMatchObject({ afresh: true, messages: [{ text: "hello" }] });
    await tab.close();
  });

  it("shows what is private to its member alone: live, resumed, older and on the wall", async () => {
    const { web } = await started();
    const [ada, bo] = [await joinAs(web, "Ada"), await joinAs(web, "Bo")];
    const tab = await Tab.open(web, bo);
    const image = { key: "picture/abcdefghijklmnop.0/posted", alt: "x", widthPx: 1, heightPx: 1 };
    const ref = await post(web, ada, { text: "secret", image }, "p", "private");
    await web.edit(ref, { text: "secret still", image });
    await post(web, ada, { text: "open" }, "q");
    expect((await tab.next("message")).message.view?.text).toBe("open");
    await tab.close();
    const first = await Tab.open(web, bo);
    const { epoch } = await first.next("start");
    await first.close();
    const resumed = await Tab.open(web, bo, { epoch, after: 1 });
    expect((await resumed.shown()).map(({ view }) => view?.text)).toEqual(["open"]);
    await resumed.close();
    const older = await ask(web, `/api/older?room=${bo.room}&before=99`, { headers: as(bo) });
    expect(await older.text()).not.toContain("secret");
    const wall = await ask(web, "/api/wall", { body: { group: bo.room } });
    const reader = wall.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).not.toContain("secret");
    await reader?.cancel();
    expect(await texts(web, ada)).toEqual(["secret still", "open"]);
  });

  it("pages back through a long log without a gap", async () => {
    const { web } = await started();
    const ada = await joinAs(web, "Ada");
    for (let at = 0; at < 100; at += 1) await post(web, ada, { text: `${at}` }, `n${at}`);
    const tab = await Tab.open(web, ada);
    const start = await tab.next("start");
    await tab.close();
    expect([start.older, start.messages.length]).toEqual([true, 50]);
    const older = await ask(web, `/api/older?room=${ada.room}&before=${start.messages[0]?.seq}`, { headers: as(ada) });
    const page = (await older.json()) as { older: boolean; messages: { view: ShownView }[] };
    expect([page.older, page.messages.map(({ view }) => Number(view.text))]).toEqual([
      false,
      Array.from({ length: 50 }, (_, at) => at),
    ]);
  });

  it("tells who is here, each member once", async () => {
    const { web } = await started();
    const [ada, bo] = [await joinAs(web, "Ada"), await joinAs(web, "Bo")];
    const tabs = [await Tab.open(web, ada), await Tab.open(web, ada)];
    await tabs[0]?.next("present");
    await tabs[0]?.next("present");
    tabs.push(await Tab.open(web, bo));
    expect((await tabs[0]?.next("present"))?.members.map(({ name }) => name)).toEqual(["Ada", "Bo"]);
    for (const tab of tabs) await tab.close();
  });

  it("opens a form that was asked for while the tab was away", async () => {
    const { web } = await started();
    const ada = await joinAs(web, "Ada");
    await web.openForm(targetFor(ada), { title: "Edit", token: "t", submitLabel: "Draw", fields: [] });
    const tab = await Tab.open(web, ada);
    expect((await tab.next("form")).form.title).toBe("Edit");
    await tab.close();
  });
});

describe("where members come from", () => {
  it("tells the core by one key for one address, over restarts, and nothing of the address itself", async () => {
    const folder = freshFolder();
    const keys = async (addresses: readonly (string | undefined)[], TRUST_PROXY = 1) => {
      const { web, core } = await started({ TRUST_PROXY }, folder);
      for (const [at, address] of addresses.entries()) {
        const member = await joinAs(web, `M${at}${addresses.length}${TRUST_PROXY}`);
        const headers = { ...as(member), "x-forwarded-for": address };
        const press = { id: nextId(), room: member.room, token: "t" };
        await ask(web, "/api/messages", { body: { id: nextId(), room: member.room, text: "/rca x" }, headers });
        await ask(web, "/api/press", { body: press, headers });
      }
      await web.stop();
      const heard = core.invocations.map(({ member }) => member.addressKey);
      expect(core.presses.map(({ member }) => member.addressKey)).toEqual(heard);
      // Names are as old as their first visit.
      expect(core.invocations.every(({ member }) => Date.now() - (member.accountMadeAtMs ?? 0) < 60_000)).toBe(true);
      return heard;
    };
    const [one, same, other, unknown] = await keys(["192.0.2.1", "9.9.9.9, 192.0.2.1", "192.0.2.2", undefined]);
    expect([one, unknown]).toEqual([expect.stringMatching(/^[A-Za-z0-9_-]{22}$/), undefined]);
    expect([same === one, other === one]).toEqual([true, false]);
    expect(await keys(["192.0.2.1"])).toEqual([one]);
    const [direct, forged] = await keys([undefined, "192.0.2.9"], 0);
    expect([typeof direct, forged]).toEqual(["string", direct]);
  });
});

describe("presses", () => {
  it("hands on forged tokens as they are, and answers when the core is done", async () => {
    const { web, core } = await started();
    const ada = await joinAs(web, "Ada");
    let done = false;
    core.whenPressed = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      done = true;
    };
    const id = nextId();
    const body = { id, room: ada.room, token: "1.reroll.forged!.\u0000", values: { prompt: "x" } };
    expect((await ask(web, "/api/press", { body, headers: as(ada) })).status).toBe(200);
    expect(done).toBe(true);
    expect(core.presses).toMatchObject([
      { updateId: `web:press:${id}`, token: body.token, values: body.values, member: { name: "Ada" } },
    ]);
  });

  it("refuses a press in a group the member is not in", async () => {
    const { web, core } = await started();
    const [ada, bo] = [await joinAs(web, "Ada", "One"), await joinAs(web, "Bo", "Two")];
    expect(
      (await ask(web, "/api/press", { body: { id: nextId(), room: ada.room, token: "t" }, headers: as(bo) })).status,
    ).toBe(403);
    expect(core.presses).toEqual([]);
  });
});

const hostile = await hostileFiles();

describe("pictures", () => {
  it("keeps an upload for the core as it is, and shows the group a copy without metadata", async () => {
    const { web, core } = await started();
    const ada = await joinAs(web, "Ada");
    const bytes = await png(900, 300)
      .withExif({ IFD0: { Copyright: "where I live" } })
      .toBuffer();
    expect(bytes.includes("where I live")).toBe(true);
    const uploaded = await ask(web, "/api/uploads", {
      bytes,
      headers: { ...as(ada), "x-file-name": "..%2F..%2Fetc%2Fpasswd.png" },
    });
    const { upload } = (await uploaded.json()) as { upload: { id: string; name: string; widthPx: number } };
    expect(upload).toMatchObject({ name: "passwd.png", widthPx: 640 });
    await say(web, ada, "/info", { uploadId: upload.id });
    const [file] = core.invocations[0]?.attachments ?? [];
    expect(Buffer.from((await file?.read(1e6)) ?? []).equals(bytes)).toBe(true);
    const shown = Buffer.from(await (await ask(web, `/uploads/${upload.id}`)).arrayBuffer());
    expect([shown.subarray(8, 12).toString(), shown.includes("where I live")]).toEqual(["WEBP", false]);
  });

  it.each<[string, () => Promise<Buffer>, number]>([
    ["text", async () => Buffer.from("<svg onload=alert(1)>"), 400],
    ["a PNG in name only", async () => Buffer.from("89504e470d0a1a0a00", "hex"), 400],
    ["more than 50 megapixels", async () => hostile.get("a PNG of 3.6 gigapixels") ?? Buffer.alloc(0), 400],
    ["more than 20 MB", async () => Buffer.alloc(GIVEN_IMAGE_MAX_BYTES + 1), 413],
  ])("refuses %s with a sentence", async (_what, bytes, status) => {
    const { web } = await started();
    const response = await ask(web, "/api/uploads", { bytes: await bytes(), headers: as(await joinAs(web, "Ada")) });
    expect([response.status, (await errorOf(response)).length > 20]).toEqual([status, true]);
  });

  it("gives an upload to nobody but its member, and counts what a member sends in bytes", async () => {
    const { web, core } = await started({ nowMs: () => 1_000_000 });
    const [ada, bo] = [await joinAs(web, "Ada"), await joinAs(web, "Bo")];
    const send = async (bytes: Uint8Array, by = ada) => ask(web, "/api/uploads", { bytes, headers: as(by) });
    const { upload } = (await (await send(await png().toBuffer())).json()) as { upload: { id: string } };
    await say(web, ada, "look", { uploadId: upload.id });
    const stolen = await say(web, bo, "/info", { uploadId: upload.id });
    expect([stolen.status, await errorOf(stolen), core.invocations]).toEqual([
      400,
      "The attached picture is no longer here. Attach it again.",
      [],
    ]);
    const statuses = [];
    for (let at = 0; at < 7; at += 1) statuses.push((await send(Buffer.alloc(GIVEN_IMAGE_MAX_BYTES))).status);
    expect(statuses).toEqual([400, 400, 400, 400, 400, 429, 429]);
    expect((await send(await png().toBuffer(), bo)).status).toBe(200);
  });

  it("removes the files of an upload along with the last message that shows it", async () => {
    const { web, folder } = await started();
    const ada = await joinAs(web, "Ada");
    const kept = await ask(web, "/api/uploads", { bytes: await png().toBuffer(), headers: as(ada) });
    const { upload } = (await kept.json()) as { upload: { id: string } };
    const ids = [nextId(), nextId()];
    for (const id of ids)
      await ask(web, "/api/messages", {
        body: { id, room: ada.room, text: "look", uploadId: upload.id },
        headers: as(ada),
      });
    const files = () => readdirSync(path.join(folder, "webchat", "uploads")).length;
    const remove = (id: string | undefined) =>
      ask(web, "/api/remove", { body: { room: ada.room, id }, headers: as(ada) });
    await remove(ids[0]);
    expect(files()).toBe(3);
    await remove(ids[1]);
    expect([files(), (await ask(web, `/uploads/${upload.id}`)).status]).toEqual([0, 404]);
  });

  it("lets go of what a group no longer keeps, files included", async () => {
    let nowMs = Date.now() - 2 * 86_400_000;
    const { web, folder } = await started({ nowMs: () => nowMs });
    const ada = await joinAs(web, "Ada");
    const kept = await ask(web, "/api/uploads", { bytes: await png().toBuffer(), headers: as(ada) });
    const { upload } = (await kept.json()) as { upload: { id: string } };
    await say(web, ada, "look", { uploadId: upload.id });
    nowMs = Date.now() + 2 * 86_400_000;
    await say(web, ada, "today");
    await web.letGo?.([]);
    expect(await texts(web, ada)).toEqual(["look", "today"]);
    await web.letGo?.([{ settingsKey: "web:rent-strike", madeBeforeMs: nowMs - 86_400_000 }]);
    expect(await texts(web, ada)).toEqual(["today"]);
    expect(readdirSync(path.join(folder, "webchat", "uploads"))).toEqual([]);
  });

  it("has room for so many uploads and says when there is none, until some are removed", async () => {
    const bytes = await png().toBuffer();
    const uploads = new Uploads(freshFolder(), 3 * bytes.length);
    const first = await uploads.keep(bytes, "a.png", "web:a");
    expect(first.ok).toBe(true);
    const tries = await Promise.all([1, 2, 3].map(() => uploads.keep(bytes, "a.png", "web:a")));
    const full = tries.find(({ ok }) => !ok);
    expect(english(full)).toMatchObject({
      problem: { text: expect.stringMatching(/^There is no room for more pictures\. /) },
    });
    await uploads.tidy(new Set(), Date.now() + 2 * 86_400_000);
    expect((await uploads.keep(bytes, "a.png", "web:a")).ok).toBe(true);
  });

  it("refuses an attachment that is not there", async () => {
    const { web } = await started();
    const ada = await joinAs(web, "Ada");
    expect((await say(web, ada, "/info", { uploadId: "A".repeat(22) })).status).toBe(400);
  });

  it.each([
    ["/media/picture/abcdefghijklmnop.0/posted", 200, "image/png", null, "private, max-age=31536000, immutable"],
    [
      "/media/picture/abcdefghijklmnop.0/original",
      200,
      "image/png",
      'attachment; filename="abfox-7.png"',
      "private, max-age=31536000, immutable",
    ],
    ["/media/picture/abcdefghijklmnop.0/posted?w=640", 200, "image/webp", null, "private, max-age=31536000, immutable"],
    [
      "/media/picture/abcdefghijklmnop.0/posted?w=original",
      200,
      "image/png",
      'attachment; filename="fox.png"',
      "private, max-age=31536000, immutable",
    ],
    ["/media/picture/abcdefghijklmnop.0/posted?w=641", 404, "application/json", null, "no-store"],
    ["/media/style/odd", 200, "application/octet-stream", 'attachment; filename="odd.svg"', "private, max-age=300"],
    ["/media/nothing", 404, "application/json", null, "no-store"],
    ["/uploads/..%2Fwebchat.sqlite", 404, "application/json", null, null],
    ["/uploads/..%2Foutside", 404, "application/json", null, null],
    ["/page/..%2F..%2Fweb.ts", 404, "application/json", null, null],
    ["/page/tsconfig.json", 404, "application/json", null, null],
  ])("serves %s as it should", async (address, status, type, disposition, cache) => {
    const { web, folder } = await started();
    // As beside the uploads: whoever gets out of their folder finds something.
    for (const name of ["webchat.sqlite.webp", "outside.webp"]) writeFileSync(path.join(folder, "webchat", name), "x");
    const { headers, status: got } = await ask(web, address);
    expect([
      got,
      headers.get("content-type"),
      headers.get("content-disposition"),
      headers.get("cache-control"),
    ]).toEqual([status, type, disposition, cache]);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });
});

describe("hostile texts", () => {
  it("come back untouched, as JSON", async () => {
    let nowMs = 0;
    const { web } = await started({ nowMs: () => (nowMs += 10_000) });
    const ada = await joinAs(web, "Ada");
    expect(HOSTILE_TEXTS.length).toBeGreaterThanOrEqual(50);
    for (const [at, text] of HOSTILE_TEXTS.entries()) {
      const said = await say(web, ada, text);
      expect([said.headers.get("content-type"), said.status]).toEqual(["application/json", 200]);
      await post(web, ada, { text, fields: [{ name: text, value: text }] }, `n${at}`);
    }
    const seen = [];
    for (let before = 1000; ; ) {
      const page = await ask(web, `/api/older?room=${ada.room}&before=${before}`, { headers: as(ada) });
      const { messages, older } = (await page.json()) as {
        messages: { seq: number; text?: string; view?: ShownView }[];
        older: boolean;
      };
      seen.unshift(...messages);
      before = messages[0]?.seq ?? 0;
      if (!older) break;
    }
    expect(seen.map(({ text, view }) => text ?? view?.fields?.[0]?.value)).toEqual(
      HOSTILE_TEXTS.flatMap((text) => [text, text]),
    );
  });

  it("have no way into the page's markup", () => {
    const folder = path.join(import.meta.dirname, "../../adapters/web/page");
    const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".js"));
    expect(sources.length).toBeGreaterThan(10);
    for (const name of sources)
      expect(readFileSync(path.join(folder, name), "utf8"), name).not.toMatch(
        // Preact's name for it has a capital in the middle.
        /innerHTML|outerHTML|insertAdjacentHTML|setHTML|ContextualFragment|document\.write|\beval\(|new Function|srcdoc/i,
      );
    for (const name of readdirSync(folder).filter((each) => each.endsWith(".html")))
      expect(readFileSync(path.join(folder, name), "utf8"), name).not.toMatch(
        /<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=/,
      );
  });
});
