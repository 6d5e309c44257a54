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

it("a chat's usual model draws where nobody names one, and is no condition where it is away", async () => {
  let models = [
    { title: "FLUX.1 dev", family: "flux1" },
    { title: "Qwen-Image 2512", family: "qwen-image" },
  ];
  const gpu = { ...fakeBackend({ name: "gpu", models, facts: { where: "local" } }), models: () => models };
  const { chat, picture, said } = await group({ backends: () => [gpu] });
  const admin = { admin: true } as const;
  await chat.type("root", "/settings model:midjourney", admin);
  await said("no image model called “midjourney” here. There are: FLUX.1 dev, Qwen-Image 2512.");
  await chat.type("root", "/settings model:qwen", admin);
  await said("Usual image model: Qwen-Image 2512");
  const drawn = async (n: number, line: string) => {
    await chat.type("ana", line);
    const { text } = (await picture(n)).view;
    return [gpu.calls.at(-1)?.request.model, text?.includes("does not have the model Qwen-Image 2512")];
  };
  expect(await drawn(1, "/imagine a red fox style:plain")).toEqual(["Qwen-Image 2512", false]);
  expect(await drawn(2, "/imagine a red fox style:plain model:flux")).toEqual(["FLUX.1 dev", false]);
  models = models.slice(0, 1);
  // Nobody asked for it by name: another draws, and the card says so.
  expect(await drawn(3, "/imagine a red fox style:plain")).toEqual([undefined, true]);
  await chat.type("root", "/settings model:default", admin);
  await said("Usual image model");
  expect(await drawn(4, "/imagine a red fox style:plain")).toEqual([undefined, false]);
  expect(chat.violations).toEqual([]);
});

it("what is set in type for nothing is offered beside a model that was named, too", async () => {
  const models = [{ title: "Qwen-Image 2512", family: "qwen-image" }];
  const [gpu, program] = [
    fakeBackend({ name: "gpu", models, facts: { drawnBy: "model", where: "local", costWeight: 1 } }),
    fakeBackend({ name: "program", facts: { costWeight: 0 } }),
  ];
  const { chat, pictures } = await group({ backends: () => [gpu, program], installation: { votes: 3 } });
  await chat.type("root", "/settings spend:free_first vote_on:batch", { admin: true });
  await chat.type("ana", "/imagine a red fox style:plain model:qwen count:2");
  await chat.waitFor(() => pictures()[0]);
  expect([gpu.calls.length, program.calls[0]?.request.model]).toEqual([0, undefined]);
});

it("a chat's usual model that fails once the order is taken leaves it to what draws otherwise", async () => {
  const models = [{ title: "Qwen-Image 2512", family: "qwen-image" }];
  const gpu = fakeBackend({ name: "gpu", models, mood: "timeout", facts: { where: "local" } });
  const other = fakeBackend({ name: "other" });
  const { chat, picture, said } = await group({ backends: () => [gpu, other] });
  await chat.type("root", "/settings model:qwen", { admin: true });
  await said("Usual image model: Qwen-Image 2512");
  await chat.type("ana", "/imagine a red fox style:plain");
  expect((await picture()).view.text).toContain("the test backend other");
  expect([gpu, other].map(({ calls }) => calls.map(({ request }) => request.model))).toEqual([
    ["Qwen-Image 2512"],
    [undefined],
  ]);
});
