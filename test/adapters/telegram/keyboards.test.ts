import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  choicesKeyOf,
  decodeOwn,
  encodeOwn,
  inRows,
  keyboardOf,
  type OwnPress,
  tokenIn,
} from "../../../adapters/telegram/keyboard.ts";
import { rendered } from "../../../adapters/telegram/render.ts";
import { buttonKeyOf, encodePress } from "../../../src/domain/press-token.ts";

const KEY = buttonKeyOf(Buffer.alloc(32, 7));
const TOKEN = "1.reroll.abcdefghijklmnop.0.AAAAAAAAAAA";
describe("keyboards", () => {
  const button = (label: string) => ({ text: label, callback_data: label });

  it.each([
    [["1", "2", "3", "4"], [4]],
    [
      ["Reroll", "Lock seed", "Vary subtle", "Vary strong"],
      [2, 2],
    ],
    [
      ["Edit", "Info", "Original", "Delete"],
      [2, 2],
    ],
    [
      ["a".repeat(24), "b".repeat(24)],
      [1, 1],
    ],
    [[], []],
  ])("%j in rows of %j", (labels, rows) => {
    expect(inRows(labels.map(button)).map((row) => row.length)).toEqual(rows);
  });

  it("a file that is too large for a message is a link", () => {
    const href = "https://example.org/document/d/f";
    const file = { key: "document/d", name: "March.zip", title: "Download" };
    expect(keyboardOf({ text: "x", file: { ...file, href } })?.inline_keyboard).toEqual([
      [{ text: "Download", url: href }],
    ]);
    expect(rendered({ text: "x", file: { ...file, href } }).media).toBeUndefined();
    expect(keyboardOf({ text: "x", file })).toBeUndefined();
  });

  it("tones become styles, lists one button each", () => {
    const keyboard = keyboardOf({
      text: "x",
      selects: [{ label: "Style", token: TOKEN, choices: [{ value: "a", label: "A" }], chosen: "a" }],
      buttons: [[{ label: "Delete", token: TOKEN, tone: "danger" }]],
    });
    expect(keyboard?.inline_keyboard).toEqual([
      [
        {
          text: "Style: A ▾",
          callback_data: expect.stringMatching(/^1\.reroll\.abcdefghijklmnop\.0\.A{11}\?[\w-]{11}$/),
        },
      ],
      [{ text: "Delete", callback_data: TOKEN, style: "danger" }],
    ]);
  });

  it.each([
    [TOKEN, { token: TOKEN }],
    [`${TOKEN}=chalk`, { token: TOKEN, choice: "chalk" }],
    [`${TOKEN}=`, { token: TOKEN, choice: "" }],
    [`${TOKEN}?abcdefghijk`, { token: TOKEN, opens: "abcdefghijk" }],
    ["made up", { token: "made up" }],
  ])("%s says %j", (data, said) => expect(tokenIn(data)).toEqual(said));

  it("the longest token with the longest choice fits into 64 bytes", () => {
    const subject = { jobId: "j".repeat(16), pictures: "all" } as const;
    const token = encodePress(KEY, { verb: "v".repeat(8), subject, arg: {} });
    expect(Buffer.byteLength(`${token}=${"c".repeat(20)}`)).toBeLessThanOrEqual(64);
    const key = choicesKeyOf({ label: "x", token, choices: [] });
    expect(Buffer.byteLength(`${token}?${key}`)).toBeLessThanOrEqual(64);
  });

  it("a token of the core's with arguments comes back whole, alone, with a choice and with a list", () => {
    const token = encodePress(KEY, { verb: "more", subject: "chat", arg: { whose: "mine", to: "newest" } });
    expect(tokenIn(token)).toEqual({ token });
    expect(tokenIn(`${token}=rca`)).toEqual({ token, choice: "rca" });
    expect(tokenIn(`${token}?abc`)).toEqual({ token, opens: "abc" });
  });

  it("our own presses come back as they went out, or do not go out at all", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,31}$/);
    const presses: fc.Arbitrary<OwnPress> = fc.oneof(
      fc.record({ kind: fc.constant("run" as const), line: name.map((each) => `/${each} 12`) }),
      fc.record({ kind: fc.constant("ask" as const), commandName: name }),
      fc.record({
        kind: fc.constant("form" as const),
        formId: fc.stringMatching(/^[A-Za-z0-9_-]{8}$/),
        step: fc.stringMatching(/^[fco][0-9]{1,2}\.[0-9]{1,2}$/),
      }),
    );
    fc.assert(
      fc.property(presses, (press) => {
        const data = encodeOwn(press);
        expect(data).toBeDefined();
        expect(Buffer.byteLength(data ?? "")).toBeLessThanOrEqual(64);
        expect(decodeOwn(data ?? "")).toEqual(press);
      }),
    );
    expect(encodeOwn({ kind: "run", line: `/rca ${"é".repeat(30)}` })).toBeUndefined();
  });

  it("nothing else is taken for one of them", () => {
    fc.assert(fc.property(fc.string(), (data) => data.startsWith("t:") || decodeOwn(data) === undefined));
    for (const data of [TOKEN, "t:", "t:run:", "t:run:rca", "t:ask:A", "t:form:short:s", "t:form:abcdefgh:S!"])
      expect(decodeOwn(data), data).toBeUndefined();
  });

  it.each([
    ["a command that waits for words asks", "/rca ", { callback_data: "t:ask:rca" }],
    ["a finished one runs", "/guide local-gpu", { callback_data: "t:run:/guide local-gpu" }],
    ["one too long for a button is copied", `/x ${"y".repeat(60)}`, { copy_text: { text: `/x ${"y".repeat(60)}` } }],
  ])("a tile: %s", (_why, fill, expected) => {
    expect(keyboardOf({ text: "x", tiles: [{ title: "T", text: "t", fill }] })?.inline_keyboard[0]?.[0]).toMatchObject(
      expected,
    );
  });

  it("a tile whose command draws is copied: a tap spends nothing", () => {
    const tile = { title: "T", text: "t", fill: "/rca fox", fillDraws: true } as const;
    expect(keyboardOf({ text: "x", tiles: [tile] })?.inline_keyboard).toEqual([
      [{ text: "T ⧉", copy_text: { text: "/rca fox" } }],
    ]);
  });

  it("a tile whose prompt is too long to copy has no button", () => {
    expect(
      keyboardOf({ text: "x", tiles: [{ title: "T", text: "t", fill: `/rca ${"x".repeat(300)}` }] }),
    ).toBeUndefined();
  });
});
