import { expect, it } from "vitest";
import { SIZE_PRESETS, sizeOf } from "../../src/domain/size.ts";
import { english } from "../words.ts";

it.each(SIZE_PRESETS)("$name is a size that requests take", ({ name, widthPx, heightPx }) => {
  expect(sizeOf(name.toUpperCase())).toEqual({ ok: true, value: { widthPx, heightPx } });
  expect(sizeOf(`${widthPx}x${heightPx}`)).toMatchObject({ ok: true });
});
it.each([
  ["256×1536", { ok: true, value: { widthPx: 256, heightPx: 1536 } }],
  ["192x256", { ok: false }],
  ["256x1600", { ok: false }],
  ["832x1217", { ok: false, problem: { text: expect.stringContaining("832x1216") } }],
  ["huge", { ok: false, problem: { text: expect.stringContaining("poster") } }],
  ["__proto__", { ok: false }],
])("%s", (text, expected) => expect(english(sizeOf(text))).toMatchObject(expected));
