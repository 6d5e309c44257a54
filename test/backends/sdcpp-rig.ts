import { styleSchema } from "../../src/domain/style.ts";
import { someStyle } from "../contracts/backend.ts";
import { CANARY } from "../contracts/far-end.ts";
import type { FakeSdcpp } from "../fakes/sdcpp.ts";

export const rca = styleSchema.parse({ ...someStyle, lora: { sdcpp: "rca.safetensors" } });
export const withSignIn = (url: string) => ({ url, headers: { authorization: `Basic ${CANARY}` } });

export const bodiesOf = (server: FakeSdcpp) => server.jobs.flatMap(({ body }) => (body ? [body] : []));
export const jobStates = {
  queued: "waiting",
  generating: "running",
  completed: "done",
  failed: "done",
  cancelled: "cancelled",
} as const;
