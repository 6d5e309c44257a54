import { expect, it } from "vitest";
import { serverAddress } from "../../../src/backends/shared/address.ts";

const read = (text: string) => serverAddress("http://127.0.0.1:7860").safeParse(text);

it.each([
  ["as it is", "http://10.0.0.5:7860", "http://10.0.0.5:7860", {}],
  ["without the slash at its end", "https://gpu.example/web/", "https://gpu.example/web", {}],
  ["without query and fragment", "http://a:1/x?token=1#y", "http://a:1/x", {}],
  ["in any case", "HTTP://Host:7860", "http://host:7860", {}],
  [
    "with its sign-in as a header",
    "http://ana:p%40ss@host:7860",
    "http://host:7860",
    { authorization: `Basic ${Buffer.from("ana:p@ss").toString("base64")}` },
  ],
  [
    "with a lone % in its password",
    "http://ana:100%sure@host:7860",
    "http://host:7860",
    { authorization: `Basic ${Buffer.from("ana:100%sure").toString("base64")}` },
  ],
])("takes an address %s", (_why, text, url, headers) => expect(read(text).data).toEqual({ url, headers }));

it.each(["host:7860", "ftp://host", "http://", "http:// canary", ""])("refuses %j without repeating it", (text) => {
  const { error } = read(text);
  expect(error?.issues[0]?.message).toBe("must start with http:// or https://, e.g. http://127.0.0.1:7860");
});
