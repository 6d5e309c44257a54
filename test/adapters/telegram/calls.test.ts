import { type Api, GrammyError, HttpError } from "grammy";
import { describe, expect, it, onTestFinished } from "vitest";
import { createCalls } from "../../../adapters/telegram/calls.ts";
import { Lanes } from "../../../adapters/telegram/lanes.ts";
import { createTurns } from "../../../adapters/telegram/turns.ts";
import { createTestClock } from "../../fakes/clock.ts";
import { silentLog } from "../../fakes/module-services.ts";
import { FAST } from "./world.ts";

/** Calls whose outcomes are said one after the other; an error is thrown, anything else is the answer. */
function calling(...outcomes: readonly unknown[]) {
  const left = [...outcomes];
  const asked: number[] = [];
  const clock = createTestClock();
  clock.hurry();
  onTestFinished(clock.stop);
  const stopping = new AbortController();
  const moves = new Map<string, string>();
  const calls = createCalls({
    // Nothing is asked of it: each call says its own outcome.
    api: {} as Api,
    turns: createTurns({ lanes: new Lanes(FAST, clock.steadyMs), clock, stopping: stopping.signal }),
    clock,
    log: silentLog,
    stopping: stopping.signal,
    currentId: (chatId) => moves.get(chatId) ?? chatId,
    moved: async (from, to) => void moves.set(from, to),
  });
  const call = async (_api: Api, chatId: number) => {
    asked.push(chatId);
    const outcome = left.shift();
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };
  return { calls, call, asked, stopping };
}

const refused = (error_code: number, description: string, parameters = {}) =>
  new GrammyError("x", { ok: false, error_code, description, parameters }, "sendMessage", {});
const lost = () => new HttpError("x", Object.assign(new Error("x"), { code: "ECONNRESET" }));
const unsent = () => new HttpError("x", Object.assign(new Error("x"), { code: "ECONNREFUSED" }));

describe("calls", () => {
  it("a chat that moved is asked again under its new id, and from then on at once", async () => {
    const { calls, call, asked } = calling(refused(400, "upgraded", { migrate_to_chat_id: -100 }), "sent", "again");
    expect(await calls.send("-5", call)).toBe("sent");
    expect(await calls.send("-5", call)).toBe("again");
    expect(asked).toEqual([-5, -100, -100]);
  });

  it("a send whose answer is lost is not repeated; one that never went out is", async () => {
    const first = calling(lost(), "sent");
    await expect(first.calls.send("5", first.call)).rejects.toMatchObject({ name: "ChatError", code: "offline" });
    expect(first.asked).toHaveLength(1);
    const second = calling(unsent(), unsent(), "sent");
    expect(await second.calls.send("5", second.call)).toBe("sent");
  });

  it("an edit whose answer is lost is repeated once, and no oftener", async () => {
    const first = calling(lost(), "edited");
    expect(await first.calls.edit("5", "final", first.call)).toBe("edited");
    const second = calling(lost(), lost(), "edited");
    await expect(second.calls.edit("5", "final", second.call)).rejects.toMatchObject({ code: "offline" });
  });

  it("an edit that changes nothing has succeeded", async () => {
    const { calls, call } = calling(refused(400, "Bad Request: message is not modified: the same"));
    expect(await calls.edit("5", "final", call)).toBeUndefined();
  });

  it("a short wait is waited for; a long one goes back with its length; progress never waits", async () => {
    const short = calling(refused(429, "x", { retry_after: 1 }), "sent");
    expect(await short.calls.send("5", short.call)).toBe("sent");
    const long = calling(refused(429, "x", { retry_after: 40 }), "sent");
    const waits = expect.objectContaining({ code: "rate_limited", retryAfterMs: expect.any(Number) });
    await expect(long.calls.send("5", long.call)).rejects.toEqual(waits);
    await expect(long.calls.edit("5", "final", long.call)).rejects.toEqual(waits);
    expect(long.asked).toHaveLength(1);
    const progress = calling(refused(429, "x", { retry_after: 1 }), "edited");
    await expect(progress.calls.edit("5", "progress", progress.call)).rejects.toEqual(waits);
    expect(progress.asked).toHaveLength(1);
  });

  it("new messages of a chat go one after the other, those of others meanwhile", async () => {
    const { calls } = calling();
    const gate = Promise.withResolvers<void>();
    const order: string[] = [];
    const first = calls.send("5", async () => {
      await gate.promise;
      order.push("first");
    });
    const second = calls.send("5", async () => void order.push("second"));
    await calls.send("6", async () => void order.push("elsewhere"));
    expect(order).toEqual(["elsewhere"]);
    gate.resolve();
    await Promise.all([first, second]);
    expect(order).toEqual(["elsewhere", "first", "second"]);
  });
});
