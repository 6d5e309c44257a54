import { REST } from "@discordjs/rest";
import { afterEach, expect, it, onTestFinished, vi } from "vitest";
import { createAnswering } from "../../../adapters/discord/answering.ts";
import { openHttp } from "../../../adapters/discord/http.ts";
import type { InteractionFacts } from "../../../adapters/discord/invocation.ts";
import { TIME } from "../../../adapters/discord/limits.ts";
import { systemClock } from "../../../src/lib/clock.ts";
import { openFakeServer } from "../../fakes/http-server.ts";
import { silentLog } from "../../fakes/module-services.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it("what became of an interaction is forgotten once its token is over", () => {
  let nowMs = 1_760_000_000_000;
  const http = () => {
    throw new Error("nothing is sent here");
  };
  const answering = createAnswering(http, { ...systemClock, nowMs: () => nowMs });
  const received = (interactionId: string) => answering.received({ interactionId } as InteractionFacts);
  received("1");
  nowMs += TIME.replyTokenMs;
  received("2");
  expect(answering.answerOf("1")).toBeDefined();
  nowMs += 1;
  received("3");
  expect(["1", "2", "3"].map((id) => answering.answerOf(id) !== undefined)).toEqual([false, true, true]);
});

it("routes that are at rest are forgotten within minutes: each interaction is one", async () => {
  const server = await openFakeServer([
    { method: "POST", path: "/v10/webhooks/:application/:token", exchange: "say", handle: () => ({ text: "{}" }) },
  ]);
  onTestFinished(() => server.close());
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const told = vi.spyOn(REST.prototype, "emit");
  const http = await openHttp({ apiUrl: server.url, token: "x", nowMs: Date.now, log: silentLog });
  onTestFinished(() => http.close());
  for (const token of ["a", "b", "c"]) await http.reply("POST", `/webhooks/157656050798742732/${token}`);
  vi.advanceTimersByTime(TIME.routeSweepMs);
  const swept = told.mock.calls.flatMap(([event, routes]) =>
    String(event) === "handlerSweep" ? [(routes as ReadonlyMap<string, unknown>).size] : [],
  );
  expect(Math.max(...swept)).toBe(3);
});
