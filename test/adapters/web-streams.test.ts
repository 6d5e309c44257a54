import { expect, it, onTestFinished } from "vitest";
import { Hub } from "../../adapters/web/hub.ts";
import {
  FIRST_MAX_BYTES,
  STREAM_BACKLOG_MAX_BYTES,
  STREAMS_BACKLOG_MAX_BYTES,
  STREAMS_MAX,
  STREAMS_PER_ADDRESS,
  STREAMS_PER_MEMBER,
  WALLS_PER_ADDRESS,
} from "../../adapters/web/limits.ts";
import type { StreamEvent } from "../../adapters/web/wire.ts";
import { verbatim } from "../../src/domain/text.ts";
import type { StoredMessage } from "../../src/ports/group-log.ts";
import { as, ask, type Joined, joinAs, NotingCore, Tab } from "./web-client.ts";
import { freshFolder, webIn } from "./web-world.ts";

async function started(nowMs: () => number = Date.now) {
  const web = webIn(freshFolder(), { nowMs });
  onTestFinished(() => web.stop());
  await web.start([], new NotingCore());
  const post = async (member: Joined, text: string, nonce: string) =>
    web.post(
      { place: { platform: "web", chatId: member.room, group: true }, memberId: member.id },
      { text },
      { nonce, visibility: "public" },
    );
  return { web, post };
}

const START: Extract<StreamEvent, { readonly type: "start" }> = {
  type: "start",
  epoch: "e",
  rev: 0,
  room: { slug: "r", title: "R", admin: false },
  afresh: true,
  older: false,
  messages: [],
};
const line = (rev: number, text: string): StoredMessage => ({
  seq: rev,
  rev,
  id: `m${rev}`,
  group: "r",
  atMs: 0,
  body: { text },
});
const memberOf = (name: string) => ({ id: `web:${name}`, name });

it("pauses a member's oldest tab when one too many opens, and says so there", async () => {
  const { web } = await started();
  const ada = await joinAs(web, "Ada");
  const tabs = [];
  for (let at = 0; at <= STREAMS_PER_MEMBER; at += 1) tabs.push(await Tab.open(web, ada));
  expect((await tabs[0]?.next("ended"))?.text).toMatch(/^You have this chat open 4 times elsewhere/);
  await expect(tabs[0]?.next("form")).rejects.toThrow("ended");
  await web.openForm(
    { place: { platform: "web", chatId: ada.room, group: true }, memberId: ada.id },
    { title: "Edit", token: "t", submitLabel: "Draw", fields: [] },
  );
  for (const tab of tabs.slice(1)) expect((await tab.next("form")).form.title).toBe("Edit");
});

it.each<[string, number, (at: number) => Parameters<Hub["open"]>[0]]>([
  [
    "at one address",
    STREAMS_PER_ADDRESS,
    (at) => ({ group: `r${at}`, language: "en", member: memberOf(`m${at}`), address: "192.0.2.1" }),
  ],
  [
    "from everywhere",
    STREAMS_MAX,
    (at) => ({ group: `r${at}`, language: "en", member: memberOf(`m${at}`), address: `192.0.2.${at}` }),
  ],
  ["from nobody knows where", STREAMS_MAX, (at) => ({ group: `r${at}`, language: "en", member: memberOf(`m${at}`) })],
])("refuses one tab too many %s with a sentence", async (_where, max, visitor) => {
  const hub = new Hub();
  onTestFinished(() => hub.close());
  for (let at = 0; at < max; at += 1) await hub.open(visitor(at), async () => START);
  await expect(hub.open(visitor(max), async () => START)).rejects.toThrow("Too many tabs are open here just now.");
});

it("keeps some walls at an address, and the newest of them; those at others stay", async () => {
  const hub = new Hub();
  onTestFinished(() => hub.close());
  const looked = new Set<string>();
  const wall = (name: string, address?: string) =>
    hub.open(
      {
        group: "r",
        language: "en",
        ...(address === undefined ? {} : { address }),
        inSocketBytes: () => Number(looked.add(name).size) * 0,
      },
      async () => START,
    );
  await wall("elsewhere", "192.0.2.2");
  await wall("nowhere");
  for (let at = 0; at <= WALLS_PER_ADDRESS; at += 1) await wall(`${at}`, "192.0.2.1");
  looked.clear();
  hub.changed([line(1, "x")]);
  const newest = Array.from({ length: WALLS_PER_ADDRESS }, (_, at) => `${at + 1}`);
  expect(looked).toEqual(new Set(["elsewhere", "nowhere", ...newest]));
});

