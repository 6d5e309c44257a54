import { expect, it } from "vitest";
import { dangerIn, parseForeignJson } from "../../src/lib/foreign-json.ts";

const deep = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;

it.each([
  ["a name that every object has", '{"__proto__":1}'],
  ["the same, deep in a list", '[[{"a":[{"__proto__":{"x":1}}]}]]'],
  ["the same, by escapes", String.raw`{"\u005f\u005fproto__":{"x":1}}`],
  ["the way by the constructor", '{"a":{"constructor":{"prototype":{"x":1}}}}'],
  ["the same, by escapes", String.raw`{"c\u006fnstructor":{"prototyp\u0065":1}}`],
  ["what is nested too deeply", deep(202)],
  ["what overflows a stack", deep(100_000)],
  ["more values than anybody needs", `[${"[],".repeat(250_001)}0]`],
  ["what is not JSON", "{nonsense"],
])("refuses %s", (_why, text) => expect(() => parseForeignJson(text)).toThrow(SyntaxError));

it.each([
  ["the names as values", '["__proto__","constructor","prototype"]'],
  ["an honest constructor", '{"constructor":"Mercedes","prototype":{"of":"a car"}}'],
  ["a constructor that is null", '{"constructor":null}'],
  ["many levels", deep(200)],
  ["a number alone", "7"],
  ["a picture in base64", `"${"QUJD".repeat(200_000)}"`],
])("takes %s", (_why, text) => expect(parseForeignJson(text)).toEqual(JSON.parse(text)));

it("looks at a value that somebody else has parsed", () => {
  expect(dangerIn(JSON.parse('{"a":[{"__proto__":1}]}'))).toBeDefined();
  expect(dangerIn({ a: [{ b: undefined }, null, 7] })).toBeUndefined();
});
