import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { read } from "./pages.ts";

const root = new URL("../../..", import.meta.url).pathname;
const PAGE = read("docs/security.md");

/** A row of a table of rules: what it names in the code, and the tests by their file. */
function rowsOf(text: string) {
  const rules = text.slice(text.indexOf("## The rules"));
  return (
    rules
      .split("\n")
      // Three cells: tables of what was measured have more.
      .filter((line) => /^\| (?!rule \|)/.test(line) && line.replaceAll(/`[^`]*`/g, "").split("|").length === 5)
      .map((line) => {
        const [rule = "", code = "", tests = ""] = line
          .split("|")
          .slice(1)
          .map((cell) => cell.trim());
        return { rule, code: pathsIn(code), tests: [...tests.matchAll(/`(test\/[^`]+)`: ([^`]+)/g)].map(testsIn) };
      })
  );
}

const pathsIn = (text: string): readonly string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, path = ""]) => path);
const testsIn = ([, file = "", names = ""]: RegExpMatchArray) => ({
  file,
  names: [...names.matchAll(/“((?:[^“”]|“[^”]*”)+)”/g)].map(([, name = ""]) => name),
});

/** What a page names that is not there, and rules without a test. */
function lost(text: string, source: (path: string) => string | undefined): readonly string[] {
  return rowsOf(text).flatMap(({ rule, code, tests }) => [
    ...(code.length > 0 ? [] : [`no code: ${rule}`]),
    ...(tests.length > 0 && tests.every(({ names }) => names.length > 0) ? [] : [`no test: ${rule}`]),
    ...code.filter((path) => source(path) === undefined),
    ...tests.flatMap(({ file, names }) => {
      const there = source(file);
      return there === undefined
        ? [file]
        : names.filter((name) => !there.includes(name)).map((name) => `${file}: ${name}`);
    }),
  ]);
}

const sourceOf = (path: string) => (existsSync(join(root, path)) ? read(path) : undefined);

it("every rule of docs/security.md has code and tests that are there", () => {
  expect(rowsOf(PAGE).length).toBeGreaterThan(40);
  expect(lost(PAGE, sourceOf)).toEqual([]);
});

it("every test file the page names is there", () => {
  const named = [...PAGE.matchAll(/\btest\/[\w./-]+\.ts\b/g)].map(([path]) => path);
  expect(named.length).toBeGreaterThan(50);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

it.each([
  ["a file that is not there", "| r | `src/a.ts` | `test/no.ts`: “x” |", ["test/no.ts"]],
  ["a test of another name", "| r | `src/a.ts` | `test/a.ts`: “x”, “y” |", ["test/a.ts: y"]],
  ["code that is not there", "| r | `src/no.ts` | `test/a.ts`: “x” |", ["src/no.ts"]],
  ["a rule without a test", "| r | `src/a.ts` | later |", ["no test: r"]],
  ["a rule whose test has no name", "| r | `src/a.ts` | `test/a.ts`: |", ["no test: r"]],
  ["a rule without code", "| r | here | `test/a.ts`: “x” |", ["no code: r"]],
  ["nothing where all is there", "| rule | code | test |\n|---|---|---|\n| r | `src/a.ts` | `test/a.ts`: “x” |", []],
])("would find %s", (_what, table, found) => {
  const there: Readonly<Record<string, string>> = { "src/a.ts": "", "test/a.ts": 'it("x", () => {})' };
  expect(lost(`## The rules\n${table}`, (path) => there[path])).toEqual(found);
});
