import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { type JsonObject, objectsOf } from "../referees/json.ts";
import { type RawWorld, rawWorld } from "./discord-rig.ts";

const MINUTE_MS = 60_000;
const png = Uint8Array.from(tinyPng(8, 8, "x"));

let world: RawWorld;
let fake: RawWorld["fake"];
let bot: RawWorld["bot"];
let group: RawWorld["group"];
let general: RawWorld["general"];
let ann: RawWorld["ann"];
let bob: RawWorld["bob"];
let session: RawWorld["session"];
let messages: RawWorld["messages"];
let draw: RawWorld["draw"];
let callback: RawWorld["callback"];
let original: RawWorld["original"];
let post: RawWorld["post"];
let posted: RawWorld["posted"];

beforeEach(async () => {
  world = await rawWorld();
  ({ fake, bot, group, general, ann, bob, session, messages, draw, callback, original, post, posted } = world);
});
afterEach(() => world.close());

describe("messages", () => {
  afterEach(() => fake.expectNoComplaints());

  it("are unknown once deleted, and nobody edits another's", async () => {
    const { id } = await posted();
    expect((await bot("DELETE", `${messages}/${id}`)).status).toBe(204);
    expect(await bot("PATCH", `${messages}/${id}`, { content: "x" })).toMatchObject({ status: 404, code: 10008 });
    expect(await bot("GET", `${messages}/${id}`)).toMatchObject({ status: 404, code: 10008 });
    const anns = await ann.says(general, "mine");
    expect(await bot("PATCH", `${messages}/${anns.id}`, { content: "x" })).toMatchObject({
      status: 403,
      code: 50005,
    });
    expect(await bot("DELETE", `${messages}/${anns.id}`)).toMatchObject({ status: 403, code: 50013 });
    expect(await bot("GET", `/channels/1/messages/${anns.id}`)).toMatchObject({ status: 404, code: 10003 });
  });

  it("that one member sees exist for the interaction's token alone", async () => {
    const drawn = await draw();
    await callback(drawn, { type: 4, data: { content: "for you", flags: 64 } });
    const { id } = drawn.reply!;
    expect(ann.sees(general).map((each) => each.id)).toContain(id);
    expect(bob.sees(general)).toEqual([]);
    expect(await bot("PATCH", `${messages}/${id}`, { content: "x" })).toMatchObject({ status: 404, code: 10008 });
    expect(await bot("GET", `${messages}/${id}`)).toMatchObject({ status: 404, code: 10008 });
    expect((await bot("GET", messages)).list).toEqual([]);
    expect((await bot("PATCH", original(drawn), { content: "still" })).status).toBe(200);
    expect(() => bob.press({ id }, "Reroll")).toThrow(/in sight/);
    // Only what everybody sees is on the gateway.
    const open = await posted();
    await session.until(() => session.events.some(({ data }) => data["id"] === open.id));
    const told = session.events.filter(({ name }) => name.startsWith("MESSAGE_"));
    expect(told.map(({ data }) => data["id"])).toEqual([open.id]);
  });

  it("with a nonce are known again for a few minutes, and unknown once deleted", async () => {
    const send = (nonce: string, enforce = true) =>
      post({ content: "x", nonce, ...(enforce ? { enforce_nonce: true } : {}) });
    const first = (await send("job.1")).body["id"];
    expect((await send("job.1")).body["id"]).toBe(first);
    expect(general.messages).toHaveLength(1);
    await bot("DELETE", `${messages}/${String(first)}`);
    expect(await send("job.1")).toMatchObject({ status: 404, code: 10008 });
    expect(general.messages).toHaveLength(0);
    expect((await send("job.2")).body["id"]).not.toBe(first);
    expect((await send("job.1", false)).body["id"]).not.toBe(first);
    fake.clock.advanceMs(5 * MINUTE_MS);
    const second = (await send("job.2")).body["id"];
    expect(general.messages.filter(({ nonce }) => nonce === "job.2")).toHaveLength(1);
    fake.clock.advanceMs(1);
    expect((await send("job.2")).body["id"]).not.toBe(second);
  });

  it("with a nonce are one, however many are sent at once", async () => {
    // Reading a picture takes a moment, in which the others arrive.
    const once = { content: "x", nonce: "job.1", enforce_nonce: true };
    const sent = Array.from({ length: 5 }, () =>
      bot("POST", messages, once, { files: [{ name: "a.png", bytes: png }] }),
    );
    const ids = (await Promise.all(sent)).map(({ body }) => body["id"]);
    expect(new Set(ids).size).toBe(1);
    expect(general.messages).toHaveLength(1);
  });

  it("need the right to be sent: 50001 out of sight, 50013 without the right, 50007 to closed direct messages", async () => {
    general.denies(group.everyone, "AttachFiles");
    const withFile = await bot("POST", messages, { content: "x" }, { files: [{ name: "a.png", bytes: png }] });
    expect(withFile).toMatchObject({ status: 403, code: 50013 });
    general.denies(group.everyone, "SendMessages");
    expect(await post({ content: "x" })).toMatchObject({ status: 403, code: 50013 });
    general.allows({ id: fake.botId }, "SendMessages");
    expect((await post({ content: "x" })).status).toBe(200);
    general.denies({ id: fake.botId }, "ViewChannel");
    expect(await post({ content: "x" })).toMatchObject({ status: 403, code: 50001 });
    expect(await bot("GET", `/channels/${general.id}`)).toMatchObject({ status: 403, code: 50001 });
    const { body } = await bot("POST", "/users/@me/channels", { recipient_id: ann.id });
    expect((await bot("POST", `/channels/${String(body["id"])}/messages`, { content: "psst" })).status).toBe(200);
    expect(ann.sees(ann.dms).map(({ text }) => text)).toEqual(["psst"]);
    ann.dmsOpen = false;
    const closed = await bot("POST", `/channels/${String(body["id"])}/messages`, { content: "psst" });
    expect(closed).toMatchObject({ status: 403, code: 50007 });
    expect(fake.invalidRequests).toBe(5);
  });

  it("are answered although the bot may not write there: an interaction is an invitation", async () => {
    general.denies({ id: fake.botId }, "SendMessages", "ViewChannel");
    const drawn = await draw();
    expect((await callback(drawn, { type: 5 })).status).toBe(204);
    expect((await bot("PATCH", original(drawn), { content: "done" })).status).toBe(200);
    expect(ann.sees(general)).toHaveLength(1);
  });

  it("of a server that threw the bot out are out of reach", async () => {
    const { id } = await posted();
    group.removeBot();
    expect(await bot("PATCH", `${messages}/${id}`, { content: "x" })).toMatchObject({ status: 403, code: 50001 });
    expect(await bot("GET", `/guilds/${group.id}`)).toMatchObject({ status: 403, code: 50001 });
    await session.until(() => session.events.some(({ name }) => name === "GUILD_DELETE"));
  });

  it("of an archived thread stay as they are, and a new one opens it unless it is locked", async () => {
    const thread = await general.thread("posters", { by: ann });
    const path = `/channels/${thread.id}/messages`;
    const { body } = await bot("POST", path, { content: "x" });
    thread.archive();
    expect(await bot("PATCH", `${path}/${String(body["id"])}`, { content: "y" })).toMatchObject({ code: 50083 });
    expect((await bot("POST", path, { content: "y" })).status).toBe(200);
    expect((await bot("PATCH", `${path}/${String(body["id"])}`, { content: "y" })).status).toBe(200);
    thread.archive(true);
    expect(await bot("POST", path, { content: "z" })).toMatchObject({ status: 400, code: 50083 });
  });

  it("are remembered as they were, edit by edit, deleted or not", async () => {
    const { id } = await posted("Cancel");
    await bot("PATCH", `${messages}/${id}`, { content: "half" });
    await bot("PATCH", `${messages}/${id}`, { content: "done", components: [] });
    await bot("DELETE", `${messages}/${id}`);
    expect(fake.versions({ id }).map(({ text, buttons }) => [text, buttons.length])).toEqual([
      ["hello", 1],
      ["half", 1],
      ["done", 0],
    ]);
  });

  it("reply to what is there", async () => {
    const anns = await ann.says(general, "draw this");
    const to = (id: string, more = {}) => post({ content: "x", message_reference: { message_id: id, ...more } });
    const { body } = await to(anns.id);
    expect(fake.message(String(body["id"]))?.replyTo).toBe(anns.id);
    ann.deletes(anns);
    expect(await to(anns.id)).toMatchObject({ status: 400, code: 50035 });
    expect((await to(anns.id, { fail_if_not_exists: false })).status).toBe(200);
  });

  it("are not empty, not even after an edit", async () => {
    const { id } = await posted("Reroll");
    expect(await bot("PATCH", `${messages}/${id}`, { content: "", components: [] })).toMatchObject({ code: 50006 });
    expect(fake.message(id)?.buttons).toHaveLength(1);
  });
});

