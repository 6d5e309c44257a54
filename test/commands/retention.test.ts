import { expect, it } from "vitest";
import { type ChatSettings, chatSettingsSchema } from "../../src/domain/chat-settings.ts";
import { decodePress } from "../../src/domain/press-token.ts";
import { createHousekeeping } from "../../src/jobs/housekeeping.ts";
import { systemClock } from "../../src/lib/clock.ts";
import type { ShownView } from "../../src/ports/view.ts";
import { createChatMemory } from "../../src/stores/shared/chat-memory.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { silentLog } from "../fakes/module-services.ts";
import { contextWith, KEY, NOW_MS, PLACE, root } from "./context.ts";
import { pressInChat, refusal, typed, viewOf } from "./parts.ts";

const DAY_MS = 86_400_000;
/** A chat with 37 pictures of the last 30 days, each older than a day. */
const admin = (settings: ChatSettings = {}, over: { readonly nowMs?: number } = {}) =>
  contextWith({ member: root, settings, reads: { countOlderThan: async (days) => (days < 30 ? 37 : 0) }, ...over });
const argOf = (view: { readonly buttons?: ShownView["buttons"] | undefined }) => {
  const [[button] = []] = view.buttons ?? [];
  return decodePress(KEY, button?.token)?.arg ?? {};
};

it("asks before a rule removes pictures, and says how many", async () => {
  const view = viewOf(await typed("/settings retention_days:1", admin()));
  expect(view.text).toMatch(/not changed yet: 1 day would remove 37 older pictures from this chat/u);
  expect(view.buttons?.[0]?.[0]).toMatchObject({ label: "Remove 37 pictures", tone: "danger" });
  expect(argOf(view)).toEqual({ days: "1" });
});

it("says that all chats of a community lose them, where they share their rules", async () => {
  const over = { ...admin(), place: { ...PLACE, communityId: "c" } };
  expect(viewOf(await typed("/settings retention_days:1", over)).text).toContain("from all chats of this community");
});

it("makes what else was changed in the same line, and asks about the rest", async () => {
  const outcome = await typed("/settings votes:2 retention_days:7", admin({ retention_days: 30 }));
  expect(outcome).toMatchObject({ do: "configure", settings: { votes: 2, retention_days: 30 } });
  expect(outcome.do === "configure" && outcome.said).toMatch(
    /Votes a reroll needs: 2\nHow long pictures are kept is not changed yet: 7 days would/u,
  );
});

it("asks in the form, too", async () => {
  const outcome = await pressInChat("settings", admin(), { page: "0" }, { retention_days: "1" });
  expect(viewOf(outcome).text).toMatch(/not changed yet/u);
});

it.each([
  ["more days", { retention_days: 1 }, "retention_days:7"],
  ["for ever", { retention_days: 1 }, "retention_days:0"],
  ["the default, which is for ever", { retention_days: 1 }, "retention_days:default"],
  ["fewer days that no picture is older than", {}, "retention_days:30"],
])("does not ask about %s", async (_why, before, line) => {
  const outcome = await typed(`/settings ${line}`, admin(before));
  expect(outcome).toMatchObject({ do: "configure" });
  expect(outcome.do === "configure" && outcome.buttons).toBeUndefined();
});

it.each<[string, ChatSettings]>([
  ["no rule", {}],
  ["30 days", { retention_days: 30 }],
])("once confirmed it can be taken back for a day, to %s", async (_why, before) => {
  const done = await pressInChat("retain", admin(before), { days: "1" });
  if (done.do !== "configure") throw new Error(JSON.stringify(done));
  expect(done.settings).toEqual({ retention_days: 1 });
  expect(done.said).toMatch(/37 pictures older than 1 day will be removed, but not before tomorrow/u);
  const undo = argOf(done);
  const back = await pressInChat("retain", admin(done.settings, { nowMs: NOW_MS + DAY_MS - 1 }), undo);
  expect(back).toMatchObject({ do: "configure", settings: before });
  expect(await pressInChat("retain", admin(done.settings, { nowMs: NOW_MS + DAY_MS }), undo)).toMatchObject(
    refusal("expired", /over/u),
  );
});

