import { describe, expect, it } from "vitest";
import { as, ask, type Joined, joinAs, nextId, say, seenBy, Tab } from "../adapters/web-client.ts";
import { freshFolder } from "../adapters/web-world.ts";
import { world } from "./web-group.ts";

const HOUR_MS = 3_600_000;

const refused = async (response: Response | Promise<Response>) => {
  const { status } = await response;
  return [status, ((await (await response).json()) as { error?: string }).error];
};
const BLOCKED = [403, expect.stringMatching(/^An admin of this chat blocked you here until /)];
const join = (web: Parameters<typeof ask>[0], name: string, secret?: string) =>
  ask(web, "/api/join", { body: { name, room: "Rent strike", ...(secret === undefined ? {} : { secret }) } });

describe("a member who is blocked in a group of the web chat", () => {
  it("is out at once: tabs close with the sentence, nothing goes in, and the same secret does not help until the end", async () => {
    const { web, told, clock, press } = await world();
    const [ada, bo] = [await joinAs(web, "Ada"), await joinAs(web, "Bo")];
    const tab = await Tab.open(web, bo);
    await tab.next("start");
    await say(web, ada, "/block bo for:2h");
    await told(ada, /^Bo is blocked here until/);
    expect((await tab.next("out")).text).toMatch(/^An admin of this chat blocked you here until/);
    await expect(tab.next("message")).rejects.toThrow("the stream ended");
    expect(await refused(say(web, bo, "hello?"))).toEqual(BLOCKED);
    expect(await refused(ask(web, "/api/stream", { body: { room: bo.room, after: 0 }, headers: as(bo) }))).toEqual(
      BLOCKED,
    );
    expect(await refused(ask(web, `/api/older?room=${bo.room}&before=99`, { headers: as(bo) }))).toEqual(BLOCKED);
    expect(await refused(join(web, "Bo", bo.secret))).toEqual(BLOCKED);
    expect(await refused(join(web, "Bo"))).toEqual([409, expect.stringContaining("taken")]);
    const rooms = await (await ask(web, "/api/rooms", { headers: as(bo) })).json();
    expect(rooms).toMatchObject({ rooms: [] });

    clock.advanceMs(2 * HOUR_MS);
    expect(await (await join(web, "Bo", bo.secret)).json()).toMatchObject({ waits: expect.stringContaining("admin") });
    expect(await refused(say(web, bo, "hello?"))).toEqual([403, "You are not in this group. Join it first."]);
    await press(ada, await told(ada, /^Bo wants to come in/), "Let in");
    await told(ada, /^Bo is let in\./);
    expect((await say(web, bo, "hello again")).status).toBe(200);
  });

  it("is back as soon as somebody unblocks them", async () => {
    const { web, told } = await world();
    const [ada, bo] = [await joinAs(web, "Ada"), await joinAs(web, "Bo")];
    await say(web, ada, "/block Bo");
    await told(ada, /^Bo is blocked here with no end/);
    await say(web, ada, "/unblock Bo");
    await told(ada, /^Bo is not blocked any more/);
    expect((await say(web, bo, "thank you")).status).toBe(200);
  });
});

