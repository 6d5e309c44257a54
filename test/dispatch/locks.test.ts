import { expect, it } from "vitest";
import { createLocks } from "../../src/dispatch/locks.ts";
import type { Picture } from "../../src/domain/job.ts";
import { jobWith, pictureOf } from "../commands/context.ts";

const PLACE = { platform: "web", chatId: "room", group: true };
const ANA = { id: "web:ana", name: "ana", admin: false, roles: [] };

it.each([
  ["nobody has flagged", undefined, true],
  ["a classifier has flagged", { kind: "flagged", label: "nudity", score: 0.9, weight: "spoiler" }, false],
] as const)("a picture that %s is shown beside its locked seed: %s %s", async (_which, verdict, shown) => {
  const picture: Picture = pictureOf(jobWith(), 0, verdict ? { verdict } : {});
  const { imageId, number } = picture;
  const seedLock = async () => ({ scope: "me", seed: 7, byName: "ana", picture: { imageId, number } }) as const;
  const lockOf = createLocks({
    memory: { seedLock, settings: async () => ({}) },
    store: { accountsOf: async () => [ANA.id], picture: async () => picture },
    installation: { admins: [] },
    token: () => "token",
  } as never);
  expect((await lockOf(PLACE, ANA))?.picture?.imageKey !== undefined).toBe(shown);
});
