import { describe, expect, it } from "vitest";
import type { MessageRef, ReplyTarget } from "../../../src/domain/place.ts";
import type { Fault } from "../../fakes/discord/faults.ts";
import { cases } from "../../many.ts";
import { PUBLIC, pressed, SOON, type Started, started, texts } from "./rig.ts";

/** Answers to commands, and as many to a press. Each lost answer is asked for again after a pause of the library's own. */
const EACH = cases(3, 20);

const FAULTS: readonly (readonly [string, Fault])[] = [
  ["502 after it was stored", { kind: "status", status: 502 }],
  ["a reset after it was stored", { kind: "reset" }],
  ["a closed socket after it was stored", { kind: "close" }],
  ["a proxy's page after it was stored", { kind: "html", status: 502 }],
  ["somebody else's page with status 200", { kind: "html", status: 200 }],
];

/** As the core's outbox: again with the same nonce until it is told that the message is there. */
async function insisted(world: Started, target: ReplyTarget, text: string, nonce: string): Promise<MessageRef> {
  for (let tries = 0; tries < 50; tries += 1)
    try {
      return await world.adapter.post(target, { text }, PUBLIC(nonce));
    } catch (error) {
      if ((error as { readonly code?: string }).code !== "offline") throw error;
    }
  throw new Error("never");
}

describe("a lost answer", () => {
  it.each(FAULTS)(`makes no second message: %s, ${2 * EACH} posts`, { timeout: 60_000 }, async (_what, fault) => {
    const world = await started();
    const press = await pressed(world);
    const commands = await Promise.all(
      Array.from({ length: EACH }, async () => await world.ann.slash(world.channel, "rca", { prompt: "x" })),
    );
    await expect.poll(() => world.received.invoked.length, SOON).toBe(EACH + 1);
    world.fake.fails({
      on: ["create_message", "update_original_webhook_message"],
      fault,
      when: "applied",
      probability: 0.7,
    });
    await Promise.all(
      world.received.invoked.slice(1).map(({ target }, at) => insisted(world, target, `command ${at}`, `j.c${at}`)),
    );
    await Promise.all(Array.from({ length: EACH }, (_, at) => insisted(world, press, `press ${at}`, `j.p${at}`)));
    world.fake.works();
    expect(commands.every(({ failed }) => !failed)).toBe(true);
    const expected = ["Parent", ...Array.from({ length: EACH }, (_, at) => [`command ${at}`, `press ${at}`]).flat()];
    expect(texts(world).toSorted()).toEqual(expected.toSorted());
  });
});

describe("limits of Discord's", () => {
  it(`of a short time are waited out: half of ${2 * EACH} posts are refused once or more, all arrive once`, {
    timeout: 60_000,
  }, async () => {
    const world = await started();
    const press = await pressed(world);
    world.fake.fails({
      on: "create_message",
      fault: { kind: "rate_limited", retryAfterMs: 20, scope: "user" },
      probability: 0.5,
    });
    await Promise.all(
      Array.from({ length: 2 * EACH }, (_, at) => world.adapter.post(press, { text: `p${at}` }, PUBLIC(`j.${at}`))),
    );
    world.fake.works();
    expect(texts(world).slice(1).toSorted()).toEqual(Array.from({ length: 2 * EACH }, (_, at) => `p${at}`).toSorted());
  });
});
