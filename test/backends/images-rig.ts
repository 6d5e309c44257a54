import { onTestFinished } from "vitest";
import { createImages, type ImagesOptions } from "../../src/backends/images/backend.ts";
import { dialectOf } from "../../src/backends/images/dialects.ts";
import { styleSchema } from "../../src/domain/style.ts";
import type { Clock } from "../../src/lib/clock.ts";
import { systemClock } from "../../src/lib/clock.ts";
import type { Backend } from "../../src/ports/backend.ts";
import { CANARY } from "../contracts/far-end.ts";
import { type ImagesApiFake, type ImagesApiKind, openImagesApi } from "../fakes/images-api.ts";

export const rca = styleSchema.parse({
  id: "rca",
  title: "RCA",
  trigger: "RCA style",
  lora: { images: "https://huggingface.co/someone/rca" },
});
export const plain = styleSchema.parse({ id: "plain", title: "Plain" });

/** By the model's name a strict one counts as OpenAI's own, wherever it is. */
const MODEL: Readonly<Record<ImagesApiKind, string>> = {
  openai: "gpt-image-1",
  together: "black-forest-labs/FLUX.1-dev-lora",
  sdcpp: "sd-cpp-local",
  open: "flux.1-dev-ggml",
  proxy: "house-model",
};

export const imagesAt = (
  server: Pick<ImagesApiFake, "url">,
  kind: ImagesApiKind,
  clock: Clock = systemClock,
  more: Pick<ImagesOptions, "dialect"> = {},
): Backend =>
  createImages({
    server: { url: server.url, headers: {} },
    key: CANARY,
    model: MODEL[kind],
    timeoutMs: 300_000,
    clock,
    ...more,
  });

export async function opened(
  kind: ImagesApiKind,
  how: Pick<Parameters<typeof openImagesApi>[0], "unknown" | "says"> = {},
) {
  const server = await openImagesApi({ kind, token: CANARY, ...how });
  // Told by its host otherwise, which no server of ours has.
  const together = kind === "together" ? { dialect: dialectOf("https://api.together.xyz/v1", MODEL[kind], []) } : {};
  const backend = imagesAt(server, kind, systemClock, together);
  onTestFinished(async () => {
    await backend.close();
    await server.close();
  });
  return { server, backend };
}