describe("files", () => {
  afterEach(() => fake.expectNoComplaints());
  const file = (name: string, bytes: Uint8Array = png) => ({ name, bytes });
  const send = (body: object, ...files: ReturnType<typeof file>[]) => bot("POST", messages, body, { files });
  const big = (bytes: number) => new Uint8Array(bytes);

  it("have a limit that belongs to the server, and requests one of their own", async () => {
    await draw();
    expect(session.events.at(-1)?.data["attachment_size_limit"]).toBe(10 * 1024 * 1024);
    group.attachmentMaxBytes = 1_000;
    await draw();
    expect(session.events.at(-1)?.data["attachment_size_limit"]).toBe(1_000);
    expect((await send({}, file("a.png", big(1_000)))).status).toBe(200);
    expect(await send({}, file("a.png", big(1_001)))).toMatchObject({ status: 413, code: 40005 });
    const four = Array.from({ length: 4 }, (_, index) => file(`${index}.png`, big(900)));
    expect((await send({}, ...four.slice(1))).status).toBe(200);
    expect(await send({}, ...four)).toMatchObject({ status: 413, code: 40005 });
  });

  it("keep their bytes and alternative text, get safe names, and are fetched until their address ends", async () => {
    const attachments = [{ id: "0", filename: "my fox!.png", description: "a red fox" }];
    const { body } = await send({ attachments }, file("my fox!.png"));
    const [shown] = fake.message(String(body["id"]))!.files;
    expect(shown).toMatchObject({
      name: "my_fox_.png",
      alt: "a red fox",
      widthPx: 8,
      spoiler: false,
      shownIn: "attachment",
    });
    const fetched = await fetch(shown!.url);
    expect(new Uint8Array(await fetched.arrayBuffer())).toEqual(png);
    expect((await fetch(`${shown!.url.slice(0, -1)}x`)).status).toBe(404);
    fake.clock.advanceMs(25 * 60 * MINUTE_MS);
    expect((await fetch(shown!.url)).status).toBe(404);
    // The message has a new address for it.
    const again = await bot("GET", `${messages}/${String(body["id"])}`);
    expect((await fetch(String(objectsOf(again.body["attachments"])[0]?.["url"]))).status).toBe(200);
    expect(fake.callsOf("download").map(({ status }) => status)).toEqual([200, 404, 404, 200]);
  });

  it("stay on an edit by being listed, and go by not being", async () => {
    const list = [0, 1].map((id) => ({ id: String(id), filename: `${id}.png` }));
    const { body } = await send({ content: "two", attachments: list }, file("0.png"), file("1.png"));
    const path = `${messages}/${String(body["id"])}`;
    const names = () => fake.message(String(body["id"]))!.files.map(({ name }) => name);
    const ids = objectsOf(body["attachments"]).map(({ id }) => String(id));
    await bot("PATCH", path, { content: "still two" });
    expect(names()).toEqual(["0.png", "1.png"]);
    await bot(
      "PATCH",
      path,
      { attachments: [{ id: ids[1] }, { id: "0", filename: "2.png" }] },
      { files: [file("2.png")] },
    );
    expect(names()).toEqual(["1.png", "2.png"]);
    expect(await bot("PATCH", path, { attachments: [{ id: ids[0] }] })).toMatchObject({ status: 400, code: 50035 });
    await bot("PATCH", path, { attachments: [] });
    expect(names()).toEqual([]);
  });

  it("that an embed shows are no attachments, and stay while it shows them", async () => {
    const embeds = [{ title: "fox", image: { url: "attachment://fox.png" } }];
    const { body } = await send({ embeds }, file("fox.png"));
    const id = String(body["id"]);
    expect(body["attachments"]).toEqual([]);
    expect(objectsOf(body["embeds"])[0]).toMatchObject({ type: "rich", image: { width: 8, height: 8 } });
    expect(fake.message(id)?.files).toMatchObject([{ name: "fox.png", shownIn: "embed" }]);
    fake.clock.advanceMs(25 * 60 * MINUTE_MS);
    const told = await bot("GET", `${messages}/${id}`);
    const [shown] = objectsOf(told.body["embeds"]);
    expect((await fetch(String((shown!["image"] as JsonObject)["url"]))).status).toBe(200);
    await bot("PATCH", `${messages}/${id}`, { embeds, attachments: [] });
    expect(fake.message(id)?.files).toHaveLength(1);
    await bot("PATCH", `${messages}/${id}`, { content: "gone", embeds: [], attachments: [] });
    expect(fake.message(id)?.files).toEqual([]);
  });

  it("are ten at most, on edits too", async () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => file(`${index}.png`, big(1)));
    const { body } = await send({}, ...many(10));
    expect(await send({}, ...many(11))).toMatchObject({ status: 400, code: 50035 });
    const path = `${messages}/${String(body["id"])}`;
    expect(await bot("PATCH", path, {}, { files: many(1) })).toMatchObject({ status: 400, code: 50035 });
    expect(fake.message(String(body["id"]))?.files).toHaveLength(10);
  });

  it("are spoilers by their name", async () => {
    const { body } = await send({}, file("SPOILER_fox.png"));
    expect(fake.message(String(body["id"]))?.files[0]?.spoiler).toBe(true);
  });
});

describe("embeds", () => {
  it("whose picture was not sent show none, and somebody says so", async () => {
    await post({ embeds: [{ title: "fox", image: { url: "attachment://fox.png" } }] });
    expect(fake.complaints.join()).toContain("no such file was sent");
  });
});
