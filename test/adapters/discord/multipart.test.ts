import { expect, it } from "vitest";
import { Multipart } from "../../../adapters/discord/multipart.ts";

/** As the platform's own parser reads it. */
const read = (form: Multipart): Promise<FormData> =>
  new Response(Buffer.concat(form.pieces), { headers: { "content-type": form.contentType } }).formData();

it("says what it holds, as any parser reads it", async () => {
  const files = [
    { name: "a.png", data: new Uint8Array([0, 13, 10, 45, 45, 255]), contentType: "image/png" },
    { name: "SPOILER_b.webp", data: new Uint8Array(), contentType: "image/webp" },
  ];
  const form = new Multipart({ content: "Füchse, 狐" }, files);
  const fields = await read(form);
  expect([...fields.keys()]).toEqual(["payload_json", "files[0]", "files[1]"]);
  for (const [at, { name, data, contentType }] of files.entries()) {
    const file = fields.get(`files[${at}]`);
    if (!(file instanceof File)) throw new Error("no file");
    expect([file.name, file.type]).toEqual([name, contentType]);
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(data);
  }
  const json = fields.get("payload_json");
  expect(JSON.parse(typeof json === "string" ? json : ((await json?.text()) ?? ""))).toEqual({ content: "Füchse, 狐" });
  expect(form.lengthBytes).toBe(Buffer.concat(form.pieces).length);
});

it("sends the bytes as they lie in memory, as often as it is asked to", () => {
  const data = new Uint8Array(1000);
  const { pieces } = new Multipart({}, [{ name: "a.png", data, contentType: "image/png" }]);
  expect(pieces.some((piece) => piece === data)).toBe(true);
  expect(Buffer.concat(pieces).equals(Buffer.concat(pieces))).toBe(true);
});

it("lets no name out of its quotes", async () => {
  const name = 'a".png\r\ncontent-type: text/html\r\n\r\n<script>';
  const fields = await read(new Multipart({}, [{ name, data: new Uint8Array(3), contentType: "image/png" }]));
  expect([...fields.keys()]).toEqual(["payload_json", "files[0]"]);
  const file = fields.get("files[0]");
  expect(file instanceof File && file.type).toBe("image/png");
});