it("tells each change once, in order: what a tab begins with, what came meanwhile, and what comes later", async () => {
  const hub = new Hub();
  onTestFinished(() => hub.close());
  const first = Promise.withResolvers<typeof START>();
  const opening = hub.open({ group: "r", language: "en", member: memberOf("ada") }, () => first.promise);
  hub.changed([line(1, "in the beginning"), line(2, "meanwhile")]);
  hub.tellMember("r", "web:ada", { type: "heard", updateId: "meanwhile, too" });
  first.resolve({ ...START, rev: 1 });
  const tab = Tab.of(await opening);
  hub.changed([line(2, "meanwhile, again"), line(3, "later"), { ...line(4, "private"), visibleTo: "web:bo" }]);
  hub.changed([{ ...line(5, "taken back"), visibleTo: "web:bo", answered: "withdrawn" }]);
  hub.close();
  await expect(tab.next("form")).rejects.toThrow("ended");
  const told = tab.events.map((event) => ("rev" in event ? event.rev : event.type));
  expect(told).toEqual([1, 2, "heard", 3, 5]);
  expect(tab.events.at(-1)).toMatchObject({ message: { removed: true } });
});

it("sends nothing to a tab that is refused or sent away before it has begun, and leaves nothing of it", async () => {
  const moved: string[] = [];
  const hub = new Hub((group) => moved.push(group));
  onTestFinished(() => hub.close());
  const visitor = { group: "r", language: "en", member: memberOf("ada") };
  await expect(hub.open(visitor, () => Promise.reject(new Error("not in it")))).rejects.toThrow("not in it");
  const first = Promise.withResolvers<typeof START>();
  const opening = hub.open(visitor, () => first.promise);
  hub.dismiss("r", "web:ada", verbatim("out"));
  first.resolve(START);
  const tab = Tab.of(await opening);
  await expect(tab.next("form")).rejects.toThrow("ended");
  expect(tab.events).toEqual([{ type: "out", text: "out" }]);
  expect([hub.shows("r"), hub.membersIn("r")]).toEqual([false, []]);
});

it("cuts a tab that does not read, within its bytes, and lets it resume where it was", async () => {
  const { web, post } = await started();
  const [ada, bo] = [await joinAs(web, "Ada"), await joinAs(web, "Bo")];
  const slow = await Tab.open(web, ada);
  const { epoch, rev } = await slow.next("start");
  const quick = await Tab.open(web, bo);
  const posts = Math.ceil(STREAM_BACKLOG_MAX_BYTES / 7000) + 2;
  for (let at = 0; at < posts; at += 1) {
    await post(ada, `${at} ${"x".repeat(7000)}`, `n${at}`);
    await quick.next("message");
  }
  await expect(slow.next("form")).rejects.toThrow();
  const back = await Tab.open(web, ada, { after: rev + posts - 3, epoch });
  expect((await back.next("start")).messages.map(({ view }) => Number(view?.text.split(" ")[0]))).toEqual([
    posts - 3,
    posts - 2,
    posts - 1,
  ]);
});

it("holds one piece of memory for an event that many leave unread, and never more than its bound", async () => {
  const hub = new Hub();
  onTestFinished(() => hub.close());
  const cut = new Set<number>();
  for (let at = 0; at < 150; at += 1)
    await hub.open(
      { group: "r", language: "en", member: memberOf(`m${at}`), cut: () => void cut.add(at) },
      async () => ({
        ...START,
        epoch: "x".repeat(FIRST_MAX_BYTES),
      }),
    );
  expect(cut.size).toBeGreaterThan(0);
  expect(hub.backlogBytes).toBeLessThanOrEqual(STREAMS_BACKLOG_MAX_BYTES);
  for (let rev = 1; rev < 200; rev += 1) hub.changed([line(rev, "x".repeat(4000))]);
  expect([cut.size, hub.backlogBytes]).toEqual([150, 0]);
});

