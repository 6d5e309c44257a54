import { DiscordAPIError, HTTPError, RateLimitError } from "@discordjs/rest";
import { describe, expect, it } from "vitest";
import { chatErrorOf, isAcknowledgedAlready, isDeadReply, isRefused } from "../../../adapters/discord/errors.ts";
import { ChatError } from "../../../src/ports/chat.ts";

const SECRET = "interaction-token-nobody-may-see";
const url = `https://discord.com/api/v10/webhooks/1/${SECRET}/messages/@original`;
const body = { files: undefined, body: { content: "a secret prompt" } };
const api = (status: number, code: number) =>
  new DiscordAPIError({ code, message: "Discord said no" }, code, status, "PATCH", url, body);
const limited = (retryAfter: number, timeToReset = 0) =>
  new RateLimitError({
    retryAfter,
    timeToReset,
    limit: 1,
    method: "POST",
    hash: "h",
    url,
    route: "/r",
    majorParameter: "1",
    global: false,
    sublimitTimeout: 0,
    scope: "user",
  });
const coded = (code: string) => Object.assign(new Error("socket"), { code });

describe("what a failure means to the core", () => {
  it.each<[string, unknown, Partial<ChatError>]>([
    ["a deleted message", api(404, 10008), { code: "gone" }],
    ["a channel that is not there", api(404, 10003), { code: "gone" }],
    ["a dead webhook", api(404, 10015), { code: "gone" }],
    ["an expired interaction token", api(401, 50027), { code: "gone" }],
    ["an unknown interaction", api(404, 10062), { code: "gone" }],
    ["a member who takes no messages", api(403, 50007), { code: "gone" }],
    ["another 404", api(404, 0), { code: "gone" }],
    ["no access", api(403, 50001), { code: "offline" }],
    ["no permission", api(403, 50013), { code: "offline" }],
    ["a locked thread", api(400, 50083), { code: "offline" }],
    ["a wrong bot token", api(401, 0), { code: "auth" }],
    [
      "a forgotten bot token",
      new Error("Expected token to be set for this request, but none was present"),
      { code: "auth" },
    ],
    ["too large by code", api(400, 40005), { code: "too_large" }],
    ["too large by status", api(413, 0), { code: "too_large" }],
    ["an old message edited often", api(400, 30046), { code: "rate_limited", retryAfterMs: 60_000 }],
    ["a long rate limit", limited(7000), { code: "rate_limited", retryAfterMs: 7000 }],
    ["a long wait before the request", limited(0, 9000), { code: "rate_limited", retryAfterMs: 9000 }],
    ["500 for ever", new HTTPError(500, "Internal Server Error", "POST", url, body), { code: "offline" }],
    ["a refused connection", coded("ECONNREFUSED"), { code: "offline" }],
    ["a connection closed without an answer", coded("UND_ERR_SOCKET"), { code: "offline" }],
    ["a timeout", Object.assign(new Error("This operation was aborted"), { name: "AbortError" }), { code: "offline" }],
    ["what is one already", new ChatError("discord", "gone", "x"), { code: "gone" }],
  ])("%s", (_what, thrown, expected) => {
    expect(chatErrorOf(thrown)).toMatchObject({ name: "ChatError", platform: "discord", ...expected });
  });
  it.each<[string, unknown]>([
    ["a malformed body", api(400, 50035)],
    ["a call that the HTTP client refuses", coded("UND_ERR_INVALID_ARG")],
    ["an argument that Node refuses", coded("ERR_INVALID_ARG_TYPE")],
    ["a bug of ours", new TypeError("x is not a function")],
    ["something thrown that is no error", "text"],
  ])("%s is a fault of ours, not the platform's", (_what, thrown) => {
    const error = chatErrorOf(thrown);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(ChatError);
  });
  it("carries no token and no prompt", () => {
    for (const thrown of [
      api(404, 10008),
      api(400, 50035),
      new HTTPError(502, "Bad Gateway", "POST", url, body),
      limited(9000),
    ]) {
      const error = chatErrorOf(thrown);
      const all = [error, error.cause].map((each) =>
        each instanceof Error ? `${each.message} ${each.stack} ${JSON.stringify(each)}` : "",
      );
      expect(all.join()).not.toContain(SECRET);
      expect(all.join()).not.toContain("secret prompt");
    }
  });
});

describe("telling refusals apart", () => {
  it.each<[string, (thrown: unknown) => boolean, readonly number[], readonly number[]]>([
    ["the reply is dead", isDeadReply, [10015, 50027, 10062], [10008, 50013]],
    ["we may not write", isRefused, [50001, 50013, 160005], [50007, 10008]],
    ["it was acknowledged already", isAcknowledgedAlready, [40060], [10062]],
  ])("%s", (_what, is, yes, no) => {
    for (const code of yes) expect(is(api(403, code))).toBe(true);
    for (const code of no) expect(is(api(403, code))).toBe(false);
  });
});
