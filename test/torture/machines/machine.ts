import { z } from "zod";
import { ROLES } from "../../../src/domain/role.ts";

const platform = z.strictObject({ url: z.string(), token: z.string() });
const schema = z.strictObject({
  role: z.enum(ROLES),
  address: z.string(),
  /** Past the pooler, where there is one. */
  directAddress: z.string(),
  /** Shared by all. */
  folder: z.string(),
  discord: platform,
  telegram: platform,
});

/** What a bot of the machines is told at its start. */
export type Machine = z.output<typeof schema>;

/** @throws Error for anything else */
export const machineOf = (json: string | undefined): Machine => schema.parse(JSON.parse(json ?? ""));
