import sharp from "sharp";
import { expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import { marked } from "../../src/domain/marked.ts";
import { xmpOf } from "../../src/lib/xmp-mark.ts";
import { withManifest } from "../unmarked.ts";
import { group } from "./harness.ts";

const fileOf = (bytes: Uint8Array) => ({ name: "found.jpg", mime: "image/jpeg", bytes });
const other = await sharp({ create: { width: 90, height: 60, channels: 3, background: "red" } })
  .png()
  .toBuffer();

/** A poster: what only pretends to draw is noise, which no one knows again. */
const poster = await sharp(
  Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="832" height="1216"><rect width="832" height="1216" fill="#f4ead5"/><circle cx="300" cy="420" r="250" fill="#c8102e"/><rect x="90" y="900" width="600" height="90"/></svg>',
  ),
)
  .png()
  .toBuffer();

it("a picture that went round is known again in its chat, and to its member elsewhere; a stranger learns nothing", async () => {
  const { chat, picture } = await group({
    backends: () => [
      {
        ...fakeBackend(),
        drawnBy: "model",
        async *generate() {
          yield { type: "image", bytes: poster, model: "flux/dev.safetensors", notes: [] };
        },
      },
    ],
  });
  await chat.type("ana", "/rca a secret red fox");
  const made = await picture();
  expect(made.view.text).toContain("made with AI (dev)");
  const posted = made.image?.bytes ?? new Uint8Array();
  expect(xmpOf(posted)).toContain("/trainedAlgorithmicMedia");
  for (const secret of ["secret", "Ana", "ana", "parameters", "seed"])
    expect(Buffer.from(posted).includes(secret)).toBe(false);
  const screenshot = fileOf(await sharp(posted).resize(400).jpeg({ quality: 60 }).toBuffer());
  const answer = async (who: string, bytes: ReturnType<typeof fileOf>, chatId?: string) => {
    await chat.type(who, "/verify", { attachments: [bytes], ...(chatId === undefined ? {} : { chatId }) });
    const answers = chat.visibleTo(who, chatId).filter(({ ref }) => ref.messageId !== made.ref.messageId);
    return answers.at(-1)?.view.text;
  };
  expect(await answer("bo", screenshot)).toMatch(/^Made here on .*, #1\.\nA model made it\./);
  expect(await answer("ana", screenshot, "c2")).toMatch(/^Made with this Placard in another chat of yours/);
  const nothing = /^Nothing is known of it here\. That proves nothing/;
  expect(await answer("bo", screenshot, "c2")).toMatch(nothing);
  expect(await answer("bo", fileOf(other))).toMatch(nothing);
  expect(await answer("bo", fileOf(withManifest(marked(other, "algorithmicMedia"))))).toMatch(
    /^None of the pictures .*\nIts own words \(XMP\): Set in type by rules.*\nIt carries a signed manifest/,
  );
});