it("cuts those that read least as soon as all together leave more unread than their bound, and no more of them", async () => {
  const hub = new Hub();
  onTestFinished(() => hub.close());
  const cut: string[] = [];
  const open = (name: string, bytes: number) =>
    // Each in a group of its own, so that nothing else is told to it.
    hub.open({ group: name, language: "en", member: memberOf(name), cut: () => void cut.push(name) }, async () => ({
      ...START,
      epoch: "x".repeat(bytes),
    }));
  const many = STREAMS_BACKLOG_MAX_BYTES / FIRST_MAX_BYTES;
  await open("little", 1000);
  for (let at = 0; at < many - 1; at += 1) await open(`much ${at}`, FIRST_MAX_BYTES - 1000);
  expect(cut).toEqual([]);
  await open("most", FIRST_MAX_BYTES + 1000);
  await open("one more", FIRST_MAX_BYTES - 1000);
  expect(cut).toEqual(["most"]);
  expect(hub.backlogBytes).toBeLessThanOrEqual(STREAMS_BACKLOG_MAX_BYTES);
});

it("begins with as many of the newest messages as fit, and pages back by the same measure", async () => {
  const { web, post } = await started();
  const ada = await joinAs(web, "Ada");
  for (let at = 0; at < 45; at += 1) await post(ada, `${at} ${"x".repeat(7900)}`, `n${at}`);
  const start = await (await Tab.open(web, ada)).next("start");
  const numbers = (messages: typeof start.messages) => messages.map(({ view }) => Number(view?.text.split(" ")[0]));
  expect(JSON.stringify(start).length).toBeLessThanOrEqual(FIRST_MAX_BYTES + 1000);
  expect([start.older, numbers(start.messages).at(-1)]).toEqual([true, 44]);
  const answer = await ask(web, `/api/older?room=${ada.room}&before=${start.messages[0]?.seq}`, { headers: as(ada) });
  const older = (await answer.json()) as { older: boolean; messages: typeof start.messages };
  expect([older.older, ...numbers(older.messages), ...numbers(start.messages)]).toEqual([
    false,
    ...Array.from({ length: 45 }, (_, at) => at),
  ]);
});

it("sends the newest instead of every change when the changes are too many bytes", async () => {
  const { web, post } = await started();
  const ada = await joinAs(web, "Ada");
  const tab = await Tab.open(web, ada);
  const { epoch, rev } = await tab.next("start");
  await tab.close();
  await post(ada, "one", "first");
  for (let at = 0; at < 45; at += 1) await post(ada, "x".repeat(7900), `n${at}`);
  const start = await (await Tab.open(web, ada, { epoch, after: rev + 1 })).next("start");
  expect([start.afresh, start.older]).toEqual([true, true]);
});

it("slows down a member who reads without end, and no other", async () => {
  let nowMs = 1_000_000;
  const { web } = await started(() => nowMs);
  const [ada, bo] = [await joinAs(web, "Ada"), await joinAs(web, "Bo")];
  const older = (member: Joined) => ask(web, `/api/older?room=${member.room}&before=1`, { headers: as(member) });
  const statuses = [];
  for (let at = 0; at < 61; at += 1) statuses.push((await older(ada)).status);
  expect([statuses.at(-2), statuses.at(-1)]).toEqual([200, 429]);
  expect((await ask(web, "/api/rooms", { headers: as(ada) })).status).toBe(429);
  expect((await ask(web, "/api/stream", { body: { room: ada.room, after: 0 }, headers: as(ada) })).status).toBe(429);
  expect((await ask(web, "/api/commands", { headers: as(ada) })).status).toBe(429);
  expect((await older(bo)).status).toBe(200);
  expect((await ask(web, "/api/commands", { headers: as(bo) })).status).toBe(200);
  expect((await ask(web, "/api/commands")).status).toBe(401);
  // Four reads a second are for ever.
  nowMs += 1000;
  for (const expected of [200, 200, 200, 200, 429]) expect((await older(ada)).status).toBe(expected);
});

it("slows down an address that opens tabs without end, whoever they are of", async () => {
  let nowMs = 1_000_000;
  const { web } = await started(() => nowMs);
  const members: Joined[] = [];
  for (let at = 0; at < 6; at += 1) members.push(await joinAs(web, `Ada ${at}`));
  const open = async (at: number) => {
    const member = members[at % members.length]!;
    const answer = await ask(web, "/api/stream", { body: { room: member.room, after: 0 }, headers: as(member) });
    await answer.body?.cancel();
    return answer.status;
  };
  const statuses = [];
  for (let at = 0; at < 300; at += 1) statuses.push(await open(at));
  expect(new Set(statuses)).toEqual(new Set([200]));
  nowMs += 199;
  expect(await open(0)).toBe(429);
  nowMs += 1;
  expect(await open(1)).toBe(200);
});
