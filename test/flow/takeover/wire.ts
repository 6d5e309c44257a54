import { z } from "zod";
import { ROLES } from "../../../src/domain/role.ts";

export const settingsSchema = z.object({
  role: z.enum(ROLES),
  address: z.string(),
  directAddress: z.string(),
  /** Of all: pictures. */
  folder: z.string(),
  discord: z.object({ token: z.string(), url: z.string() }),
  telegram: z.object({ token: z.string(), url: z.string() }),
  reignMs: z.number(),
  marginMs: z.number(),
});
export type FrontSettings = z.infer<typeof settingsSchema>;

/** Times are Unix ms of this machine, which all of them share. */
export type FromFront =
  | { readonly op: "ready" }
  | { readonly op: "line"; readonly line: string }
  | { readonly op: "fact"; readonly name: string; readonly atMs: number }
  | { readonly op: "sent"; readonly what: string; readonly atMs: number };
