import sharp from "sharp";
import { expect, it } from "vitest";
import type { LoopbackFile } from "../../adapters/loopback/shape.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import { type Group, group } from "./harness.ts";
import { keptOf } from "./lettered.ts";

// A chat's own colours, font and logo, from the command to the picture.

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
  expect(last(made, "bo")?.ref).toEqual(shown?.ref);
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
