import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { DISCORD_SPEC_NEEDED } from "../referees/discord.ts";
import { objectsOf } from "../referees/json.ts";
import { steppedClock } from "./discord/clock.ts";
import type { FakeMember } from "./discord/member.ts";
import type { FakeChannel, FakeGuild } from "./discord/places.ts";
import type { PlayedInteraction } from "./discord/played.ts";
import { type DiscordFake, openDiscordFake } from "./discord.ts";
import { type RawCall, type RawSession, rawBot, readySession } from "./discord-rig.ts";

const MINUTE_MS = 60_000;
const DRAW = {
  name: "rca",
  description: "Draw",
  options: [
    { type: 3, name: "prompt", description: "What to draw", required: true, max_length: 20 },
    { type: 4, name: "seed", description: "Seed", min_value: 0, max_value: 4_294_967_295 },
    { type: 3, name: "style", description: "Style", autocomplete: true },
    { type: 11, name: "image", description: "Start from" },
  ],
};
const row = (...components: readonly object[]) => ({ type: 1, components });
const button = (label: string) => ({ type: 2, style: 1, label, custom_id: `id-${label}` });
const png = Uint8Array.from(tinyPng(8, 8, "x"));

let fake: DiscordFake;
let bot: RawCall;
let session: RawSession;
let group: FakeGuild;
let general: FakeChannel;
let ann: FakeMember;
let bob: FakeMember;

beforeEach(async () => {
  fake = await openDiscordFake({ clock: steppedClock(), requestMaxBytes: 4_000 });
  bot = rawBot(fake);
  group = fake.guild("Group");
  general = group.channel("general");
  ann = group.member("ann");
  bob = group.member("bob");
  session = await readySession(fake);
  expect((await bot("PUT", `/applications/${fake.applicationId}/commands`, [DRAW])).status).toBe(200);
});
afterEach(async () => {
  session.close();
  await fake.close();
});

/** The token of what was played last, as the gateway told it. */
const tokenOf = ({ id }: PlayedInteraction) =>
  String(session.events.findLast(({ data }) => data["id"] === id)?.data["token"]);
const heard = async (played: PlayedInteraction) => {
  await session.until(() => session.events.some(({ data }) => data["id"] === played.id));
  return played;
};
const callback = async (played: PlayedInteraction, body: object, query = "") =>
  bot("POST", `/interactions/${played.id}/${tokenOf(await heard(played))}/callback${query}`, body);
const original = (played: PlayedInteraction) => `/webhooks/${fake.applicationId}/${tokenOf(played)}/messages/@original`;
const draw = async () => heard(await ann.slash(general, "rca", { prompt: "a fox" }));
const messages = () => `/channels/${general.id}/messages`;
const post = (body: object) => bot("POST", messages(), body);
/** A message of the bot's with these buttons. */
const posted = async (...labels: readonly string[]) => {
  const { body } = await post({ content: "hello", components: labels.length > 0 ? [row(...labels.map(button))] : [] });
  return { id: String(body["id"]) };
};