it("is for admins only", async () =>
  expect(await pressInChat("retain", contextWith(), { days: "1" })).toMatchObject(refusal("not_allowed", /admins/u)));

const CHAT = "web:room";
it.each<
  [string, readonly (readonly [hour: number, days: number | undefined])[], readonly (readonly [number, number])[]]
>([
  [
    "a first rule waits a day",
    [[0, 1]],
    [
      [23.9, 0],
      [24, 1],
    ],
  ],
  [
    "fewer days wait a day",
    [
      [-99, 30],
      [0, 1],
    ],
    [
      [23.9, 30],
      [24, 1],
    ],
  ],
  [
    "the second of two in a day waits with what held before both",
    [
      [-99, 30],
      [0, 7],
      [12, 1],
    ],
    [
      [30, 30],
      [36, 1],
    ],
  ],
  [
    "taken back in time nothing was shorter",
    [
      [-99, 30],
      [0, 1],
      [23, 30],
    ],
    [
      [23.5, 30],
      [48, 30],
    ],
  ],
  [
    "half taken back keeps its day",
    [
      [-99, 30],
      [0, 1],
      [12, 7],
    ],
    [
      [23.9, 30],
      [24, 7],
    ],
  ],
  [
    "another setting changes nothing about it",
    [
      [0, 1],
      [12, 1],
    ],
    [
      [23.9, 0],
      [24, 1],
    ],
  ],
  [
    "more days hold at once",
    [
      [-99, 1],
      [0, 7],
    ],
    [[0, 7]],
  ],
])("what is kept: %s", async (_why, changes, looks) => {
  const store = await openSqliteStore({ file: ":memory:", exclusive: false });
  const memory = createChatMemory(store.keyValues);
  const atMs = (hour: number) => NOW_MS + hour * 3_600_000;
  for (const [hour, days] of changes)
    await memory.configure(
      CHAT,
      chatSettingsSchema.parse(days === undefined ? {} : { retention_days: days }),
      atMs(hour),
    );
  for (const [hour, days] of looks)
    expect([hour, await memory.retention(atMs(hour))]).toEqual([hour, days === 0 ? [] : [{ settingsKey: CHAT, days }]]);
  await store.close();
});

it("the sweep removes by what is kept at its moment", async () => {
  const store = await openSqliteStore({ file: ":memory:", exclusive: false });
  const memory = createChatMemory(store.keyValues);
  let nowMs = NOW_MS;
  const asked: unknown[] = [];
  const told: unknown[] = [];
  const { sweep } = createHousekeeping({
    store: {
      ...store,
      forget: async ({ chats }) => {
        asked.push(chats);
        return [];
      },
    },
    memory,
    files: { remove: async () => undefined, writtenBefore: async () => [] } as never,
    documents: { remove: async () => undefined, tidy: async () => undefined },
    clock: { ...systemClock, nowMs: () => nowMs },
    adapters: [{}, { letGo: async (chats) => void told.push(chats) }],
    log: silentLog,
    changed: () => undefined,
  });
  await memory.configure(CHAT, { retention_days: 1 }, nowMs);
  await sweep();
  nowMs += DAY_MS;
  await sweep();
  expect(asked).toEqual([[], [{ settingsKey: CHAT, madeBeforeMs: NOW_MS }]]);
  expect(told).toEqual(asked);
  await store.close();
});

it("is proposed until a chat has chosen, and one press does it, or says for ever", async () => {
  const view = viewOf(await typed("/settings", admin()));
  expect(view.text).toMatch(/Nobody has chosen yet how long pictures are kept\. Placard proposes 90 days/u);
  expect(view.buttons?.[0]?.map(({ label }) => label)).toEqual(["Keep 90 days", "Keep for ever"]);
  expect(argOf(view)).toEqual({ days: "90" });
  expect(await pressInChat("retain", admin(), { days: "90" })).toMatchObject({
    do: "configure",
    settings: { retention_days: 90 },
  });
  expect(await pressInChat("retain", admin(), { days: "0" })).toMatchObject({
    do: "configure",
    settings: { retention_days: 0 },
  });
  for (const retention_days of [0, 90])
    expect(viewOf(await typed("/settings", admin({ retention_days }))).text).not.toContain("proposes");
});
