import { expect, onTestFinished } from "vitest";
import type { ImageRequest } from "../../src/domain/recipe.ts";
import { type Style, styleSchema } from "../../src/domain/style.ts";
import { type Backend, BackendError, type BackendEvent } from "../../src/ports/backend.ts";
import type { ModuleServices } from "../../src/ports/module.ts";
import { someRequest } from "../contracts/backend.ts";
import { type GradioFakeOptions, openGradio } from "../fakes/gradio.ts";
import { initBytes, rca, spaceAt } from "./space-rig.ts";

export async function opened(options: GradioFakeOptions = {}, world?: ModuleServices) {
  const server = await openGradio(options);
  const { spaceId, token } = options;
  const place = { HF_SPACE: spaceId ?? server.url, HF_HUB_URL: server.url };
  const backend = spaceAt({ ...place, ...(token === undefined ? {} : { HF_TOKEN: token }) }, world);
  onTestFinished(async () => {
    await backend.close();
    await server.close();
  });
  return { server, backend };
}

export const onHub: GradioFakeOptions = { spaceId: "someone/gallery" };

export function draw(
  backend: Backend,
  change: Partial<ImageRequest> = {},
  style: Style = rca,
  signal = AbortSignal.timeout(15_000),
): Promise<readonly BackendEvent[]> {
  const request = { ...someRequest, prompt: "a red fox", finalPrompt: "RCA style, a red fox", ...change };
  return Array.fromAsync(backend.generate({ request, style, signal, ...(request.init ? { initBytes } : {}) }));
}

export async function imageOf(work: Promise<readonly BackendEvent[]>) {
  const image = (await work).at(-1);
  if (image?.type !== "image") throw new Error("no image came");
  return image;
}

/** The error a picture ended with. */
export const failureOf = (work: Promise<unknown>): Promise<BackendError> =>
  work.then(
    () => expect.fail("it made a picture"),
    (error: unknown) => {
      expect(error).toBeInstanceOf(BackendError);
      return error as BackendError;
    },
  );

export const withLora = (space: string, trigger = "RCA style") =>
  styleSchema.parse({ id: "x", title: "X", trigger, lora: { space } });
