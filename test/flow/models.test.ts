import { expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import { group } from "./harness.ts";

it("a model that a member names draws, stays through another take, and is refused by name where it is away", async () => {
  const models = [
    { title: "FLUX.1 dev", family: "flux1" },
    { title: "Qwen-Image 2512", family: "qwen-image" },
  ];
  const gpu = fakeBackend({ name: "gpu", models, facts: { where: "local" } });
  const { chat, picture, said } = await group({ backends: () => [gpu] });
  await chat.type("ana", "/imagine a red fox model:qwen style:plain");
  const first = await picture();
  expect(first.view.text).toContain("Qwen-Image 2512");
  await chat.type("ana", "/reroll", { about: first.ref.messageId });
  await picture(2);
  await chat.type("ana", '/rca a fox model:"flux 1"');
  await picture(3);
  expect(gpu.calls.map(({ request }) => request.model)).toEqual(["Qwen-Image 2512", "Qwen-Image 2512", "FLUX.1 dev"]);
  await chat.type("ana", "/info", { about: first.ref.messageId });
  expect(JSON.stringify((await said("Picture #1")).view)).toContain("Qwen-Image 2512");
  await chat.type("ana", "/imagine a fox model:midjourney");
  await said("does not have the model midjourney. It has: FLUX.1 dev, Qwen-Image 2512.");
  expect(chat.violations).toEqual([]);
});

it("without a choice there is no such option, and the words stay words", async () => {
  const { chat, picture } = await group();
  await chat.type("ana", "/rca a fox model:qwen");
  expect((await picture()).view.text).toContain("a fox model:qwen");
});
