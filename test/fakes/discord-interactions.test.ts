import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DISCORD_SPEC_NEEDED } from "../referees/discord.ts";
import { type RawWorld, rawWorld } from "./discord-rig.ts";

const MINUTE_MS = 60_000;
const row = (...components: readonly object[]) => ({ type: 1, components });

let world: RawWorld;
let fake: RawWorld["fake"];
let bot: RawWorld["bot"];
let group: RawWorld["group"];
let general: RawWorld["general"];
let ann: RawWorld["ann"];
let session: RawWorld["session"];
let messages: RawWorld["messages"];
let tokenOf: RawWorld["tokenOf"];
let received: RawWorld["received"];
let draw: RawWorld["draw"];
let callback: RawWorld["callback"];
let original: RawWorld["original"];
let post: RawWorld["post"];
let posted: RawWorld["posted"];

beforeEach(async () => {
  world = await rawWorld();
  ({ fake, bot, group, general, ann, session, messages, tokenOf, received, draw, callback, original, post, posted } =
    world);
});
afterEach(() => world.close());

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
    expect((await bot("PATCH", `${messages}/${drawn.reply!.id}`, late)).status).toBe(200);
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
    expect(await bot("POST", messages, { content: "x" }, { token: "none" })).toMatchObject({ status: 401, code: 0 });
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
    session.hangUp(1000);
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
    const deferred = await received(ann.press(message, "Edit"));
    await callback(deferred, { type: 6 });
    expect(await callback(deferred, { type: 9, data: modal })).toMatchObject({ status: 400, code: 40060 });
    const pressed = await received(ann.press(message, "Edit"));
    expect((await callback(pressed, { type: 9, data: modal })).status).toBe(204);
    const submitted = await received(ann.submits(pressed, { L: "new" }));
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
    expect(await bot("POST", messages, "{")).toMatchObject({ status: 400, code: 50109 });
    fake.expectNoComplaints();
    expect(await bot("POST", "/channels/1/mesages", {})).toMatchObject({ status: 404, code: 0 });
    expect(fake.complaints.join()).toContain("does not know this route");
  });
});
