import { expect, it } from "vitest";
import { a1111Text, pngSaying } from "../fakes/recipe-files.ts";
import { group } from "./harness.ts";

const file = (prompt: string) => ({
  name: "kite.png",
  mime: "image/png",
  bytes: pngSaying({
    parameters: a1111Text({
      prompt,
      negative: "",
      seed: 77,
      steps: 20,
      cfg: 3,
      widthPx: 640,
      heightPx: 512,
    }),
  }),
});

it("a file's recipe is made again and edited by its buttons, each file's own", async () => {
  const world = await group();
  const { chat, picture } = world;
  await chat.type("ana", "/info", { attachments: [file("a red kite")] });
  const kite = chat.visibleTo("ana").at(-1);
  const kiteId = kite?.ref.messageId ?? "";
  expect(kite?.view.fields).toContainEqual({ name: "Prompt", value: "a red kite" });
  expect(chat.visibleTo("bo").some(({ ref }) => ref.messageId === kiteId)).toBe(false);
  await chat.type("ana", "/info", { attachments: [file("a blue boat")] });
  await chat.press("ana", kiteId, "Make it again");
  const made = (await picture(1)).view;
  expect(made.text).toContain("a red kite");
  expect(made.text).toContain("seed 77");
  expect(made.text).toContain("Not taken over from the file: Sampler Euler");
  expect(made.image).toMatchObject({ widthPx: 640, heightPx: 512 });
  await chat.press("ana", kiteId, "Edit");
  await chat.submit("ana", { prompt: "a green kite", seed: "78" });
  const edited = (await picture(2)).view;
  expect(edited.text).toContain("a green kite");
  expect(edited.text).toContain("seed 78");
  expect(chat.violations).toEqual([]);
});