describe("the life of an interaction", () => {
  afterEach(() => fake.expectNoComplaints());

  it("is over after three seconds without an acknowledgement", async () => {
    const inTime = await draw();
    fake.clock.advanceMs(3_000);
    expect(await callback(inTime, { type: 5 })).toMatchObject({ status: 204 });
    expect(inTime.ackMs).toBe(3_000);
    const late = await draw();
    fake.clock.advanceMs(3_001);
    expect(late.failed).toBe(true);
    expect(await callback(late, { type: 5 })).toMatchObject({ status: 404, code: 10062 });
    expect(late.ackMs).toBeUndefined();
    expect(fake.ackMs).toEqual([3_000]);
  });

  it("is acknowledged once", async () => {
    const drawn = await draw();
    expect((await callback(drawn, { type: 5 })).status).toBe(204);
    expect(await callback(drawn, { type: 5 })).toMatchObject({ status: 400, code: 40060 });
    expect(await callback(drawn, { type: 9, data: { custom_id: "m", title: "T", components: [] } })).toMatchObject({
      status: 400,
    });
    expect(drawn.modal).toBeUndefined();
    fake.complaints.length = 0;
  });

  it("is acknowledged once however many answer at the same time", async () => {
    const drawn = await draw();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => callback(drawn, { type: 4, data: { content: "x" } })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 400, 400, 400, 400]);
    expect(general.messages).toHaveLength(1);
  });

  it("knows no interaction by a wrong id or token", async () => {
    const drawn = await draw();
    const wrong = (id: string, token: string) => bot("POST", `/interactions/${id}/${token}/callback`, { type: 5 });
    expect(await wrong("1", tokenOf(drawn))).toMatchObject({ status: 404, code: 10062 });
    expect(await wrong(drawn.id, "guessed")).toMatchObject({ status: 404, code: 10062 });
  });

  it("has a token for 15 minutes, and a message for ever", async () => {
    const drawn = await draw();
    await callback(drawn, { type: 5 });
    expect((await bot("PATCH", original(drawn), { content: "at work" })).status).toBe(200);
    fake.clock.advanceMs(15 * MINUTE_MS);
    expect((await bot("PATCH", original(drawn), { content: "still at work" })).status).toBe(200);
    fake.clock.advanceMs(1);
    const late = { content: "done" };
    expect(await bot("PATCH", original(drawn), late)).toMatchObject({ status: 401, code: 50027 });
    expect(await bot("POST", `/webhooks/${fake.applicationId}/${tokenOf(drawn)}`, late)).toMatchObject({ code: 50027 });
    expect((await bot("PATCH", `${messages()}/${drawn.reply!.id}`, late)).status).toBe(200);
    expect(drawn.reply?.text).toBe("done");
  });

  it("takes no reply before the acknowledgement, and none at a wrong address", async () => {
    const drawn = await draw();
    expect(await bot("PATCH", original(drawn), { content: "x" })).toMatchObject({ status: 404, code: 10015 });
    await callback(drawn, { type: 5 });
    const elsewhere = `/webhooks/${ann.id}/${tokenOf(drawn)}/messages/@original`;
    expect(await bot("PATCH", elsewhere, { content: "x" })).toMatchObject({ status: 404, code: 10015 });
    const guessed = `/webhooks/${fake.applicationId}/guessed/messages/@original`;
    expect(await bot("PATCH", guessed, { content: "x" })).toMatchObject({ status: 401, code: 50027 });
  });

  it("needs no bot token for what has its own", async () => {
    const drawn = await draw();
    const path = `/interactions/${drawn.id}/${tokenOf(drawn)}/callback`;
    expect((await bot("POST", path, { type: 5 }, { token: "none" })).status).toBe(204);
    expect((await bot("PATCH", original(drawn), { content: "x" }, { token: "none" })).status).toBe(200);
    expect(await bot("POST", messages(), { content: "x" }, { token: "none" })).toMatchObject({ status: 401, code: 0 });
  });

  it("says that the reply was deleted", async () => {
    const drawn = await draw();
    await callback(drawn, { type: 4, data: { content: "x" } });
    fake.message(drawn.reply!.id);
    group.member("mod", { permissions: ["ManageMessages"] }).deletes(drawn.reply!);
    expect(await bot("PATCH", original(drawn), { content: "y" })).toMatchObject({ status: 404, code: 10008 });
    expect(drawn.reply).toBeUndefined();
  });

  it("shows that it thinks until the reply is edited, and who sees it was decided before", async () => {
    const drawn = await draw();
    await callback(drawn, { type: 5, data: { flags: 64 } });
    expect(drawn.reply).toMatchObject({ loading: true, ephemeral: true, flags: 64 | 128, text: "" });
    await bot("PATCH", original(drawn), { content: "done", flags: 0 });
    expect(drawn.reply).toMatchObject({ loading: false, ephemeral: true, flags: 64 });
    const open = await draw();
    await callback(open, { type: 5 });
    await bot("PATCH", original(open), { content: "done", flags: 64 });
    expect(open.reply).toMatchObject({ loading: false, ephemeral: false, flags: 0 });
  });

  it("tells of a deferred reply its id, of a reply the whole message", async () => {
    const deferred = await draw();
    const { body } = await callback(deferred, { type: 5 }, "?with_response=true");
    expect(body).toMatchObject({
      interaction: { response_message_id: deferred.reply!.id, response_message_loading: true },
    });
    expect(body["resource"]).toBeUndefined();
    const replied = await draw();
    const answer = await callback(replied, { type: 4, data: { content: "hi", flags: 64 } }, "?with_response=true");
    expect(answer.body).toMatchObject({
      interaction: { response_message_ephemeral: true },
      resource: { type: 4, message: { content: "hi" } },
    });
  });

  it("reaches nobody while no session is open", async () => {
    session.close(1000);
    await fake.until(() => fake.gateway.sessions.length === 0);
    const drawn = await ann.slash(general, "rca", { prompt: "a fox" });
    expect(drawn.delivered).toBe(false);
    await expect(drawn.acknowledged(20)).rejects.toThrow(/which nobody heard/);
  });
});

