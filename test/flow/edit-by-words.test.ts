import { describe, expect, it, onTestFinished } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { backendAt } from "../backends/comfyui-rig.ts";
import { openFakeComfyui } from "../fakes/comfyui.ts";
import { group } from "./harness.ts";

const FILES = {
  diffusion_models: ["flux-2-klein-4b.safetensors"],
  checkpoints: [],
  text_encoders: ["qwen_3_4b.safetensors"],
  vae: ["flux2-vae.safetensors"],
  loras: [],
};
const photo = (name: string) => ({ name: `${name}.png`, mime: "image/png", bytes: tinyPng(320, 512, name) });

async function withEditor() {
  const fake = await openFakeComfyui({ version: "0.41.0", files: FILES });
  const backend = backendAt([fake.url]);
  await backend.health(AbortSignal.timeout(5000));
  onTestFinished(() => fake.close());
  const here = await group({ backends: () => [backend] });
  const graph = () => fake.jobs().at(-1)?.graph ?? {};
  /** The words that were read, and how many pictures were looked at. */
  const told = () => ({
    words: graph()["30"]?.inputs["text"],
    pictures: Object.values(graph()).filter(({ class_type }) => class_type === "LoadImage").length,
    size: [graph()["44"]?.inputs["width"], graph()["44"]?.inputs["height"]],
  });
  return { ...here, fake, told, graph };
}

describe("words that change a picture", () => {
  it("change it where a model is there that can, with a second and a third picture, and once more by Reroll", async () => {
    const { chat, picture, told, graph } = await withEditor();
    await chat.type("ana", "/plain a red fox size:512x768 seed:7");
    const { ref } = await picture();
    expect(told()).toEqual({ words: "a red fox", pictures: 0, size: [512, 768] });

    await chat.type("ana", "/edit make the sky red, keep the letters", { about: ref.messageId });
    const edited = await picture(2);
    expect(told()).toEqual({ words: "make the sky red, keep the letters", pictures: 1, size: [512, 768] });
    expect(edited.view.text).toContain("edited from #1 by ana: by words: “make the sky red, keep the letters”");
    // Its own numbers, not those of the style.
    expect(graph()["42"]?.inputs["steps"]).toBe(4);

    await chat.press("ana", edited.ref.messageId, "Reroll");
    const again = await picture(3);
    expect(told()).toMatchObject({ words: "make the sky red, keep the letters", pictures: 1 });
    expect(again.view.text).toContain("rerolled from #2");

    await chat.type("ana", "/edit put them side by side picture_2:2", {
      attachments: [photo("a")],
      about: ref.messageId,
    });
    const three = await picture(4);
    expect(told()).toMatchObject({ pictures: 3, size: [512, 768] });
    expect(three.view.text).toContain("changed by words, pictures given: 3");
    expect(chat.violations).toEqual([]);
  });

  it("change an attached picture in its own shape", async () => {
    const { chat, picture, told, fake } = await withEditor();
    await chat.type("ana", "/edit make the sky red", { attachments: [photo("a"), photo("b"), photo("c")] });
    const { view } = await picture();
    expect(told()).toEqual({ words: "make the sky red", pictures: 3, size: [640, 1024] });
    expect(view.text).toContain("changed by words, pictures given: 3");
    expect(fake.uploads()).toHaveLength(3);
  });
});
