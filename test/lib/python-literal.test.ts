import { describe, expect, it } from "vitest";
import { textOfFile } from "../../src/lib/file-text.ts";
import { pythonLiteralsIn } from "../../src/lib/python-literal.ts";

describe("a list in a Python program", () => {
  it("is read without being run", () => {
    const program = `import os  # [1]
SIZE: int = 4
LORAS = [
    # The first one's comment, with a [bracket
    {"title": 'Ink "wash"', 'repo': "o/" "ink", "weights": None, "on": True, "off": False, },
    {"title": "Tall\\u0020one\\n", "image": os.path.join("a", "b]"), "scale": 1_0.5e-1, "tuple": ("a",), "group": ("a" "b")},
    dict(title="Called"),
    {"title": f"{x}", "raw": r"\\d", "long": """two
lines""", **more},
]
for each in LORAS: print(each)
SECOND = {'a': [1, -2,],}
`;
    expect(pythonLiteralsIn(program)).toEqual([
      [
        { title: 'Ink "wash"', repo: "o/ink", weights: null, on: true, off: false },
        { title: "Tall one\n", image: undefined, scale: 1.05, tuple: ["a"], group: "ab" },
        undefined,
        { title: undefined, raw: "\\d", long: "two\nlines" },
      ],
      { a: [1, -2] },
    ]);
  });
  it.each([
    ["{'a': 1,} # end", [{ a: 1 }]],
    ["[1, 2 // three\n]", [[1, 2]]],
    ["LORAS = [1, 2", []],
    ["LORAS = ['a", []],
    ["print([1])", []],
    ["", []],
    ["{'__proto__': {'x': 1}, 'constructor': 2, 'a': 3}", [{ a: 3 }]],
    [`A = ${"[".repeat(100)}${"]".repeat(100)}`, []],
  ])("%j gives %j", (text, values) => expect(pythonLiteralsIn(text)).toEqual(values));
});

it.each(["utf8", "utf16le", "utf16be"] as const)("the text of a file in %s, with and without a mark", (encoding) => {
  const text = '[{"title":"Ínk 墨"}]';
  for (const mark of ["", "\ufeff"]) {
    const bytes = Buffer.from(mark + text, encoding === "utf16be" ? "utf16le" : encoding);
    expect(textOfFile(encoding === "utf16be" ? bytes.swap16() : bytes)).toBe(text);
  }
});