describe("answers that do not fit", () => {
  const modal = { custom_id: "m", title: "T", components: [row({ type: 4, custom_id: "t", style: 1, label: "L" })] };

  it("are refused: choices to a command, an update without a message, a reply to autocomplete", async () => {
    const drawn = await draw();
    expect(await callback(drawn, { type: 8, data: { choices: [] } })).toMatchObject({ status: 400, code: 50035 });
    expect(await callback(drawn, { type: 7, data: { content: "x" } })).toMatchObject({ code: 50035 });
    expect(await callback(drawn, { type: 6 })).toMatchObject({ code: 50035 });
    // A refused answer is none: the right one still counts.
    expect((await callback(drawn, { type: 5 })).status).toBe(204);
    const typing = ann.types(general, "rca", "style", "b");
    await session.until(() => session.events.some(({ data }) => data["type"] === 4));
    const asked = fake.interactions.at(-1)!;
    expect(await callback(asked, { type: 4, data: { content: "x" } })).toMatchObject({ code: 50035 });
    await callback(asked, { type: 8, data: { choices: [{ name: "Blueprint", value: "blueprint" }] } });
    expect(await typing).toEqual([{ name: "Blueprint", value: "blueprint" }]);
    fake.expectNoComplaints();
  });

  it("are refused: a modal after a deferral, a modal to a modal", async () => {
    const message = await posted("Edit");
    const deferred = await heard(ann.press(message, "Edit"));
    await callback(deferred, { type: 6 });
    expect(await callback(deferred, { type: 9, data: modal })).toMatchObject({ status: 400, code: 40060 });
    const pressed = await heard(ann.press(message, "Edit"));
    expect((await callback(pressed, { type: 9, data: modal })).status).toBe(204);
    const submitted = await heard(ann.submits(pressed, { L: "new" }));
    expect(await callback(submitted, { type: 9, data: modal })).toMatchObject({ status: 400, code: 50035 });
    expect((await callback(submitted, { type: 7, data: { content: "changed" } })).status).toBe(204);
    expect(fake.message(message.id)?.text).toBe("changed");
    fake.expectNoComplaints();
  });

  it("are refused: 26 choices", async (context) => {
    if (!fake.refereed) context.skip(DISCORD_SPEC_NEEDED);
    void ann.types(general, "rca", "style", "b");
    await session.until(() => session.events.some(({ data }) => data["type"] === 4));
    const choices = Array.from({ length: 26 }, (_, index) => ({ name: `n${index}`, value: `v${index}` }));
    const asked = fake.interactions.at(-1)!;
    expect(await callback(asked, { type: 8, data: { choices } })).toMatchObject({ status: 400, code: 50035 });
    expect(fake.complaints).toHaveLength(1);
    await callback(asked, { type: 8, data: { choices: choices.slice(1) } });
    expect(asked.choices).toHaveLength(25);
  });

  it("are refused with the place of the fault, and the referee's complaint is kept", async () => {
    const answer = await post({ content: "x".repeat(2_001) });
    expect(answer).toMatchObject({ status: 400, code: 50035, body: { errors: { content: { _errors: [{}] } } } });
    expect(fake.complaints.join()).toContain("2000 characters");
    expect(() => fake.expectNoComplaints()).toThrow(/2000 characters/);
    expect(general.messages).toEqual([]);
  });

  it("are refused: what is no JSON, what no route takes", async () => {
    expect(await bot("POST", messages(), "{")).toMatchObject({ status: 400, code: 50109 });
    fake.expectNoComplaints();
    expect(await bot("POST", "/channels/1/mesages", {})).toMatchObject({ status: 404, code: 0 });
    expect(fake.complaints.join()).toContain("does not know this route");
  });
});

