import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { basename, join, posix, relative } from "node:path";
import { z } from "zod";

/** One line of a container file: `COPY`, and what stands behind it. */
interface Step {
  readonly word: string;
  readonly rest: string;
}

/** A container file up to its end, its stages in order. */
interface Stage {
  readonly from: string;
  readonly name: string;
  readonly steps: readonly Step[];
}

/** What an engine would start, its folders standing below `root`. */
export interface Image {
  readonly root: string;
  readonly command: readonly string[];
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly user: string | undefined;
  readonly volumes: readonly string[];
  readonly stopSignal: NodeJS.Signals;
}

export function stagesIn(text: string): readonly Stage[] {
  const steps = text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line): Step => {
      const [, word, rest] = /^([A-Z]+) (.*[^\\])$/.exec(line) ?? [];
      if (word === undefined || rest === undefined) throw new Error(`this reader does not understand the line ${line}`);
      return { word, rest };
    });
  const stages: { from: string; name: string; steps: Step[] }[] = [];
  for (const step of steps) {
    const [, from, name = ""] = step.word === "FROM" ? (/^(\S+)(?: AS (\w+))?$/.exec(step.rest) ?? []) : [];
    if (from !== undefined) stages.push({ from, name, steps: [] });
    else stages.at(-1)?.steps.push(step);
  }
  return stages;
}

export interface Copy {
  readonly from: string | undefined;
  readonly sources: readonly string[];
  readonly to: string;
}

export function copyOf(rest: string): Copy {
  const words = rest.split(" ");
  const [, from] = /^--from=(\w+)$/.exec(words[0] ?? "") ?? [];
  const paths = from === undefined ? words : words.slice(1);
  if (paths.some((path) => path.startsWith("--"))) throw new Error(`this reader does not understand COPY ${rest}`);
  return { from, sources: paths.slice(0, -1), to: paths.at(-1) ?? "." };
}

const commandSchema = z.array(z.string()).min(1);

/**
 * Does what the steps of `start/Containerfile` say, in folders instead of an engine: copies what they copy, and what
 * `npm ci --omit=dev` would install, from what is installed here.
 *
 * @param context Placard's folder: its files that git knows, of which `.dockerignore` lets some through
 * @param into an empty folder
 * @throws Error as an engine does for a file that is not there, and for a step that it cannot do
 */
export function builtIn(text: string, context: string, into: string): Image {
  const roots = new Map<string, string>();
  const ignored = ignoring(readFileSync(join(context, ".dockerignore"), "utf8"));
  let image: Image | undefined;
  for (const [number, stage] of stagesIn(text).entries()) {
    const root = join(into, `stage-${number}`);
    roots.set(stage.name, root);
    let workingDirectory = "/";
    const facts = { environment: {} as Record<string, string>, user: undefined as string | undefined };
    const volumes: string[] = [];
    let command: readonly string[] = [];
    let stopSignal: NodeJS.Signals = "SIGTERM";
    const here = (path: string) => join(root, posix.resolve(workingDirectory, path));
    for (const { word, rest } of stage.steps) {
      switch (word) {
        case "WORKDIR":
          workingDirectory = rest;
          mkdirSync(here("."), { recursive: true });
          break;
        case "COPY":
          copied(copyOf(rest), { here, context, ignored, rootOf: (name) => roots.get(name) });
          break;
        case "RUN":
          ran(rest, { here, context });
          break;
        case "ENV":
          for (const pair of rest.split(" ")) {
            const [name = "", value = ""] = pair.split("=");
            facts.environment[name] = value;
          }
          break;
        case "USER":
          facts.user = rest;
          break;
        case "VOLUME":
          volumes.push(rest);
          break;
        case "STOPSIGNAL":
          stopSignal = rest as NodeJS.Signals;
          break;
        case "CMD":
          command = commandSchema.parse(JSON.parse(rest));
          break;
        case "EXPOSE":
          break;
        default:
          throw new Error(`this reader does not understand ${word}`);
      }
    }
    image = { root, command, workingDirectory: here("."), volumes, stopSignal, ...facts };
  }
  if (image === undefined) throw new Error("nothing is built");
  return image;
}

interface Places {
  readonly here: (path: string) => string;
  readonly context: string;
}

function copied(
  { from, sources, to }: Copy,
  places: Places & {
    readonly ignored: (path: string) => boolean;
    readonly rootOf: (stage: string) => string | undefined;
  },
): void {
  for (const source of sources) {
    const root = from === undefined ? places.context : places.rootOf(from);
    if (root === undefined) throw new Error(`there is no stage ${from}`);
    const path = join(root, source);
    if (!existsSync(path) || (from === undefined && places.ignored(source)))
      throw new Error(`COPY: ${source} is not there`);
    const target = statSync(path).isDirectory() ? places.here(to) : join(places.here(to), basename(source));
    if (from === undefined) cpSync(path, target, { recursive: true });
    else linked(path, target);
  }
}

/** Nobody changes these files, and there are many. */
function linked(from: string, to: string, wanted: (path: string) => boolean = () => true): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (!wanted(source)) continue;
    if (entry.isDirectory()) linked(source, target, wanted);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else linkOrCopy(source, target);
  }
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    // Another disk.
    copyFileSync(from, to);
  }
}

function ran(command: string, { here, context }: Places): void {
  const [, folder] = /^mkdir (\/\w+) && chown node:node \1$/.exec(command) ?? [];
  if (folder !== undefined) mkdirSync(here(folder));
  else if (command === "npm ci --omit=dev") installed(here("."), join(context, "node_modules"));
  else if (command.startsWith("node "))
    execFileSync(process.execPath, command.split(" ").slice(1), { cwd: here("."), stdio: "pipe" });
  else throw new Error(`this reader does not know how to do ${command}`);
}

const lockSchema = z.object({ packages: z.record(z.string(), z.object({ dev: z.boolean().optional() })) });

/** The packages that the lock file does not mark as wanted by developers only, as far as this system has them. */
function installed(folder: string, from: string): void {
  const { packages } = lockSchema.parse(JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8")));
  const beside = [".bin", ".cache", ".vite", ".vite-temp", ".vitest-cache"].map((name) => join(from, name));
  linked(from, join(folder, "node_modules"), (path) => {
    const name = posix.join("node_modules", relative(from, path));
    return packages[name]?.dev !== true && !beside.includes(path);
  });
}

/** `*`, and each `!name` that is let through all the same. */
export function ignoring(text: string): (path: string) => boolean {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const open = lines.filter((line) => line.startsWith("!")).map((line) => line.slice(1));
  if (lines[0] !== "*" || open.length !== lines.length - 1)
    throw new Error(".dockerignore has to begin with * and let through what is named");
  return (path) => !open.some((name) => path === name || path.startsWith(`${name}/`));
}
