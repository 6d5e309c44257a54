import { describe, expect, it, onTestFinished } from "vitest";
import { explain as explainHorde } from "../../../src/backends/horde/errors.ts";
import { createHttp, type HttpAnswer } from "../../../src/backends/shared/http.ts";
import { explainHf, whileLoading } from "../../../src/backends/shared/huggingface/loading.ts";
import { refusalOf } from "../../../src/backends/space/refusals.ts";
import { CLOSED, failed } from "../../../src/jobs/router/circuit-breaker.ts";
import { BackendError } from "../../../src/ports/backend.ts";
import { sentence } from "../../../src/ports/backend-sentence.ts";
import { createTestClock } from "../../fakes/clock.ts";
import { english } from "../../words.ts";

const answer = (status: number, body: string, headers: Readonly<Record<string, string>> = {}): HttpAnswer => ({
  status,
  mime: "application/json",
  headers,
  bytes: new TextEncoder().encode(body),
});
const retryAfter = (named: string | undefined): Readonly<Record<string, string>> =>
  named === undefined ? {} : { "retry-after": named };

/** Everywhere a far end of a backend may name a time: what follows from it, as it is written there. */
const DOORS: Readonly<Record<string, (named: string | undefined) => BackendError | undefined>> = {
  "a header": (named) => createHttp({ backend: "b", baseUrl: "http://b" }).errorOf(answer(429, "", retryAfter(named))),
  "the Horde's header": (named) => explainHorde(answer(429, '{"rc":"TooManyRequests"}', retryAfter(named))),
  "an estimate of Hugging Face": (named) =>
    explainHf("h")(answer(503, named === undefined ? "{}" : `{"estimated_time":${named}}`)),
  "a sentence of ZeroGPU": (named) => {
    const until = named === undefined ? "" : `Try again in ${sentenceOf(named)}.`;
    return refusalOf("s", { title: "ZeroGPU quota exceeded", message: `exceeded your ZeroGPU quota. ${until}` }, 0);
  },
};

/** "0" as Python writes it: "0:00:00". */
function sentenceOf(named: string): string {
  const seconds = Number(named);
  return Number.isInteger(seconds) && seconds >= 0 && seconds < 3600
    ? `0:${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`
    : named;
}

describe.each(Object.entries(DOORS))("a wait that stands in %s", (_door, at) => {
  it.each(["0", "0.0", "-5", "-0.5", "NaN", "1e999", '"soon"', "", "null", undefined])("%s: none is named", (named) => {
    const error = at(named);
    expect(error).toBeInstanceOf(BackendError);
    expect(error?.retryAfterMs).toBeUndefined();
    expect(english(error?.memberText)).not.toMatch(/more at/);
  });
  it("7: seven seconds", () => expect(at("7")?.retryAfterMs).toBe(7000));
  it.each(["0.001", "0.5", "3599", "999999", "1e12", "9007199254740993"])(
    "%s: neither at once nor for ever",
    (named) => {
      const waitMs = at(named)?.retryAfterMs;
      if (waitMs === undefined) return;
      expect(waitMs).toBeGreaterThanOrEqual(1000);
      expect(waitMs).toBeLessThanOrEqual(48 * 3_600_000);
    },
  );
});

it("a model that is always ready at once is asked with growing pauses", async () => {
  const clock = createTestClock();
  onTestFinished(() => clock.stop());
  clock.hurry();
  const beganMs = clock.steadyMs();
  let asked = 0;
  const ask = (): Promise<never> => {
    asked += 1;
    return Promise.reject(explainHf("h")(answer(503, '{"estimated_time":0.001}')));
  };
  const patience = { waitsMax: 5, pauseMaxMs: 30_000, pauseMs: 10_000, why: sentence("backend.error.loading") };
  const work = whileLoading({ clock, ask, patience, tell: () => undefined }, new AbortController().signal);
  await expect(work).rejects.toMatchObject({ code: "loading" });
  expect(asked).toBe(6);
  // 1 + 2 + 4 + 8 + 16 s.
  expect(clock.steadyMs() - beganMs).toBeGreaterThanOrEqual(31_000);
});

it("a backend that always wants to be asked again in a second rests longer and longer", () => {
  const error = new BackendError("b", "busy", "full", { retryAfterMs: 1 });
  let circuit = CLOSED;
  const rests = Array.from({ length: 9 }, () => {
    circuit = failed(circuit, error, 0);
    return circuit.rest?.untilMs;
  });
  expect(rests).toEqual([1000, 1000, 15_000, 30_000, 60_000, 120_000, 240_000, 480_000, 600_000]);
});
