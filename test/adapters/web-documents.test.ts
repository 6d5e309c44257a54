import { describe, expect, it, onTestFinished } from "vitest";
import { rangeIn } from "../../adapters/web/range.ts";
import type { WebAdapter } from "../../adapters/web.ts";
import type { ChatEvents } from "../../src/ports/chat.ts";
import { ask, NotingCore } from "./web-client.ts";
import { freshFolder, webIn } from "./web-world.ts";

const CODE = "a long enough code";
const BYTES = Buffer.from("0123456789abcdefghij");
const [ID, SIGNATURE] = ["d".repeat(16), "f".repeat(32)];
const NAME = 'Mieter"versammlung\r\n 12. Mai – Rent strike.pdf';

/** One document, for members and behind one link. */
class DocumentCore extends NotingCore {
  override documentFile: ChatEvents["documentFile"] = async (documentId, signature = SIGNATURE) =>
    documentId === ID && signature === SIGNATURE
      ? {
          name: NAME,
          mime: "application/pdf",
          sizeBytes: BYTES.length,
          read: (from, to) => new Blob([BYTES.subarray(from, to + 1)]).stream(),
        }
      : undefined;
}

async function started(): Promise<WebAdapter> {
  const web = webIn(freshFolder(), { WEB_TOKEN: CODE });
  onTestFinished(() => web.stop());
  await web.start([], new DocumentCore());
  return web;
}
const bodyOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer()).toString();

describe("a document", () => {
  it("is had by its link from anywhere, without the access code, as a file that no browser opens", async () => {
    const web = await started();
    const answer = await ask(web, `/document/${ID}/${SIGNATURE}`, { headers: { "sec-fetch-site": "cross-site" } });
    expect([answer.status, await bodyOf(answer)]).toEqual([200, BYTES.toString()]);
    const header = (name: string) => answer.headers.get(name) ?? "";
    expect(header("content-type")).toBe("application/pdf");
    expect(header("content-length")).toBe("20");
    expect(header("x-content-type-options")).toBe("nosniff");
    expect(header("cache-control")).toBe("no-store");
    expect(header("content-security-policy")).toContain("sandbox");
    expect(header("content-disposition")).toBe(
      `attachment; filename="Mieter_versammlung__ 12. Mai _ Rent strike.pdf"; filename*=UTF-8''Mieter%22versammlung%0D%0A%2012.%20Mai%20%E2%80%93%20Rent%20strike.pdf`,
    );
  });

  it("goes on where a download broke off", async () => {
    const web = await started();
    const part = (range: string) => ask(web, `/document/${ID}/${SIGNATURE}`, { headers: { range } });
    const middle = await part("bytes=5-9");
    expect([middle.status, middle.headers.get("content-range"), await bodyOf(middle)]).toEqual([
      206,
      "bytes 5-9/20",
      "56789",
    ]);
    expect(await bodyOf(await part("bytes=15-"))).toBe("fghij");
    const past = await part("bytes=20-");
    expect([past.status, past.headers.get("content-range")]).toEqual([416, "bytes */20"]);
    const head = await ask(web, `/document/${ID}/${SIGNATURE}`, { method: "HEAD" });
    expect([head.status, head.headers.get("accept-ranges"), await bodyOf(head)]).toEqual([200, "bytes", ""]);
  });

  it.each([
    ["a forged signature", `/document/${ID}/${"0".repeat(32)}`],
    ["another document", `/document/${"e".repeat(16)}/${SIGNATURE}`],
    ["half of a link", `/document/${ID}`],
    ["a path", `/document/..%2f..%2fetc/${SIGNATURE}`],
  ])("is not there by %s", async (_what, path) => {
    const answer = await ask(await started(), path);
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain(BYTES.toString());
  });

  it("is told in words by a link that has ended", async () => {
    const answer = await ask(await started(), `/document/${ID}/${"0".repeat(32)}`, {
      headers: { "accept-language": "de" },
    });
    expect(await answer.text()).toContain("der Link ist abgelaufen");
    expect(answer.headers.get("content-type")).toContain("text/plain");
  });

  it("of the chat is for those who have the access code", async () => {
    const web = await started();
    const without = await ask(web, `/media/document/${ID}`);
    expect(without.status).toBe(401);
    const admitted = await ask(web, "/api/access", { body: { code: CODE } });
    const cookie = (admitted.headers.get("set-cookie") ?? "").split(";")[0];
    expect(await bodyOf(await ask(web, `/media/document/${ID}`, { headers: { cookie } }))).toBe(BYTES.toString());
    const posted = await ask(web, `/document/${ID}/${SIGNATURE}`, { body: {} });
    expect(posted.status).toBe(401);
  });
});

describe("a range of bytes", () => {
  it.each([
    [undefined, undefined],
    ["bytes=0-", { from: 0, to: 19 }],
    ["bytes=0-0", { from: 0, to: 0 }],
    ["bytes=3-99999", { from: 3, to: 19 }],
    ["bytes=-5", { from: 15, to: 19 }],
    ["bytes=-99", { from: 0, to: 19 }],
    ["bytes=-0", "none"],
    ["bytes=20-", "none"],
    ["bytes=9-3", undefined],
    ["bytes=0-1,4-5", undefined],
    ["items=0-5", undefined],
    ["bytes=-", undefined],
    [`bytes=${"9".repeat(400)}-`, undefined],
  ] as const)("%s", (header, range) => expect(rangeIn(header, 20)).toEqual(range));
});
