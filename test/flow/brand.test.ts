import sharp from "sharp";
import { expect, it } from "vitest";
import type { LoopbackFile } from "../../adapters/loopback/shape.ts";
import type { App } from "../../src/app/app.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import { createHousekeeping } from "../../src/jobs/housekeeping.ts";
import { silentLog } from "../fakes/module-services.ts";
import { type Group, group } from "./harness.ts";
import { keptOf } from "./lettered.ts";

// A chat's own colours, font and logo, from the command to the sweep that removes what nothing shows any more.

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
    adapters: [],
    clock: { ...clock, nowMs: () => clock.nowMs() + aheadMs },
    log: silentLog,
    changed: () => undefined,
  }).sweep();

it("is set by an admin, stands on posters, and once left off; a picture keeps the one it was made with", async () => {
  const made = await open();
  const { chat, app } = made;
  const admin = { admin: true } as const;
  const file = await pngFile("#c8102e");
  await chat.type("bo", "/brand ink:white", { attachments: [file] });
  expect(last(made, "bo")?.view.text).toContain("/brand is for the admins of this chat");
  await chat.type("ana", "/settings brand ink:#111111 ground:dark orange font:slab", { ...admin, attachments: [file] });
  const shown = last(made);
  expect(shown?.view.text).toBe("ana changed how posters of this chat look.");
  expect(shown?.view.fields?.map(({ value }) => value)).toEqual([
    "#111111 on #ff8c00 · contrast 8 to 1",
    "Slab",
    "120×80",
    "Templates and slides",
  ]);
  expect((await sharp(shown?.image?.bytes).metadata()).width).toBe(960);

  await chat.type("bo", POSTER);
  const first = await layerOf(made, 1);
  const brand = { colours: { ink: "#111111", ground: "#ff8c00" }, font: "slab", logo: { widthPx: 120, heightPx: 80 } };
  expect(first.lettering).toMatchObject(brand);
  expect(first.logo).toBeDefined();
  await chat.type("bo", `${POSTER} brand:no`);
  expect(Object.keys((await layerOf(made, 2)).lettering ?? {})).toEqual(["lettering", "words", "place"]);
  await chat.type("bo", '/rca a fist that says "Strike" letter:yes');
  expect((await layerOf(made, 3)).lettering?.colours).toBeUndefined();
  await chat.type("ana", "/brand use:everything", admin);
  await chat.type("bo", '/rca a fist that says "Strike" letter:yes');
  expect((await layerOf(made, 4)).lettering).toMatchObject(brand);

  await chat.type("ana", "/brand logo:none ink:#ffffff ground:#000000", admin);
  await chat.type("bo", `/info ${first.row?.number ?? 0}`);
  expect(last(made, "bo")?.view.fields).toContainEqual({
    name: "Brand",
    value: "#111111 on #ff8c00 · Slab · with logo",
  });
  await chat.press(
    "bo",
    (await made.message(({ view }) => view.text.includes("No rent rise"))).ref.messageId,
    "Reroll",
  );
  await made.picture(5);
  expect(chat.violations).toEqual([]);
  await app.idle();
});

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

it("two colours that cannot be read on each other are told, and the nearest that can are a button", async () => {
  const made = await open();
  const { chat, app } = made;
  await chat.type("ana", "/brand ink:#ffffff ground:#ffdd00 font:mono", { admin: true });
  const asked = last(made);
  expect(asked?.view.text).toContain("#ffffff on #ffdd00 has a contrast of 1.3 to 1, and letters need 4.5.");
  expect(await app.services.memory.brand("loopback:c1")).toEqual({ font: "mono" });
  const label = asked?.view.buttons?.[0]?.[0]?.label ?? "";
  expect(label).toMatch(/^#[\da-f]{6} on #[\da-f]{6}$/u);
  await chat.press("bo", asked?.ref.messageId ?? "", label).catch(() => undefined);
  expect((await app.services.memory.brand("loopback:c1")).colours).toBeUndefined();
  await chat.press("ana", asked?.ref.messageId ?? "", label, { admin: true });
  expect((await app.services.memory.brand("loopback:c1")).colours).toEqual({
    ink: label.slice(0, 7),
    ground: label.slice(-7),
  });
  expect(last(made)?.view.fields?.[0]?.value).toMatch(/contrast (4\.[5-9]|[5-9])/u);

  await chat.press("ana", last(made)?.ref.messageId ?? "", "Colours and font", { admin: true });
  await chat.submit("ana", { ink: "dunkelrot", ground: "#fff", font: "none", use: "everything" }, { admin: true });
  expect(await app.services.memory.brand("loopback:c1")).toMatchObject({
    colours: { ink: "#6d1420", ground: "#ffffff" },
    use: "everything",
  });
  await chat.type("ana", "/brand ink:blurple-ish", { admin: true });
  expect(last(made)?.view.text).toContain("Write #ffdd00");
  await chat.type("ana", "/brand", {
    admin: true,
    attachments: [
      {
        name: "x.svg",
        mime: "image/svg+xml",
        bytes: Buffer.from("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><text>a</text></svg>"),
      },
    ],
  });
  expect(last(made)?.view.text).toContain("Turn them into paths, or send a PNG.");
  expect(chat.violations).toEqual([]);
});
