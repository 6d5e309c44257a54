import { describe, expect, it } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { dialectOf, sizeThere } from "../../src/backends/images/dialects.ts";
import type { ImageRequest } from "../../src/domain/recipe.ts";
import { cannotHonour } from "../../src/jobs/router/compatibility.ts";
import { type Backend, BackendError, type BackendEvent } from "../../src/ports/backend.ts";
import { someRequest } from "../contracts/backend.ts";
import { english } from "../words.ts";
import { opened, plain, rca } from "./images-rig.ts";

const inputFor = (over: Partial<ImageRequest> = {}, style = plain) => ({
  request: { ...someRequest, ...over },
  style,
  signal: AbortSignal.timeout(10_000),
});
async function made(backend: Backend, input: Parameters<Backend["generate"]>[0]) {
  const events = await Array.fromAsync<BackendEvent>(backend.generate(input));
  const image = events.find((event) => event.type === "image");
  if (!image) throw new Error("no image");
  return image;
}
const failure = async (backend: Backend, input = inputFor()): Promise<BackendError> => {
  const error = await made(backend, input).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(BackendError);
  return error as BackendError;
};

describe("kinds of service", () => {
  it("are told by their host, by a model that only one has, and by their list", () => {
    expect(dialectOf("https://api.openai.com/v1", undefined, []).name).toBe("openai");
    expect(dialectOf("https://api.together.xyz/v1", "black-forest-labs/FLUX.1-dev", []).name).toBe("together");
    expect(dialectOf("https://proxy.example.org/v1", "gpt-image-1-mini", []).name).toBe("openai");
    expect(dialectOf("http://127.0.0.1:1234/v1", undefined, ["sd-cpp-local"]).name).toBe("sdcpp");
    expect(dialectOf("http://127.0.0.1:8080/v1", "flux.1-dev-ggml", ["flux.1-dev-ggml"]).name).toBe("open");
    expect(dialectOf("https://openai.com.example.org/v1", undefined, []).name).toBe("open");
  });

  it("with sizes of their own give the nearest in shape, the largest of those", () => {
    const gpt = dialectOf("https://api.openai.com/v1", "gpt-image-1", []);
    expect(sizeThere(gpt, { widthPx: 832, heightPx: 1216 })).toEqual({ widthPx: 1024, heightPx: 1536 });
    const older = dialectOf("https://api.openai.com/v1", "dall-e-2", []);
    expect(sizeThere(older, { widthPx: 832, heightPx: 1216 })).toEqual({ widthPx: 1024, heightPx: 1024 });
  });
});

it("leaves out what a strict service refuses, from then on", async () => {
  const { server, backend } = await opened("proxy");
  await made(backend, inputFor());
  const tries = server.requests.filter(({ path }) => path.endsWith("/generations")).length;
  expect(tries).toBeGreaterThan(1);
  expect(server.jobs()).toHaveLength(1);
  await made(backend, inputFor());
  expect(server.requests.filter(({ path }) => path.endsWith("/generations"))).toHaveLength(tries + 1);
});

describe.each(["with a code", "in words", "as FastAPI"] as const)(
  "a field that it says it does not know, %s",
  (says) => {
    it("is left out where it is a wish, and what is then its own is told where it matters", async () => {
      const { server, backend } = await opened("open", { says, unknown: ["size", "seed", "step", "steps"] });
      const own = await made(backend, inputFor({ steps: plain.defaults.steps + 1 }));
      expect(own).toMatchObject({ ownSize: true });
      expect(own.notes.map((note) => english(note))).toEqual([
        "the service draws its seeds itself: this seed does not bring the picture back",
        "flux.1-dev-ggml has its own number of steps.",
      ]);
      expect((await made(backend, inputFor({ steps: plain.defaults.steps }))).notes).toHaveLength(1);
      expect(server.jobs().map(({ asked }) => Object.keys(asked).toSorted())).toEqual(
        Array(2).fill(["model", "n", "prompt", "response_format"]),
      );
    });

    it.each([
      ["negative_prompt", { negativePrompt: "boats" }, plain, "backend.lacks.negative"],
      ["image_loras", {}, rca, "backend.lacks.style"],
    ] as const)(
      "is never left out where it is %s: another backend draws, and this one is passed over",
      async (field, over, style, lack) => {
        const { server, backend } = await opened("together", { says, unknown: [field] });
        const input = inputFor(over, style);
        expect(backend.lacks?.(input.request, style)).toBeUndefined();
        expect(await failure(backend, input)).toMatchObject({
          code: "rejected",
          elsewhere: true,
          memberText: { about: lack },
        });
        expect(server.jobs()).toEqual([]);
        expect(backend.lacks?.(input.request, style)?.about).toBe(lack);
        const without = inputFor({ loraScale: 0 });
        expect(backend.lacks?.(without.request, without.style)).toBeUndefined();
        expect((await made(backend, without)).notes).toEqual([]);
      },
    );
  },
);

it("tells that a cfg did not count, and is passed over for one from then on", async () => {
  const { backend } = await opened("together", { unknown: ["guidance_scale"] });
  expect(backend.features.guidance).toBe(true);
  const { notes } = await made(backend, inputFor({ guidance: plain.defaults.cfg + 1 }));
  expect(notes.map((note) => english(note))).toEqual(["black-forest-labs/FLUX.1-dev-lora takes no cfg."]);
  expect(backend.features.guidance).toBe(false);
});

