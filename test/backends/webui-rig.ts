import { serverAddress } from "../../src/backends/shared/address.ts";
import { createWebui, type WebuiOptions } from "../../src/backends/webui/backend.ts";
import { styleSchema } from "../../src/domain/style.ts";
import { someStyle } from "../contracts/backend.ts";
import { CANARY } from "../contracts/far-end.ts";
import type { FakeWebui } from "../fakes/webui.ts";

export const rca = styleSchema.parse({ ...someStyle, lora: { webui: "rca.safetensors" } });
export const signIn = `ana:${CANARY}`;
export const at = (server: FakeWebui, over: Partial<WebuiOptions> = {}) =>
  createWebui({
    server: serverAddress("x").parse(server.url.replace("//", `//${signIn}@`)),
    pollMs: 5,
    ...over,
  });

export const states = (server: FakeWebui) => server.work.filter(({ ours }) => ours);
