import sharp from "sharp";
import { expect, it } from "vitest";
import type { LoopbackFile } from "../../adapters/loopback/shape.ts";
import type { App } from "../../src/app/app.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import { createHousekeeping } from "../../src/jobs/housekeeping.ts";
import { silentLog } from "../fakes/module-services.ts";
import { type Group, group } from "./harness.ts";
import { keptOf } from "./lettered.ts";

const pngFile = async (background: string): Promise<LoopbackFile> => ({
  name: "mark.png",
  mime: "image/png",
  bytes: await sharp({ create: { width: 120, height: 80, channels: 3, background } })
    .png()
    .toBuffer(),
});
const last = ({ chat }: Group, who = "ana", chatId = "c1") => chat.visibleTo(who, chatId).at(-1);
const POSTER = "/poster template:rally title:No rent rise";

async function layerOf(made: Group, count: number) {
  const { row, set } = await keptOf(made.app, await made.picture(count));
  return { lettering: row?.order.request.lettering, logo: set?.parts.find(({ kind }) => kind === "logo"), row };
}

const open = () => group({ backends: () => [fakeBackend()] });
const sweepOf = ({ services: { store, memory, files, clock } }: App, aheadMs: number) =>
  createHousekeeping({
    store,
    memory,
    files,
    documents: { remove: async () => {}, tidy: async () => {} },
    adapters: [],
    clock: { ...clock, nowMs: () => clock.nowMs() + aheadMs },
    log: silentLog,
    changed: () => undefined,
  }).sweep();

it("a logo that was replaced is there for what was made with it, and goes with the last of it", async () => {
  const made = await open();
  const { chat, app } = made;
  const { files, memory, store } = app.services;
  const keys: string[] = [];
  const setLogo = async (colour: string) => {
    await chat.type("ana", "/brand", { admin: true, attachments: [await pngFile(colour)] });
    keys.push((await memory.brand("loopback:c1")).logo?.key ?? "");
  };
  const there = async () => Promise.all(keys.map(async (key) => (await files.logo(key)) !== undefined));
  await setLogo("#111111");
  await setLogo("#222222");
  await chat.type("bo", POSTER);
  const { row } = await layerOf(made, 1);
  await setLogo("#333333");
  await sweepOf(app, 0);
  expect(await there()).toEqual([true, true, true]);
  await sweepOf(app, 700_000);
  expect(await there()).toEqual([false, true, true]);
  await chat.press("bo", (await made.picture()).ref.messageId, "Reroll");
  const again = await layerOf(made, 2);
  expect([again.lettering?.logo?.key, again.logo?.kind]).toEqual([keys[1], "logo"]);

  // The chat moves: what it shows goes along, and so does what may be removed later.
  await chat.migrate("c1", "c9");
  await chat.type("ana", "/brand", { admin: true, chatId: "c9" });
  expect(last(made, "ana", "c9")?.view.fields?.[2]?.value).toBe("120×80");
  await sweepOf(app, 700_000);
  expect(await there()).toEqual([false, true, true]);
  for (const jobId of [row?.jobId ?? "", again.row?.jobId ?? ""])
    await store.markDeleted(jobId, "bo", app.services.nowMs());
  await sweepOf(app, 2 * 86_400_000);
  expect(await there()).toEqual([false, false, true]);
  await chat.type("ana", "/brand none", { admin: true, chatId: "c9" });
  await sweepOf(app, 2 * 86_400_000);
  expect(await there()).toEqual([false, false, false]);
  expect(await memory.logos()).toEqual([]);
});