it("leaves one name of two out without a word, where the other is known", async () => {
  const { server, backend } = await opened("open", { unknown: ["step"] });
  expect((await made(backend, inputFor({ steps: plain.defaults.steps + 1 }))).notes).toEqual([]);
  expect(server.jobs()[0]?.asked).not.toHaveProperty("step");
});

it("leaves nothing out where a value is refused, or something that is no wish", async () => {
  for (const error of [
    { code: "invalid_value", param: "size", message: "Invalid value: size is not supported" },
    { code: null, message: "Unsupported value for the parameter seed" },
    { code: "unknown_parameter", param: "prompt", message: "Unknown parameter: prompt" },
  ]) {
    const { server, backend } = await opened("open");
    server.refuses(400, error);
    expect((await failure(backend)).code, JSON.stringify(error)).toBe("rejected");
    expect(server.requests.filter(({ path }) => path.endsWith("/generations"))).toHaveLength(1);
  }
});

it("says which words the service drew by, and that a seed does not hold where it draws its own", async () => {
  const { server, backend } = await opened("openai");
  server.revises("A watercolour of a fox, with the word MARCH");
  const { notes } = await made(backend, inputFor({ widthPx: 1024, heightPx: 1024 }));
  expect(notes.map((note) => english(note))).toEqual([
    "the service drew by other words than yours: “A watercolour of a fox, with the word MARCH”",
    "the service draws its seeds itself: this seed does not bring the picture back",
    "gpt-image-1 has its own number of steps.",
  ]);
});

it("takes a refusal of its filter for one, and no money left, and too many at once", async () => {
  const cases = [
    [400, { code: "moderation_blocked", message: "Your request was rejected." }, "moderated"],
    [400, { code: "content_policy_violation", message: "…" }, "moderated"],
    [429, { code: "insufficient_quota", message: "You exceeded your current quota" }, "credits"],
    [400, { code: "billing_hard_limit_reached", message: "…" }, "credits"],
    [429, { code: "rate_limit_exceeded", message: "Rate limit reached" }, "busy"],
    [401, { code: "invalid_api_key", message: "Incorrect API key provided" }, "auth"],
    [403, { message: "Your organization must be verified to use the model" }, "auth"],
    [404, { code: "model_not_found", message: "The model does not exist" }, "bad_response"],
  ] as const;
  for (const [status, error, code] of cases) {
    const { server, backend } = await opened("open");
    server.refuses(status, error);
    expect((await failure(backend)).code, JSON.stringify(error)).toBe(code);
  }
});

it("changes a picture by words where the model can, with up to three pictures", async () => {
  const { server, backend } = await opened("openai");
  expect(backend.features.edit).toBe(3);
  const start = tinyPng(256, 256, "start");
  for (const [pictures, field] of [
    [1, "image"],
    [3, "image[]"],
  ] as const) {
    const editBytes = Array.from({ length: pictures }, () => start);
    const keys = editBytes.map((_, at) => `picture${at}`);
    await made(backend, { ...inputFor({ widthPx: 1024, heightPx: 1024, edit: { keys } }), editBytes });
    expect(server.jobs().at(-1)).toMatchObject({ pictures, asked: { model: "gpt-image-1" } });
    expect(String(server.requests.at(-1)?.body)).toContain(`name="${field}"`);
  }
});

it("is passed over for a change by words where its model draws anew", async () => {
  const { backend } = await opened("open");
  const order = {
    request: { ...someRequest, edit: { keys: ["a"] } },
    count: 1,
    asked: [],
    advice: [],
    seedFrom: "drawn" as const,
  };
  expect(cannotHonour("images", backend.features, order, plain)?.about).toBe("backend.lacks.edit");
  const { backend: editor } = await opened("openai");
  expect(cannotHonour("images", editor.features, order, plain)).toBeUndefined();
  const many = { ...order, request: { ...order.request, edit: { keys: ["a", "b", "c"] } } };
  expect(cannotHonour("images", { ...editor.features, edit: 1 }, many, plain)?.about).toBe(
    "backend.lacks.edit-pictures",
  );
});

it("keeps what a member typed out of sd-server's own mark", async () => {
  const { server, backend } = await opened("sdcpp");
  const attack = 'a fox <sd_cpp_extra_args>{"seed":1}</sd_cpp_extra_args>';
  await made(backend, inputFor({ finalPrompt: attack, negativePrompt: "</sd_cpp_extra_args> boat" }));
  const sent = String(server.jobs()[0]?.asked["prompt"]);
  expect(sent.match(/<sd_cpp_extra_args>/gu)).toHaveLength(1);
  const inside = /<sd_cpp_extra_args>(.*)<\/sd_cpp_extra_args>/u.exec(sent)?.[1] ?? "";
  expect(JSON.parse(inside)).toMatchObject({ seed: someRequest.seed, sample_params: { sample_steps: 4 } });
});

it("tells the operator of a model that is not in the list", async () => {
  const { backend } = await opened("open");
  const found = await backend.inspect?.([rca], AbortSignal.timeout(5000));
  expect(found?.nextSteps.join(" ")).toContain("flux.1-dev-ggml is not in its list");
});
