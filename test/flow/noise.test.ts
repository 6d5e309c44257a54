import { expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import type { NoiseDtype } from "../../src/domain/recipe.ts";
import type { Backend, GenerateInput } from "../../src/ports/backend.ts";
import { group } from "./harness.ts";

it("a seed goes with the noise it was drawn in, wherever the seed goes", async () => {
  const fake = fakeBackend({ facts: { where: "local" } });
  let usual: NoiseDtype | undefined = "bf16";
  const choosing: Backend = {
    ...fake,
    async *generate(input: GenerateInput) {
      const noiseDtype = input.request.noiseDtype ?? usual;
      for await (const event of fake.generate(input))
        yield event.type === "image" && usual !== undefined && noiseDtype !== undefined
          ? { ...event, fixed: { noiseDtype } }
          : event;
    },
  };
  const { chat, picture, message, said } = await group({ backends: () => [choosing] });
  const wished = () => fake.calls.at(-1)?.request.noiseDtype;
  await chat.type("ana", "/rca a red fox seed:7");
  const { ref } = await picture();
  expect(wished()).toBeUndefined();

  // The operator changes ONNX_NOISE.
  usual = "f32";
  await chat.press("ana", ref.messageId, "Reroll");
  await picture(2);
  expect(wished()).toBe("bf16");
  await chat.press("ana", ref.messageId, "Vary subtle");
  await picture(3);
  expect(wished()).toBe("bf16");
  await chat.press("ana", ref.messageId, "Lock seed");
  await said("7");
  await chat.type("ana", "/rca a blue fox");
  await picture(4);
  expect([fake.calls.at(-1)?.request.seed, wished()]).toEqual([7, "bf16"]);
  await chat.type("bo", "/rca a blue fox");
  await picture(5);
  expect(wished()).toBeUndefined();

  const seedTold = async (number: number) => {
    await chat.type("ana", `/info ${number}`);
    const { view } = await message(({ view }) => view.text.includes(`#${number}`) && view.fields !== undefined);
    return view.fields?.find(({ name }) => name === "Seed")?.value;
  };
  expect(await seedTold(1)).toBe("7, noise in bf16");
  expect(await seedTold(4)).toBe("7, noise in bf16");
  expect(await seedTold(5)).toMatch(/^\d+, noise in f32$/);

  // One that says nothing of its noise: what was wished for is not claimed.
  usual = undefined;
  await chat.type("ana", "/rca a green fox");
  await picture(6);
  expect(wished()).toBe("bf16");
  expect(await seedTold(6)).toBe("7");
});
