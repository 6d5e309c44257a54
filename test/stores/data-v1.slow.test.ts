import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { createGuilds } from "../../adapters/discord/guilds.ts";
import { createSessions } from "../../adapters/discord/sessions.ts";
import { createEditDedupe } from "../../adapters/telegram/dedupe-edits.ts";
import { createInbox } from "../../adapters/telegram/inbox.ts";
import { createMoves } from "../../adapters/telegram/moves.ts";
import { createNotes } from "../../adapters/telegram/notes.ts";
import { webhookSecret } from "../../adapters/telegram/webhook.ts";
import type { WebAdapter } from "../../adapters/web.ts";
import { assemble } from "../../src/app/assemble.ts";
import { moduleValues } from "../../src/app/modules.ts";
import { type FakeBackend, fakeBackend } from "../../src/backends/fake.ts";
import { meaningOfFirst } from "../../src/domain/first-press.ts";
import { chatKeyOf } from "../../src/domain/place.ts";
import { buttonKeyOf, decodePress } from "../../src/domain/press-token.ts";
import { systemClock } from "../../src/lib/clock.ts";
import type { ModuleValues } from "../../src/ports/module.ts";
import type { PictureFiles } from "../../src/ports/picture-files.ts";
import type { Store } from "../../src/ports/store.ts";
import type { StoreOverSql } from "../../src/rules/store.ts";
import { createChatMemory } from "../../src/stores/shared/chat-memory.ts";
import { createPictureFiles } from "../../src/stores/shared/picture-files.ts";
import { as, ask, type Joined, joinAs, nextId, seenBy, Tab } from "../adapters/web-client.ts";
import { webIn } from "../adapters/web-world.ts";
import { appOver, openStore } from "../fakes/app.ts";
import { silentLog, valuesIn } from "../fakes/module-services.ts";
import { english } from "../words.ts";
import { opened } from "./contract/opened.ts";
import { oldBallot } from "./old-ballot.ts";

// A data folder of the first version, made by its own code: groups that have talked, drawn, voted, locked and deleted, and a
// stop with pictures under way. Whoever updates Placard has one like it, and every button in it is still in a chat.

const FOLDER = new URL("../fixtures/data-v1/", import.meta.url).pathname;
const id = z.string();
const factsSchema = z.object({
  nowMs: z.int(),
  members: z.array(z.object({ name: z.string(), id, secret: z.string(), rooms: z.array(z.string()) })),
  rooms: z.array(z.object({ slug: z.string(), title: z.string(), runBy: id })),
  allowance: z.object({ capacityGpuMs: z.int(), refillGpuMsPerHour: z.int(), resetMs: z.int() }),
  counts: z.unknown(),
  openJobIds: z.array(id),
  unheard: z.object({ jobId: id, messageId: id, text: z.string() }),
  owedLater: z.unknown(),
  speed: z.record(z.string(), z.unknown()),
  jobs: z.array(
    z.looseObject({
      name: z.string(),
      jobId: id,
      attached: z.object({ backend: z.string(), key: z.string() }).optional(),
      pictures: z.array(z.looseObject({ imageId: id, number: z.int(), seed: z.int(), fileSha256: z.string() })),
    }),
  ),
  accounts: z.array(z.looseObject({ memberId: id, heldGpuMs: z.int() })),
  chats: z.array(z.looseObject({ settingsKey: z.string() })),
  seedLocks: z.array(z.object({ chatKey: z.string(), memberId: id, applies: z.unknown() })),
  inputs: z.array(z.object({ key: z.string(), sha256: z.string(), of: z.string() })),
  history: z.record(z.string(), z.array(z.int())),
  showing: z.record(z.string(), z.unknown()),
  seen: z.array(z.object({ memberId: id, room: z.string(), messages: z.array(z.looseObject({ id })) })),
  kept: z.object({
    telegram: z.object({
      botId: z.int(),
      noteOf: z.object({ chatId: z.string(), messageId: z.int(), note: z.unknown() }),
      moved: z.object({ from: z.string(), to: z.string() }),
      openInbox: z.array(z.int()),
      privateWith: z.array(z.int()),
      refusedMessage: z.object({ chatId: z.string(), messageId: z.int() }),
      heardMessage: z.object({ chatId: z.string(), messageId: z.int() }),
      webhookSecret: z.string(),
    }),
    discord: z.object({
      token: z.string(),
      session: z.unknown(),
      guild: z.object({
        id,
        role: z.object({ id, name: z.string() }),
        channel: z.object({ id, name: z.string() }),
        uploadMaxBytes: z.int(),
      }),
      registeredGuilds: z.array(id),
    }),
  }),
  buttons: z.array(
    z.object({
      token: z.string(),
      verb: z.string(),
      jobId: id.optional(),
      index: z.int(),
      room: z.string(),
      posted: z.boolean(),
      means: z.string(),
    }),
  ),
});
const facts = factsSchema.parse(JSON.parse(readFileSync(join(FOLDER, "facts.json"), "utf8")));

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const jobNamed = (name: string) => facts.jobs.find((job) => job.name === name)!;
const memberNamed = (name: string) => facts.members.find((member) => member.name === name)!;
/** The index by which the first versions said it. */
const WHOLE_BATCH = 4;
const tokenOf = (verb: string, index: number, jobId?: string): string =>
  facts.buttons.find((button) => button.verb === verb && button.index === index && button.jobId === jobId)!.token;

