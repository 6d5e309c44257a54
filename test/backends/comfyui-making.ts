import { expect, onTestFinished } from "vitest";
import type { ComfyuiOptions } from "../../src/backends/comfyui/backend.ts";
import type { ImageRequest } from "../../src/domain/recipe.ts";
import { type Backend, BackendError, type BackendEvent } from "../../src/ports/backend.ts";
import { someRequest } from "../contracts/backend.ts";
import { type FakeComfyui, type FakeComfyuiOptions, openFakeComfyui } from "../fakes/comfyui.ts";
import { backendAt, rca } from "./comfyui-rig.ts";

export async function opened(
  options: FakeComfyuiOptions = {},
  env: Readonly<Record<string, string>> = {},
  timing: ComfyuiOptions = {},
) {
  const server = await openFakeComfyui(options);
  const backend = backendAt([server.url], env, timing);
  onTestFinished(async () => {
    await backend.close();
    await server.close();
  });
  return { server, backend };
}

export interface Making {
  readonly change?: Partial<ImageRequest>;
  readonly signal?: AbortSignal;
  readonly attachKey?: string;
  readonly initBytes?: Uint8Array;
  readonly style?: typeof rca;
}
export const making = (backend: Backend, { change, signal, style = rca, ...rest }: Making = {}) =>
  backend.generate({
    request: { ...someRequest, ...change },
    style,
    signal: signal ?? AbortSignal.timeout(15_000),
    ...rest,
  });
export const make = (backend: Backend, options: Making = {}): Promise<BackendEvent[]> =>
  Array.fromAsync(making(backend, options));
export async function failureOf(backend: Backend, options: Making = {}): Promise<BackendError> {
  const error = await make(backend, options).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(BackendError);
  return error as BackendError;
}
/** The events as they come, and the end. */
export function started(backend: Backend, options: Making = {}) {
  const events: BackendEvent[] = [];
  const end = (async () => {
    for await (const event of making(backend, options)) events.push(event);
  })();
  const ended = end.then(
    () => "done" as const,
    (error: unknown) => error,
  );
  return { events, ended };
}
export const imageIn = (events: readonly BackendEvent[]) => {
  const image = events.find((event) => event.type === "image");
  if (!image) throw new Error("no image");
  return image;
};
export const keysIn = (events: readonly BackendEvent[]) =>
  events.flatMap((event) => (event.type === "attached" ? [event.key] : []));
export const progressIn = (events: readonly BackendEvent[]) =>
  events.flatMap((event) => (event.type === "progress" && event.step ? [event] : []));
/** Other programs' graphs have no such node. */
export const oursAt = (server: FakeComfyui) => server.jobs().filter(({ graph }) => graph["40"]);
export const called = (server: { readonly requests: readonly { readonly method: string; readonly path: string }[] }) =>
  server.requests.map(({ method, path }) => `${method} ${path.replace(/[\da-f-]{36}/, "ID")}`);