describe("messages", () => {
  afterEach(() => fake.expectNoComplaints());

  it("are unknown once deleted, and nobody edits another's", async () => {
    const { id } = await posted();
    expect((await bot("DELETE", `${messages()}/${id}`)).status).toBe(204);
    expect(await bot("PATCH", `${messages()}/${id}`, { content: "x" })).toMatchObject({ status: 404, code: 10008 });
    const anns = await ann.says(general, "mine");
    expect(await bot("PATCH", `${messages()}/${anns.id}`, { content: "x" })).toMatchObject({
      status: 403,
      code: 50005,
    });
    expect(await bot("DELETE", `${messages()}/${anns.id}`)).toMatchObject({ status: 403, code: 50013 });
    expect(await bot("GET", `/channels/1/messages/${anns.id}`)).toMatchObject({ status: 404, code: 10003 });
  });

  it("that one member sees exist for the interaction's token alone", async () => {
    const drawn = await draw();
    await callback(drawn, { type: 4, data: { content: "for you", flags: 64 } });
    const { id } = drawn.reply!;
    expect(ann.sees(general).map((each) => each.id)).toContain(id);
    expect(bob.sees(general)).toEqual([]);
    expect(await bot("PATCH", `${messages()}/${id}`, { content: "x" })).toMatchObject({ status: 404, code: 10008 });
    expect(await bot("GET", `${messages()}/${id}`)).toMatchObject({ status: 404, code: 10008 });
    expect((await bot("GET", messages())).list).toEqual([]);
    expect((await bot("PATCH", original(drawn), { content: "still" })).status).toBe(200);
    expect(() => bob.press({ id }, "Reroll")).toThrow(/in sight/);
    expect(session.events.map(({ name }) => name)).not.toContain("MESSAGE_CREATE");
  });

  it("with a nonce are known again for a few minutes, deleted or not", async () => {
    const send = (nonce: string, enforce = true) =>
      post({ content: "x", nonce, ...(enforce ? { enforce_nonce: true } : {}) });
    const first = (await send("job.1")).body["id"];
    expect((await send("job.1")).body["id"]).toBe(first);
    expect(general.messages).toHaveLength(1);
    expect((await send("job.2")).body["id"]).not.toBe(first);
    expect((await send("job.1", false)).body["id"]).not.toBe(first);
    const [again, more] = await Promise.all([send("job.3"), send("job.3")]);
    expect(again.body["id"]).toBe(more.body["id"]);
    // The one that was not enforced has the nonce as well, and is the latest.
    fake.clock.advanceMs(5 * MINUTE_MS + 1);
    expect((await send("job.1")).body["id"]).not.toBe(first);
  });

  it("need the right to be sent: 50001 out of sight, 50013 without the right, 50007 to closed direct messages", async () => {
    general.denies(group.everyone, "AttachFiles");
    const withFile = await bot("POST", messages(), { content: "x" }, { files: [{ name: "a.png", bytes: png }] });
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
    expect(await bot("PATCH", `${messages()}/${id}`, { content: "x" })).toMatchObject({ status: 403, code: 50001 });
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

  it("are not empty, not even after an edit", async () => {
    const { id } = await posted("Reroll");
    expect(await bot("PATCH", `${messages()}/${id}`, { content: "", components: [] })).toMatchObject({ code: 50006 });
    expect(fake.message(id)?.buttons).toHaveLength(1);
  });
});

describe("files", () => {
  afterEach(() => fake.expectNoComplaints());
  const file = (name: string, bytes: Uint8Array = png) => ({ name, bytes });
  const send = (body: object, ...files: ReturnType<typeof file>[]) => bot("POST", messages(), body, { files });
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
    const again = await bot("GET", `${messages()}/${String(body["id"])}`);
    expect((await fetch(String(objectsOf(again.body["attachments"])[0]?.["url"]))).status).toBe(200);
    expect(fake.callsOf("download").map(({ status }) => status)).toEqual([200, 404, 404, 200]);
  });

  it("stay on an edit by being listed, and go by not being", async () => {
    const list = [0, 1].map((id) => ({ id: String(id), filename: `${id}.png` }));
    const { body } = await send({ content: "two", attachments: list }, file("0.png"), file("1.png"));
    const path = `${messages()}/${String(body["id"])}`;
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
    await bot("PATCH", `${messages()}/${id}`, { embeds, attachments: [] });
    expect(fake.message(id)?.files).toHaveLength(1);
    await bot("PATCH", `${messages()}/${id}`, { content: "gone", embeds: [], attachments: [] });
    expect(fake.message(id)?.files).toEqual([]);
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
