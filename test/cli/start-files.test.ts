import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";

const root = new URL("../..", import.meta.url).pathname;
const RUN_MAX_MS = 20_000;

const command = readFileSync(join(root, "start.command"), "utf8");
const batch = readFileSync(join(root, "start.cmd"), "latin1");

/** A fresh copy of Placard's folder, with programs of the given names that write down how they were called. */
function copyOf(programs: Readonly<Record<string, string>>) {
  const base = mkdtempSync(join(tmpdir(), "placard-start-"));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const [folder, bin] = [join(base, "my placard"), join(base, "bin")];
  for (const made of [folder, bin]) mkdirSync(made);
  copyFileSync(join(root, "start.command"), join(folder, "start.command"));
  writeFileSync(join(folder, "package-lock.json"), "version 1");
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/bash\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return {
    folder,
    /** From another folder, as a double click does. */
    open() {
      const { status, stdout } = spawnSync("/bin/bash", [join(folder, "start.command")], {
        cwd: base,
        env: { PATH: programs["node"] === undefined ? bin : `${bin}:/usr/bin:/bin`, HERE: folder },
        input: "\n",
        encoding: "utf8",
        timeout: RUN_MAX_MS,
      });
      return { status, lines: stdout.split("\n").filter((line) => line !== "") };
    },
  };
}

/** As npm ci does: it begins by taking the old folder away. */
const NPM = 'echo "npm $*"; if [ "$1" = ci ]; then rm -rf node_modules; mkdir node_modules; fi; test "$PWD" = "$HERE"';
const FETCHING = "Fetching what Placard needs. This takes a minute or two, once for each version.";

describe("start.command", () => {
  it("installs once, starts, and installs again after a new version was unpacked over it", () => {
    const placard = copyOf({ node: "exit 0", npm: NPM });
    expect(placard.open()).toEqual({ status: 0, lines: [FETCHING, "npm ci", "npm start"] });
    expect(placard.open()).toEqual({ status: 0, lines: ["npm start"] });
    writeFileSync(join(placard.folder, "package-lock.json"), "version 2");
    expect(placard.open()).toEqual({ status: 0, lines: [FETCHING, "npm ci", "npm start"] });
  });
  it("installs again where the last time did not end well", () => {
    const placard = copyOf({ node: "exit 0", npm: 'echo "npm $*"; mkdir -p node_modules; false' });
    const failed = {
      status: 1,
      lines: [FETCHING, "npm ci", "Placard could not be installed. The lines above say why."],
    };
    expect(placard.open()).toEqual(failed);
    expect(placard.open()).toEqual(failed);
  });
  it("says that Placard has stopped, and waits for somebody to read it", () => {
    const placard = copyOf({ node: "exit 0", npm: `${NPM}; test "$1" = ci` });
    const { status, lines } = placard.open();
    expect({ status, last: lines.at(-1) }).toEqual({
      status: 1,
      last: "Placard has stopped. The lines above say why.",
    });
  });
  it.each([
    [
      "is missing",
      { dirname: '/usr/bin/dirname "$@"' },
      "Placard needs Node.js, a free program, and it is not on this computer yet.",
    ],
    ["is too old", { node: "exit 1" }, "Placard needs a newer Node.js than the one on this computer."],
  ] as const)("says where to get Node.js where it %s, and runs nothing", (_why, programs, sentence) => {
    const { status, lines } = copyOf({ ...programs, npm: 'echo "npm $*"' }).open();
    expect(status).toBe(1);
    expect(lines).toEqual([
      sentence,
      "Get it at https://nodejs.org : take version 24, the one marked LTS, and install it.",
      "Then double-click this file again.",
    ]);
  });
  it("may be run", () => expect(statSync(join(root, "start.command")).mode & 0o111).toBe(0o111));
});

describe("start.cmd", () => {
  it("has Windows' line ends and plain letters only: its interpreter loses its place in others", () => {
    expect(batch.match(/\r\n/g)?.length).toBeGreaterThan(20);
    expect(batch.replaceAll("\r\n", "")).not.toMatch(/[^\x20-\x7e]/);
  });
  it("goes to no label that is not there, and ends each part that is not to run into the next", () => {
    const labels = new Set([...batch.matchAll(/^:(\w+)\r$/gm)].map(([, label]) => label));
    const wanted = [...batch.matchAll(/\bgoto (\w+)/g)].map(([, label]) => label);
    expect(wanted.length).toBeGreaterThan(5);
    expect(wanted.filter((label) => !labels.has(label))).toEqual([]);
    for (const label of ["nonode", "failed"]) expect(batch).toMatch(new RegExp(`exit /b \\d\r\n\r\n:${label}\r\n`));
  });
  it("comes back from npm, which is a batch file too", () => {
    expect(batch.split("\r\n").filter((line) => /\bnpm /.test(line))).toEqual([
      "call npm ci || goto failed",
      "call npm start || goto failed",
    ]);
  });
  it("says what start.command says", () => {
    const said = (text: string) =>
      [...text.matchAll(/(?:Get it|Then double|Fetching|Placard needs)[^"\r\n]*/g)].map(([words]) => words);
    expect(said(batch).length).toBe(5);
    expect(said(batch).toSorted()).toEqual(said(command).toSorted());
  });
});

describe("the age of Node.js", () => {
  const questionIn = (text: string) => /node -e "([^"]+)"/.exec(text)?.[1] ?? "";
  it.each([
    ["18.20.4", 1],
    ["20.0.0", 0],
    ["24.21.0", 0],
    ["100.0.0", 0],
  ])("of %s is answered with %i", (version, status) => {
    expect(questionIn(batch)).toBe(questionIn(command));
    const told = `Object.defineProperty(process.versions, "node", { value: "${version}" });`;
    expect(spawnSync(process.execPath, ["-e", told + questionIn(command)]).status).toBe(status);
  });
});
