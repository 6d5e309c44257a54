import { expect, it } from "vitest";
import { as, ask, joinAs, nextId, say } from "../adapters/web-client.ts";
import { a1111Text, pngSaying } from "../fakes/recipe-files.ts";
import { discordWorld, SOON } from "./discord-world.ts";
import { world } from "./web-group.ts";

// The same file by the doors of each platform. Telegram's is in test/adapters/telegram/forms.test.ts.

const KITE = { prompt: "a red kite", negative: "", seed: 77, steps: 20, cfg: 3, widthPx: 640, heightPx: 512 };
const file = pngSaying({ parameters: a1111Text(KITE) });

it("Discord: a message's menu shows the recipe, Make it again and Edit make pictures of it", async () => {
  const world = await discordWorld();
  const photo = await world.bob.says(world.channel, "look", {
    files: [{ name: "kite.png", mime: "image/png", bytes: file }],
  });
  const sees = () => world.ann.sees(world.channel).at(-1);
  await world.ann.menu(photo, "Show recipe").acknowledged();
  await expect.poll(() => sees()?.text, SOON).toContain("Prompt: a red kite");
  const told = sees()!;
  expect(told.ephemeral).toBe(true);
  expect(told.buttons.map(({ label }) => label)).toEqual(["Make it again", "Edit"]);
  world.ann.press(told, "Make it again");
  expect((await world.picture()).text).toMatch(/a red kite[\s\S]*seed 77/);
  const pressed = await world.ann.press(told, "Edit").acknowledged();
  // On a slow machine Discord wants an answer before the form is ready.
  if (!pressed.modal) await expect.poll(() => sees()?.buttons[0]?.label, SOON).toBe("Open the form");
  const edit = pressed.modal ? pressed : await world.ann.press(sees()!, "Open the form").acknowledged();
  expect(edit.modal?.fields.slice(0, 4).map(({ customId, value }) => [customId, value])).toEqual([
    ["prompt", "a red kite"],
    ["negative", ""],
    ["size", "640x512"],
    ["seed", "77"],
  ]);
  world.ann.submits(edit, { prompt: "a blue kite" });
  expect((await world.picture(2)).text).toMatch(/a blue kite[\s\S]*seed 77 [\s\S]*20 steps[\s\S]*640×512/);
});

it("the web chat: an upload with /info, its buttons and its form", async () => {
  const { web, viewsOf } = await world();
  const ada = await joinAs(web, "Ada");
  const kept = await ask(web, "/api/uploads", { bytes: file, headers: as(ada) });
  const { upload } = (await kept.json()) as { upload: { id: string } };
  await say(web, ada, "/info", { uploadId: upload.id });
  const views = () => viewsOf(ada);
  await expect.poll(async () => (await views()).at(-1)?.fields?.[0]?.value).toBe("a red kite");
  const tokens = ((await views()).at(-1)?.buttons ?? []).flat();
  expect(tokens.map(({ label }) => label)).toEqual(["Make it again", "Edit"]);
  const press = (token: string | undefined, values?: object) =>
    ask(web, "/api/press", { body: { id: nextId(), room: ada.room, token, ...values }, headers: as(ada) });
  await press(tokens[0]?.token);
  await expect.poll(async () => (await views()).some(({ text }) => /a red kite[\s\S]*seed 77/.test(text))).toBe(true);
});
