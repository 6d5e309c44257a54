import { z } from "zod";

// Between a test and the workers that it started.

export const orderSchema = z.object({
  database: z.string(),
  folder: z.string(),
  machine: z.string(),
  /** Of each step; four make a picture. */
  stepMs: z.number(),
  concurrency: z.number(),
  leaseMs: z.number(),
  /** Asked before each picture, over HTTP. */
  device: z.string().optional(),
  /** What others know it by. */
  at: z.string().optional(),
});
export type WorkerOrder = z.infer<typeof orderSchema>;

export const newsSchema = z.object({
  what: z.enum(["ready", "began", "step", "aborted", "done", "failed"]),
  prompt: z.string().default(""),
  fraction: z.number().default(0),
  atMs: z.number(),
});
export type WorkerNews = z.infer<typeof newsSchema>;