function copied(): string {
  const folder = mkdtempSync(join(tmpdir(), "placard-data-v1-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(FOLDER, folder, { recursive: true });
  return folder;
}

/** As the core hands a module its small values. */
const valuesOf = ({ keyValues }: StoreOverSql, name: string): ModuleValues => moduleValues(name, () => keyValues);

const buttonKeyIn = async ({ keyValues }: StoreOverSql): Promise<Uint8Array> =>
  Buffer.from(String(await valuesIn(keyValues, "core").get("button-key")), "base64");

/** The whole program over a copy, at the time of the folder's last moment. */
async function started(backends: readonly FakeBackend[]) {
  const folder = copied();
  const clock = { nowMs: facts.nowMs };
  const nowMs = () => clock.nowMs;
  const store = await openStore(folder);
  const web = webIn(folder, { nowMs });
  const buttonKey = await buttonKeyIn(store);
  const app = await appOver(folder, { store, adapters: [web], backends, buttonKey, clock: { ...systemClock, nowMs } });
  onTestFinished(() => app.stop());
  await app.start();
  // Taken up by itself, so its message would come between others.
  await expect.poll(async () => (await store.job(facts.unheard.jobId))?.message, { interval: 5 }).toBeDefined();
  const inGroup = (name: string, room = "rent-strike"): Joined => ({ ...memberNamed(name), room, admin: false });
  return {
    app,
    store,
    web,
    clock,
    inGroup,
    /** Resolves when the core has dealt with it. */
    async press(member: Joined, token: string, values?: Readonly<Record<string, unknown>>): Promise<void> {
      // As much as people take: the web chat slows down whoever presses faster.
      clock.nowMs += 400;
      const body = { id: nextId(), room: member.room, token, ...(values ? { values } : {}) };
      const response = await ask(web, "/api/press", { body, headers: as(member) });
      expect(await response.json()).toEqual({ ok: true });
    },
    newest: async (member: Joined) => (await seenBy(web, member)).at(-1)?.view,
  };
}

const forEver = () => new Promise<void>(() => {});

async function jobAsSeen(store: Store, files: PictureFiles, { name, jobId }: { name: string; jobId: string }) {
  const job = (await store.job(jobId))!;
  const { order, target, voterNames, attached, withOriginals, outcome, problem, message } = job;
  const ballot = oldBallot(await store.decisionAbout("reroll", jobId, facts.nowMs));
  const pictures = (await store.picturesOf(jobId)).map(async (picture) => ({
    imageId: picture.imageId,
    index: picture.index,
    number: picture.number,
    seed: picture.recipe.request.seed,
    madeAtMs: picture.madeAtMs,
    sha256: picture.sha256,
    fileSha256: sha256((await files.original(picture.imageId)) ?? new Uint8Array()),
    deleted: picture.deleted,
  }));
  return {
    name,
    jobId,
    state: job.state,
    attempt: job.attempt,
    chatKey: chatKeyOf(target.place),
    memberId: job.memberId,
    memberName: job.memberName,
    prompt: order.request.prompt,
    seed: order.request.seed,
    count: order.count,
    lane: job.lane,
    estimateGpuMs: job.estimateGpuMs,
    acceptedAtMs: job.acceptedAtMs,
    voterNames: voterNames.length > 0 ? voterNames : undefined,
    attached,
    withOriginals,
    lineage: order.lineage,
    init: order.request.init,
    usedGpuMs: outcome?.usedGpuMs,
    backend: outcome?.backend,
    problem,
    messageId: message?.messageId,
    pictures: await Promise.all(pictures),
    ballot,
  };
}

describe("a data folder of the first version", () => {
  test("shows the same jobs, pictures, votes, accounts, settings and locks", async () => {
    const folder = copied();
    const store = await opened(() => openStore(folder));
    const memory = createChatMemory(store.keyValues);
    const files = createPictureFiles(join(folder, "pictures"));
    const { nowMs, allowance } = facts;

    expect(facts.jobs.length).toBeGreaterThan(20);
    expect(english(await Promise.all(facts.jobs.map((known) => jobAsSeen(store, files, known))))).toEqual(facts.jobs);
    expect(
      await Promise.all(
        facts.accounts.map(async ({ memberId }) => ({
          memberId,
          ...(await store.account(memberId, allowance, nowMs)),
        })),
      ),
    ).toEqual(facts.accounts);
    expect(
      await Promise.all(
        facts.chats.map(async ({ settingsKey }) => ({
          settingsKey,
          settings: await memory.settings(settingsKey),
          pot: await store.spendWindow(settingsKey, nowMs),
          approval: await memory.approval(settingsKey),
        })),
      ),
    ).toEqual(facts.chats);
    for (const { chatKey, memberId, applies } of facts.seedLocks)
      expect(await memory.seedLock(chatKey, [memberId])).toEqual(applies);
    for (const { key, sha256: was } of facts.inputs) expect(sha256((await files.input(key))!), key).toBe(was);
    for (const [chatKey, numbers] of Object.entries(facts.history))
      expect((await store.history({ chatKey, limit: 50 })).map(({ number }) => number)).toEqual(numbers);
    for (const [jobId, replies] of Object.entries(facts.showing))
      expect(
        (await store.showing(jobId)).map(({ message, index }) => ({ messageId: message.messageId, index })),
      ).toEqual(replies);
    for (const [backend, speed] of Object.entries(facts.speed)) expect(await store.speed(backend)).toEqual(speed);
    expect(await store.counts()).toEqual(facts.counts);
    expect((await store.openJobs({}, 100)).map(({ jobId }) => jobId)).toEqual(facts.openJobIds);
    expect(
      (await store.due(nowMs + 3_600_000, 100, { platform: "telegram" })).map(({ jobId, kind }) => ({ jobId, kind })),
    ).toEqual(facts.owedLater);
  });

  test("keeps what Telegram's and Discord's modules noted", async () => {
    const store = await opened(() => openStore(copied()));
    const { telegram, discord } = facts.kept;
    const nowMs = () => facts.nowMs;

    const ofTelegram = valuesOf(store, "telegram");
    const { noteOf, moved, heardMessage, refusedMessage } = telegram;
    expect(await createNotes(ofTelegram).of(noteOf.chatId, noteOf.messageId)).toEqual(noteOf.note);
    const moves = createMoves(ofTelegram);
    await moves.load();
    expect(moves.currentId(moved.from)).toBe(moved.to);
    const dedupe = createEditDedupe(ofTelegram, nowMs);
    expect(await dedupe.counts(heardMessage.chatId, heardMessage.messageId, 1000)).toBe(false);
    expect(await dedupe.counts(refusedMessage.chatId, refusedMessage.messageId, 1000)).toBe(true);
    expect(await webhookSecret(ofTelegram)).toBe(telegram.webhookSecret);
    for (const userId of telegram.privateWith)
      expect(await ofTelegram("private", z.literal(1)).get(String(userId))).toBe(1);
    const handed: unknown[] = [];
    const handOver = async (update: unknown) => void handed.push(update);
    const inbox = createInbox({ botId: telegram.botId, values: ofTelegram, nowMs, log: silentLog, handOver });
    await inbox.replay(() => "one after the other");
    await expect
      .poll(() => handed, { interval: 5 })
      .toMatchObject(telegram.openInbox.map((update_id) => ({ update_id })));
    await inbox.stop();

    const ofDiscord = valuesOf(store, "discord");
    const { guild } = discord;
    const failed = (error: unknown) => expect.unreachable(String(error));
    const sessions = createSessions({ values: ofDiscord, token: discord.token, nowMs, failed });
    expect(await sessions.retrieve(0)).toEqual(discord.session);
    const guilds = createGuilds(ofDiscord);
    await guilds.load(guild.id);
    expect(guilds.role(guild.id, guild.role.id)).toBe(guild.role.name);
    expect(guilds.channel(guild.id, guild.channel.id)).toBe(guild.channel.name);
    expect(await guilds.uploadMaxBytes(guild.channel.id, guild.id)).toBe(guild.uploadMaxBytes);
    expect(await ofDiscord("registered-guilds", z.unknown()).get("all")).toEqual(discord.registeredGuilds);
  });

  test("lets members into the web chat with their old secrets, and shows them their groups", async () => {
    // Nothing is drawn, so that no message changes.
    const { web } = await started([fakeBackend({ gate: forEver }), fakeBackend({ name: "sketch" })]);
    for (const { memberId, room, messages } of facts.seen) {
      const { name, secret } = facts.members.find((member) => member.id === memberId)!;
      const { title, runBy } = facts.rooms.find(({ slug }) => slug === room)!;
      const joined = await joinAs(web, name, title, secret);
      expect(joined).toEqual({ id: memberId, secret, room, admin: runBy === memberId });
      const shown = await seenBy(web, joined);
      const asNoted = shown.map(({ id: messageId, text, view }) => ({
        id: messageId,
        text,
        says: view?.text.split("\n")[0],
        image: view?.image?.key,
      }));
      expect(asNoted.filter(({ id: messageId }) => messages.some((message) => message.id === messageId))).toEqual(
        messages,
      );
      for (const { view, upload } of shown) {
        const path = upload ? `/uploads/${upload.id}` : view?.image && `/media/${view.image.key}`;
        if (path !== undefined) expect((await ask(web, path)).status, path).toBe(200);
      }
    }
    await expect(joinAs(web, "Ana", "Rent strike", "somebody-else")).rejects.toThrow("taken");
  });

  test("makes what ran and waited at the stop, and what was typed just before it", async () => {
    const fake = fakeBackend({ attaches: true });
    const { app, store, web, inGroup } = await started([fake, fakeBackend({ name: "sketch" })]);
    const open = [...facts.openJobIds, facts.unheard.jobId];
    await app.idle();
    for (const jobId of open) {
      const job = (await store.job(jobId))!;
      expect(job).toMatchObject({ state: "done", message: { place: { platform: "web" } } });
      expect(await store.picturesOf(jobId)).toHaveLength(job.order.count);
      const shown = await seenBy(web, inGroup("Ana"));
      expect(shown.filter(({ id: messageId }) => messageId === job.message?.messageId)).toMatchObject([
        { view: { tone: "good" } },
      ]);
    }
    // What the far end was told then is asked for again, and a picture to start from is still there.
    const { attached } = jobNamed("running");
    expect(fake.calls.filter(({ attachKey }) => attachKey !== undefined)).toMatchObject([
      { attachKey: attached?.key.slice("0:".length), request: { seed: 41 } },
    ]);
    expect(fake.calls.find(({ request }) => request.seed === 43)?.initBytes).toBeGreaterThan(100);
    for (const { memberId } of facts.accounts)
      expect(await store.account(memberId, facts.allowance, facts.nowMs)).toMatchObject({ heldGpuMs: 0 });
  });

  test("knows what every button says that it signed", async () => {
    const store = await opened(() => openStore(copied()));
    const key = buttonKeyOf(await buttonKeyIn(store));
    expect(facts.buttons.length).toBeGreaterThan(150);
    for (const { token, verb, jobId, index, means } of facts.buttons)
      expect(decodePress(key, token), means).toEqual(meaningOfFirst({ verb, jobId: jobId ?? "-".repeat(16), index }));
  });

  test("takes every one of them for its own, and no other", async () => {
    const quiet = { gate: forEver };
    const { inGroup, press, web } = await started([fakeBackend(quiet), fakeBackend({ name: "sketch", ...quiet })]);
    const foreign = /not one of ours|does not work here|Something broke/;
    const [ana, ben] = [inGroup("Ana"), inGroup("Ben", "print-shop")];
    const answers = async () =>
      [...(await seenBy(web, ana)), ...(await seenBy(web, ben))].flatMap(({ view }) => view?.text ?? []);
    for (const [at, { token, room }] of facts.buttons.entries()) {
      await press(room === ana.room ? ana : ben, token);
      // A tab is told of the newest 80 messages.
      if (at % 30 === 29) expect((await answers()).filter((text) => foreign.test(text))).toEqual([]);
    }
    expect((await answers()).filter((text) => foreign.test(text))).toEqual([]);
    const token = tokenOf("info", 0, jobNamed("single").jobId);
    await press(ana, `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`);
    expect((await answers()).filter((text) => foreign.test(text))).toHaveLength(1);
  });

  test("does what they say", async () => {
    const { app, store, web, inGroup, press, newest } = await started([
      fakeBackend({ usedMs: 400 }),
      fakeBackend({ name: "sketch" }),
    ]);
    await app.idle();
    const [ana, ben, cleo] = [inGroup("Ana"), inGroup("Ben"), inGroup("Cleo")];
    const [single, batch, deleted, failed] = ["single", "batch", "deleted", "failed"].map(jobNamed);
    /** The job that a press started. */
    const startedBy = async (member: Joined, token: string, values?: Readonly<Record<string, unknown>>) => {
      const before = new Set(
        (await store.history({ chatKey: "web:rent-strike", limit: 100 })).map(({ jobId }) => jobId),
      );
      await press(member, token, values);
      await app.idle();
      const made = await store.history({ chatKey: "web:rent-strike", limit: 100 });
      return made.filter(({ jobId }) => !before.has(jobId)).toReversed();
    };

    // Of the whole batch, at once for who asked for it.
    const rerolled = await startedBy(ana, tokenOf("reroll", WHOLE_BATCH, batch?.jobId));
    expect(rerolled).toHaveLength(4);
    expect(rerolled[0]?.order.lineage).toMatchObject({ kind: "reroll", parentNumber: 2 });
    // The second of two votes, given over the restart.
    const voted = await startedBy(ana, tokenOf("reroll", 0, jobNamed("openVote").jobId));
    expect(await store.job(voted[0]?.jobId ?? "")).toMatchObject({ voterNames: ["Cleo", "Ana"] });
    expect(await startedBy(cleo, tokenOf("strong", 1, batch?.jobId))).toMatchObject([
      { order: { lineage: { kind: "vary", parentNumber: 3 } } },
    ]);
    expect(await startedBy(ana, tokenOf("again", 0, failed?.jobId))).toMatchObject([
      { order: { request: { seed: 13 } } },
    ]);
    expect(await startedBy(cleo, tokenOf("instyle", 1, batch?.jobId), { choice: "plain" })).toMatchObject([
      { order: { request: { styleId: "plain", seed: 101 } } },
    ]);
    const fields = { prompt: "another banner", cfg: "3", steps: "4", seed: "100", scale: "1", size: "256x256" };
    const edited = await startedBy(ben, tokenOf("redo", WHOLE_BATCH, batch?.jobId), fields);
    expect(edited.map(({ recipe }) => recipe.request.prompt)).toEqual(Array(4).fill("another banner"));
    // From the picture that was kept for the form: without it this is refused.
    const [fromPending] = await startedBy(cleo, tokenOf("start", 0), { prompt: "people", style: "rca", change: "0.5" });
    expect(fromPending?.order.request).toMatchObject({ prompt: "people", init: { strength: 0.5 } });

    await press(cleo, tokenOf("info", 0, single?.jobId));
    expect((await newest(cleo))?.fields).toContainEqual({ name: "Seed", value: "7" });
    await press(cleo, tokenOf("original", 1, batch?.jobId));
    expect((await newest(cleo))?.file?.key).toBe(`picture/${batch?.jobId}.1/original`);
    await press(cleo, tokenOf("pick", 3, batch?.jobId));
    await app.idle();
    expect((await newest(cleo))?.text).toContain("picture 4 of 4, picked by Cleo");
    await press(cleo, tokenOf("pick", 2, batch?.jobId));
    expect((await newest(cleo))?.text).toContain("was posted already");
    // What is older than picture 2, the first of the batch, and only Ana's.
    await press(ana, tokenOf("more", 1, batch?.jobId));
    expect((await newest(ana))?.tiles?.map(({ title }) => title)).toEqual(["#1 · Ana"]);
    await press(cleo, tokenOf("styles", 40));
    expect((await newest(cleo))?.tiles?.map(({ title }) => title)).toEqual(["RCA", "Plain"]);
    const tab = await Tab.open(web, ana);
    await press(ana, tokenOf("settings", 2));
    expect((await tab.next("form")).form.fields.map(({ name }) => name)).toEqual([
      "reroll",
      "votes",
      "vote_minutes",
      "pick_visibility",
    ]);
    await tab.close();

    const { seedLock } = app.services.memory;
    await press(ben, tokenOf("unlock", 0));
    expect(await seedLock("web:rent-strike", [ben.id])).toMatchObject({ scope: "everyone", seed: 7 });
    await press(ben, tokenOf("unlock", 1));
    expect(await seedLock("web:rent-strike", [ben.id])).toMatchObject({ scope: "everyone" });
    await press(ana, tokenOf("unlock", 1));
    expect(await seedLock("web:rent-strike", [ben.id])).toBeUndefined();
    await press(ben, tokenOf("lock", 1, batch?.jobId));
    expect(await seedLock("web:rent-strike", [ben.id])).toMatchObject({ scope: "me", seed: 101 });

    await press(ben, tokenOf("undo", 0, deleted?.jobId));
    expect((await store.picturesOf(deleted?.jobId ?? ""))[0]?.deleted).toBeUndefined();
    await press(ana, tokenOf("delete", 0, batch?.jobId));
    expect(await store.picturesOf(batch?.jobId ?? "")).toMatchObject(
      Array(4).fill({ deleted: { byName: "Ana", atMs: expect.any(Number) } }),
    );
  });

  test("cancels what still waits, under its message and in a list", async () => {
    const { inGroup, press, newest, store } = await started([
      fakeBackend({ gate: forEver }),
      fakeBackend({ name: "sketch" }),
    ]);
    const { jobId } = jobNamed("waiting");
    await press(inGroup("Cleo"), tokenOf("cancel", 0, jobId));
    expect((await newest(inGroup("Cleo")))?.text).toContain("Only Ben");
    await press(inGroup("Ben"), tokenOf("cancel", 1, jobId));
    expect((await newest(inGroup("Ben")))?.text).toContain("the allowance was returned");
    expect((await store.job(jobId))?.state).toBe("cancelled");
  });

  test("brings a picture back for ten minutes and not longer, also when it was deleted before the restart", async () => {
    const { clock, inGroup, press, newest, store } = await started([
      fakeBackend({ gate: forEver }),
      fakeBackend({ name: "sketch" }),
    ]);
    clock.nowMs = facts.nowMs + 11 * 60_000;
    const { jobId } = jobNamed("deleted");
    await press(inGroup("Ben"), tokenOf("undo", 0, jobId));
    expect((await newest(inGroup("Ben")))?.text).toContain("for 10 minutes");
    expect((await store.picturesOf(jobId))[0]?.deleted).toMatchObject({ byName: "Ben" });
  });

  test("is opened by the program itself, with the key in it", async () => {
    const DATA_DIR = copied();
    const STYLES_FILE = join(DATA_DIR, "styles.json");
    writeFileSync(STYLES_FILE, JSON.stringify({ styles: [{ id: "rca", title: "RCA" }] }));
    const settings = { DATA_DIR, STYLES_FILE, WEB_PORT: "0", LOG_LEVEL: "silent", BACKENDS: "fake,sketch" };
    const { app } = await assemble({ ...settings, FAKE_BACKEND: "mood:hang" }, { pretty: false });
    onTestFinished(() => app.stop());
    await app.start();
    const web = app.services.adapters.get("web") as WebAdapter;
    const { secret, name } = memberNamed("Ben");
    const ben = await joinAs(web, name, "Print shop", secret);
    const token = tokenOf("styles", 0);
    await ask(web, "/api/press", { body: { id: nextId(), room: ben.room, token }, headers: as(ben) });
    expect((await seenBy(web, ben)).at(-1)?.view?.tiles?.map(({ title }) => title)).toEqual(["RCA"]);
  });
});
