import { expect, it, onTestFinished } from "vitest";
import { openBot } from "../../../adapters/telegram/bot.ts";
import { faultOf } from "../../../adapters/telegram/errors.ts";
import { type FakeAnswer, openFakeServer } from "../../fakes/http-server.ts";

/** The only question that is asked here, and how it is answered. */
async function asking(answer: FakeAnswer): Promise<unknown> {
  const server = await openFakeServer([
    { method: "POST", path: "/botTOKEN/getMe", exchange: "it", handle: () => answer },
    { method: "GET", path: "/botTOKEN/getMe", exchange: "it", handle: () => answer },
  ]);
  onTestFinished(() => server.close());
  return openBot("TOKEN", server.url, 10)
    .api.getMe()
    .catch((error: unknown) => faultOf(error));
}

const me = { id: 7, is_bot: true, first_name: "Placard" };
const large = (mb: number) => ({ text: `{"ok":true,"result":{"first_name":"${"x".repeat(mb * 1024 * 1024)}"}}` });

it.each([
  ["one that reaches out", { text: String.raw`{"ok":true,"result":{"id":7,"\u005f_proto__":{"polluted":1}}}` }],
  ["one that never ends", large(17)],
])("an answer of a Bot API server is refused: %s", async (_why, answer) =>
  expect(await asking(answer)).toMatchObject({ name: "ChatError", code: "offline" }),
);

it.each([
  ["an honest one", { json: { ok: true, result: me } }, me],
  ["a long one", large(15), { first_name: expect.any(String) }],
])("an answer of a Bot API server is taken: %s", async (_why, answer, result) =>
  expect(await asking(answer)).toMatchObject(result),
);

it.each([0, -5, 0.001, "soon", null, undefined, 7])("a Bot API server that names a wait of %s", async (named) => {
  const refusal = { ok: false, error_code: 429, description: "Too Many Requests", parameters: { retry_after: named } };
  const error = await asking({ json: refusal, status: 429 });
  expect(error).toMatchObject({ code: "rate_limited", retryAfterMs: named === 7 ? 7000 : 1000 });
});
