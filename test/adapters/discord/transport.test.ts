import { expect, it, onTestFinished } from "vitest";
import { createTransport } from "../../../adapters/discord/transport.ts";
import { openFakeServer } from "../../fakes/http-server.ts";

async function answered(text: string): Promise<unknown> {
  const server = await openFakeServer([{ method: "GET", path: "/it", exchange: "it", handle: () => ({ text }) }]);
  onTestFinished(() => server.close());
  const response = await createTransport()(`${server.url}/it`, { method: "GET", headers: {} });
  return response.json();
}
const large = (mb: number) => `{"name":"${"x".repeat(mb * 1024 * 1024)}"}`;

it.each([
  ["one that reaches out", String.raw`{"id":"7","\u005f_proto__":{"polluted":1}}`],
  ["one that never ends", large(17)],
])("an answer of Discord is refused: %s", async (_why, text) => {
  await expect(answered(text)).rejects.toThrow();
});

it.each([
  ["an honest one", '{"id":"7"}', { id: "7" }],
  ["a long one", large(15), { name: expect.any(String) }],
])("an answer of Discord is taken: %s", async (_why, text, value) => expect(await answered(text)).toMatchObject(value));
