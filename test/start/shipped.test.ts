import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { mayBeInFile } from "../../src/app/secret-files.ts";
import { ROLES } from "../../src/domain/role.ts";
import { START_WORDS } from "../start-command.ts";
import { builtFrom, composeWith } from "./compose-file.ts";
import { copyOf, ignoring, stagesIn } from "./container-file.ts";
import { plistIn } from "./plist.ts";
import { settingsIn, unitAs } from "./unit-file.ts";

const root = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const SETTINGS = new Set([...read(".env.example").matchAll(/^(\w+)=/gm)].map(([, name = ""]) => name));
/** What the program takes at most, after which it ends itself. */
const LATEST_STOP_MS = Number(/LATEST_STOP_MS = (\d+);/.exec(read("src/main.ts"))?.[1]);

const compose = (env: string) => {
  const folder = mkdtempSync(join(tmpdir(), "placard-compose-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, ".env"), env);
  return composeWith(join(folder, ".env"));
};
const ENOUGH = "POSTGRES_PASSWORD=letters2and3digits\nWEB_TOKEN=our-secret-word\n";

describe("start/systemd/placard@.service", () => {
  const unit = unitAs("placard@.service", "worker", {});

  test("starts what npm start does, with the Node that npm ci brings", () => {
    expect(unit.exec).toEqual(["/opt/placard/node_modules/node/bin/node", ...START_WORDS]);
    expect(existsSync(join(root, unit.exec[0]?.replace("/opt/placard/", "") ?? ""))).toBe(true);
  });
  test("gives it the role behind the @, a folder of its own, and time to stop", () => {
    expect(unit.environment["ROLE"]).toBe("worker");
    expect(unit.folders).toContain("/var/lib/placard");
    expect(unit.stopWithinMs).toBeGreaterThan(LATEST_STOP_MS);
    const ours = Object.keys(unit.environment).filter((name) => !/^(?:NODE_|PATH$|LANG$)/.test(name));
    expect(ours.filter((name) => !SETTINGS.has(name))).toEqual([]);
  });
  test("names every role in its head", () => {
    const head = read("start/systemd/placard@.service").split("[Unit]")[0] ?? "";
    expect([...head.matchAll(/placard@(\w+)/g)].map(([, role]) => role)).toEqual([...ROLES]);
  });
  test("has no secret in it: those are in .env, which Placard reads itself", () => {
    expect(Object.keys(unit.environment).filter((name) => /TOKEN|PASSWORD|DATABASE|KEY/.test(name))).toEqual([]);
    expect(unit.workingDirectory).toBe("/opt/placard");
  });
  test("says how a token comes from a file: both lines, once the # is away, are about the same setting", () => {
    const lines = read("start/systemd/placard@.service").match(/(?<=^#)(?:LoadCredential|Environment)=.*/gm) ?? [];
    expect(lines.map((line) => line.replaceAll(/(\w+):/g, "$1 "))).toEqual([
      "LoadCredential=DISCORD_TOKEN /etc/placard/DISCORD_TOKEN",
      "Environment=DISCORD_TOKEN_FILE=%d/DISCORD_TOKEN",
    ]);
    expect(SETTINGS.has("DISCORD_TOKEN") && mayBeInFile("DISCORD_TOKEN")).toBe(true);
  });
  test.each(["Environment=A=b \\", "ExecStart", "  Indented=x"])("is read without guessing: %s is refused", (line) => {
    expect(() => settingsIn(`[Service]\n${line}\n`)).toThrow("does not understand");
  });
});

describe("start/launchd/placard.plist", () => {
  test("starts what npm start does, at each start of the machine and whenever it ends, and gives it time to stop", () => {
    const daemon = plistIn(read("start/launchd/placard.plist"));
    expect(daemon).toMatchObject({
      Label: "placard",
      WorkingDirectory: "/opt/placard",
      RunAtLoad: true,
      KeepAlive: true,
    });
    expect(daemon["ProgramArguments"]).toEqual(["/opt/placard/node_modules/node/bin/node", ...START_WORDS]);
    expect(Number(daemon["ExitTimeOut"]) * 1000).toBeGreaterThan(LATEST_STOP_MS);
    // Others may read nothing of what it writes.
    expect(Number(daemon["Umask"])).toBe(0o077);
  });
});

describe("start/Containerfile", () => {
  const stages = stagesIn(read("start/Containerfile"));
  const last = stages.at(-1)?.steps ?? [];
  const steps = (word: string) => last.filter((step) => step.word === word).map(({ rest }) => rest);

  test("starts what npm start does, as nobody in particular, and ends by the signal that Placard hears", () => {
    expect(steps("CMD").map((words) => JSON.parse(words))).toEqual([["node", ...START_WORDS]]);
    expect(steps("USER")).toEqual(["node"]);
    expect(steps("STOPSIGNAL")).toEqual(["SIGTERM"]);
  });
  test("has the Node that Placard's code runs on", () => {
    const { devDependencies } = JSON.parse(read("package.json")) as { devDependencies: Record<string, string> };
    const [major] = devDependencies["node"]?.split(".") ?? [];
    expect(stages.map(({ from }) => from)).toEqual(stages.map(() => `node:${major}-bookworm-slim`));
  });
  test("copies what .dockerignore lets through, which is all there is to copy: no settings, no data", () => {
    const text = read(".dockerignore");
    const ignored = ignoring(text);
    const copied = stages
      .flatMap((stage) => stage.steps.filter(({ word }) => word === "COPY"))
      .map(({ rest }) => copyOf(rest))
      .flatMap(({ from, sources }) => (from === undefined ? sources : []));
    expect(copied.filter(ignored)).toEqual([]);
    expect(text.match(/(?<=^!).*/gm)?.toSorted()).toEqual([...new Set(copied)].toSorted());
    expect([".env", "data", ".git", "node_modules", "src/app"].map(ignored)).toEqual([true, true, true, true, false]);
  });
});

describe("start/compose.yaml", () => {
  test("has a front, two workers and their database, and a pooler for who asks for it", () => {
    const services = compose(ENOUGH);
    expect([...services].map(([name, { deploy }]) => [name, deploy.replicas])).toEqual([
      ["front", 1],
      ["worker", 2],
      ["database", 1],
      ["pooler", 1],
    ]);
    expect(services.get("front")?.environment["ROLE"]).toBe("front");
    expect(services.get("worker")?.environment["ROLE"]).toBe("worker");
    expect([...services].flatMap(([name, { profiles }]) => (profiles ? [name] : []))).toEqual(["pooler"]);
    for (const { build } of services.values()) if (build) expect(existsSync(builtFrom(build).file)).toBe(true);
  });
  test.each(["front", "worker"])(
    "%s has settings that there are, may write to what it keeps alone, and has time to stop",
    (name) => {
      const service = compose(ENOUGH).get(name);
      expect(
        Object.keys(service?.environment ?? {}).filter((one) => !SETTINGS.has(one) && one !== "POSTGRES_PASSWORD"),
      ).toEqual([]);
      expect(service).toMatchObject({ read_only: true, init: true, cap_drop: ["ALL"], volumes: ["files:/data"] });
      expect(service?.environment["PICTURES_DIR"]).toMatch(/^\/data\//);
      expect(service?.stopWithinMs).toBeGreaterThan(LATEST_STOP_MS);
      expect(service?.depends_on).toHaveProperty("database");
    },
  );
  test("opens the web chat to this machine alone, unless told otherwise, and nothing else to anybody", () => {
    const open = (env: string) =>
      [...compose(env)].flatMap(([name, { ports }]) => ports.map((port) => `${name} ${port}`));
    expect(open(ENOUGH)).toEqual(["front 127.0.0.1:8080:8080"]);
    expect(open(`${ENOUGH}WEB_ADDRESS=0.0.0.0\n`)).toEqual(["front 0.0.0.0:8080:8080"]);
  });
  test.each([
    ["POSTGRES_PASSWORD", "WEB_TOKEN=our-secret-word\n"],
    ["WEB_TOKEN", "POSTGRES_PASSWORD=letters2and3digits\n"],
  ])("says what to do where there is no %s", (name, env) => {
    expect(() => compose(env)).toThrow(`${name}: write it into .env`);
  });
  test("with start/compose.secrets.yaml over it the front reads tokens from files, each named once in every place", () => {
    const over = parse(read("start/compose.secrets.yaml")) as {
      services: { front: { environment: Record<string, string>; secrets: string[] } };
      secrets: Record<string, { file: string }>;
    };
    const { environment, secrets } = over.services.front;
    expect(Object.keys(over.services)).toEqual(["front"]);
    expect(secrets.length).toBeGreaterThan(0);
    expect(environment).toEqual(Object.fromEntries(secrets.map((name) => [`${name}_FILE`, `/run/secrets/${name}`])));
    expect(over.secrets).toEqual(Object.fromEntries(secrets.map((name) => [name, { file: `../secrets/${name}` }])));
    expect(secrets.filter((name) => !SETTINGS.has(name) || !mayBeInFile(name))).toEqual([]);
  });
  test("goes through the pooler where .env says so, and past it for what is told", () => {
    const { environment } = compose(`${ENOUGH}DATABASE_HOST=pooler:6432\n`).get("worker") ?? {};
    expect(environment).toMatchObject({
      DATABASE_URL: "postgres://placard:letters2and3digits@pooler:6432/placard",
      DATABASE_DIRECT_URL: "postgres://placard:letters2and3digits@database:5432/placard",
    });
  });
});