describe("with WEB_NEW_NAMES=nod", () => {
  it("a new name waits and sees nothing; an admin's button lets it in, another turns it away for a day", async () => {
    const { web, told, press, clock } = await world({ WEB_NEW_NAMES: "nod" });
    const ada = await joinAs(web, "Ada");
    await say(web, ada, "our secret plan");
    const asked = (await (await join(web, "Bo")).json()) as { secret: string; room: { slug: string; admin: boolean } };
    expect(asked).toMatchObject({ waits: expect.stringMatching(/^An admin of this group has to let you in/) });
    const bo = { id: "", secret: asked.secret, room: ada.room, admin: false };
    const waits = () => ask(web, `/api/waiting?room=${bo.room}`, { headers: as(bo) });
    expect(await (await waits()).json()).toEqual({ waits: true });
    const notIn = [403, "You are not in this group. Join it first."];
    expect(await refused(ask(web, "/api/stream", { body: { room: bo.room, after: 0 }, headers: as(bo) }))).toEqual(
      notIn,
    );
    expect(await refused(ask(web, `/api/older?room=${bo.room}&before=99`, { headers: as(bo) }))).toEqual(notIn);
    expect(await refused(ask(web, "/api/wall", { body: { group: bo.room }, headers: as(bo) }))).toEqual(notIn);
    expect(await refused(ask(web, "/api/wall", { body: { group: bo.room } }))).toEqual([
      401,
      "Join with a name first.",
    ]);
    await join(web, "Bo", bo.secret);
    expect((await seenBy(web, ada)).filter(({ view }) => view?.text.startsWith("Bo wants"))).toHaveLength(1);
    await press(ada, await told(ada, /^Bo wants to come into this group/), "Let in");
    await told(ada, /^Bo is let in\./);
    expect(await (await waits()).json()).toEqual({ waits: false });
    expect((await seenBy(web, bo)).map(({ text }) => text)).toContain("our secret plan");
    const wall = await ask(web, "/api/wall", { body: { group: bo.room }, headers: as(bo) });
    expect(wall.status).toBe(200);

    const cy = { ...bo, secret: ((await (await join(web, "Cy")).json()) as { secret: string }).secret };
    await press(ada, await told(ada, /^Cy wants to come into this group/), "Turn away");
    await told(ada, /^Cy is blocked here until/);
    expect(await refused(ask(web, `/api/waiting?room=${bo.room}`, { headers: as(cy) }))).toEqual(BLOCKED);
    expect(await refused(join(web, "Cy", cy.secret))).toEqual(BLOCKED);
    clock.advanceMs(24 * HOUR_MS);
    expect(await (await join(web, "Cy", cy.secret)).json()).toMatchObject({ waits: expect.any(String) });
  });

  it("the wall of somebody who is shut out closes too", async () => {
    const { web, told, press } = await world({ WEB_NEW_NAMES: "nod" });
    const ada = await joinAs(web, "Ada");
    const { secret } = (await (await join(web, "Bo")).json()) as { secret: string };
    const bo = { id: "", secret, room: ada.room, admin: false };
    await press(ada, await told(ada, /^Bo wants/), "Let in");
    await told(ada, /^Bo is let in/);
    const wall = await ask(web, "/api/wall", { body: { group: bo.room }, headers: as(bo) });
    await say(web, ada, "/block Bo");
    await told(ada, /^Bo is blocked/);
    expect(await wall.text()).toContain('"type":"out"');
  });
});

describe("who runs a group of the web chat", () => {
  it("hands it over to a member, whose tab learns of it; who ran it before has no more rights", async () => {
    const { web, told } = await world();
    const [ada, bo] = [await joinAs(web, "Ada"), await joinAs(web, "Bo")];
    await say(web, bo, "/handover Bo");
    await told(bo, /for the admins of this chat/);
    await say(web, ada, "/handover Nobody");
    await told(ada, /^Nobody of that name is known/);
    const tab = await Tab.open(web, bo);
    await tab.next("start");
    await say(web, ada, "/handover bo");
    await told(bo, /^Ada handed this group over: Bo runs it now\./);
    await expect(tab.next("form")).rejects.toThrow("the stream ended");
    const again = await Tab.open(web, bo);
    expect((await again.next("start")).room.admin).toBe(true);
    await again.close();
    await say(web, ada, "/block Bo");
    await told(ada, /for the admins of this chat/);
  });

  it("is replaced by ADMINS, who may remove anybody's message too", async () => {
    const folder = freshFolder();
    const first = await world({}, { folder });
    const [ada, bo, op] = [
      await joinAs(first.web, "Ada"),
      await joinAs(first.web, "Bo"),
      await joinAs(first.web, "Op"),
    ];
    await first.app.stop();
    const { web, told } = await world({}, { folder, operators: [op.id] });
    const id = nextId();
    await say(web, ada, "off topic", { id });
    const remove = (member: Joined) =>
      ask(web, "/api/remove", { body: { room: member.room, id }, headers: as(member) });
    expect((await remove(bo)).status).toBe(403);
    expect((await remove(op)).status).toBe(200);
    await say(web, ada, "/block Op");
    await told(ada, /runs this Placard, so nobody can block them/);
    await say(web, op, "/block Ada for:1h");
    await told(op, /^Ada is blocked here/);
    await say(web, op, "/handover Bo");
    await told(bo, /^Op handed this group over: Bo runs it now/);
    expect((await joinAs(web, "Bo", "Rent strike", bo.secret)).admin).toBe(true);
  });
});
