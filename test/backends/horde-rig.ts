import { createHorde, type HordeOptions } from "../../src/backends/horde/backend.ts";
import { styleSchema } from "../../src/domain/style.ts";
import { someStyle } from "../contracts/backend.ts";
import { CANARY } from "../contracts/far-end.ts";
import type { FakeHorde } from "../fakes/horde.ts";

export const rca = styleSchema.parse({ ...someStyle, lora: { horde: "12345" } });
// The style's own number of steps: asked for by nobody.
export const plainRequest = { steps: 28 };
export const at = (server: FakeHorde, over: Pick<HordeOptions, "clock"> = {}) =>
  createHorde({ apiKey: CANARY, url: `${server.url}/api/v2`, pollMs: 5, ...over });

export const bodiesOf = (server: FakeHorde) => server.jobs.flatMap(({ body }) => (body ? [body] : []));
