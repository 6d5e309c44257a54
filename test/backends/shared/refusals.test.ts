import { describe, expect, it } from "vitest";
import { bytesOfBase64 } from "../../../src/backends/shared/base64.ts";
import { createHttp, type HttpAnswer } from "../../../src/backends/shared/http.ts";
import { explainHf } from "../../../src/backends/shared/huggingface/loading.ts";
import { refusalOf as ofSpace } from "../../../src/backends/space/refusals.ts";
import { readZeroGpu } from "../../../src/backends/space/zerogpu.ts";
import { explain as explainWebui } from "../../../src/backends/webui/errors.ts";
import { failed } from "../../../src/jobs/router/circuit-breaker.ts";

const answer = (status: number, body: string): HttpAnswer => ({
  status,
  mime: "application/json",
  headers: {},
  bytes: Buffer.from(body),
});
/** The doors through which a far end's status comes in. */
const DOORS = {
  plain: () => undefined,
  webui: explainWebui,
  "hugging face": explainHf("x"),
} as const;
const errorAt = (door: keyof typeof DOORS, status: number, body: string) =>
  createHttp({ backend: "x", baseUrl: "http://127.0.0.1:1", explain: DOORS[door] }).errorOf(answer(status, body));

const BY_STATUS = [
  [413, "<html>Request Entity Too Large</html>", "rejected"],
  [400, "<html>400 Bad Request: nginx</html>", "rejected"],
  [
    422,
    '{"detail":[{"loc":["body","seed"],"msg":"extra fields","type":"value_error","input":"nsfw content policy"}]}',
    "rejected",
  ],
  [524, "error code: 524", "timeout"],
  [530, "error code: 1033", "offline"],
  [521, "error code: 521", "offline"],
  [400, '{"error":"NSFW content detected"}', "moderated"],
  [422, '{"detail":[{"type":"content_policy_violation","msg":"flagged"}]}', "moderated"],
  [500, '{"error":"The prompt was rejected by the safety filter"}', "moderated"],
] as const;

describe.each(Object.keys(DOORS) as (keyof typeof DOORS)[])("through the door %s", (door) => {
  it.each(BY_STATUS)("%i %s is %s", (status, body, code) => {
    const error = errorAt(door, status, body);
    expect([error.code, error.elsewhere]).toEqual([code, code !== "moderated"]);
    expect(error.message).not.toContain("nsfw");
    // What the request or a filter is the reason of never rests a backend, however often it comes.
    if (code === "rejected" || code === "moderated")
      expect([1, 2, 3, 4].reduce((circuit) => failed(circuit, error, 0), { failures: 0 })).toEqual({ failures: 0 });
  });
});

it.each([
  [400, '{"error":"Bad Request: Endpoint is paused, ask a maintainer to restart it"}', "offline"],
  [503, '{"error":"Endpoint is paused"}', "offline"],
  [503, '{"error":"Model is loading","estimated_time":20}', "loading"],
  [422, '{"error":[{"msg":"steps","input":"a paused film"}]}', "rejected"],
])("an endpoint that says %i %s is %s", (status, body, code) => {
  expect(errorAt("hugging face", status, body).code).toBe(code);
});

it.each([
  ["Error", "NSFW content detected. Please change the prompt."],
  ["Content policy", "This picture cannot be made."],
  ["Error", "Inappropriate prompt"],
])("a Space's refusal “%s: %s” is no breakage", (title, message) => {
  expect(ofSpace("space", { title, message }, 0).code).toBe("moderated");
});

it.each([
  ["ZeroGPU quota exceeded", "Vous n’avez plus de temps. Try again in 0:10:00", "quota", 600_000],
  ["ZeroGPU quota exceeded", "", "quota", undefined],
  ["ZeroGPU worker error", "anything", "broke", undefined],
  ["ZeroGPU queue timeout", "anything", "busy", undefined],
])("ZeroGPU's %s counts whatever stands below it", (title, message, kind, retryAfterMs) => {
  const read = readZeroGpu(title, message);
  expect([read?.kind, read?.retryAfterMs]).toEqual([kind, retryAfterMs]);
});

it.each([
  ["bare", "AQIDBAUG"],
  ["in lines", "AQID\r\nBAUG\n"],
  ["as a data URI", "data:image/png;base64,AQIDBAUG"],
  ["as a data URI in lines", " DATA:image/png;charset=x;base64,\nAQID BAUG"],
])("base64 %s is a picture's bytes", (_how, text) =>
  expect(bytesOfBase64(text)).toEqual(Buffer.from([1, 2, 3, 4, 5, 6])),
);
it.each(["", "data:image/png;base64,", "<html>", "{}"])("%j is none", (text) =>
  expect(bytesOfBase64(text)).toBeUndefined(),
);
