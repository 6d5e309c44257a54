import { execFile as execFileTold, spawnSync } from "node:child_process";
import { chmodSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { freePort } from "../fakes/free-port.ts";
import { pgbouncerProgram } from "../stores/pgbouncer.ts";
import { folderForServers, ownCluster, PASSWORD, postgresPrograms } from "../stores/postgres-cluster.ts";
import { asked, databaseAt, notRun } from "../stores/postgres-engine.ts";
import { builtFrom, composeWith, type Service } from "./compose-file.ts";
import { ACCESS_CODE, container, drawnAt, type Places, placed } from "./container.ts";
import { builtIn } from "./container-file.ts";
import { type Started, started } from "./service.ts";
import { REMOVED_WITHIN_MS, temporary } from "./temporary.ts";

const root = join(import.meta.dirname, "../..");
const HEALTHY_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 1000;
const execFile = promisify(execFileTold);
const FILE = readFileSync(join(root, "start/Containerfile"), "utf8");

const folder = mkdtempSync(join(tmpdir(), "placard-image-"));
const image = builtIn(FILE, root, folder);
afterAll(() => rmSync(folder, { recursive: true, force: true }), REMOVED_WITHIN_MS);

describe("start/Containerfile", () => {
  async function run() {
    const here = temporary();
    const port = await freePort();
    const settings = { WEB_HOST: "0.0.0.0", WEB_PORT: String(port), WEB_TOKEN: ACCESS_CODE };
    const service = container(image, settings, { "/data": join(here, "data"), "/tmp": join(here, "tmp") });
    return { ...service, url: `http://127.0.0.1:${port}` };
  }

  test("what it copies and installs is enough to start, draw and stop", async () => {
    const placard = await run();
    await placard.says(/web chat: http/);
    await drawnAt(placard.url);
    expect((await placard.stop(image.stopSignal)).code).toBe(0);
  }, 180_000);

  test("what it copies and installs is all that the doctor looks for", () => {
    const { stdout } = spawnSync(process.execPath, ["src/cli/doctor.ts"], {
      cwd: image.workingDirectory,
      env: { DATA_DIR: temporary(), WEB_PORT: "0" },
      encoding: "utf8",
    });
    expect(stdout).toContain(`${globSync("templates/*.json", { cwd: root }).length} posters to fill in`);
    expect(stdout).toContain("Nothing is wrong.");
  });

  test.each([".env", "sources"])("cannot copy %s: kept back, or not there", (name) => {
    const text = FILE.replace("RUN npm ci --omit=dev\n", `COPY ${name} ./\n`);
    expect(() => builtIn(text, root, temporary())).toThrow(`COPY: ${name} is not there`);
  });
});

const WHAT = "start/compose.yaml";
const bin = postgresPrograms();
const pgbouncer = pgbouncerProgram();

if (bin === undefined) notRun(WHAT, "needs the programs of PostgreSQL 15 or newer on this machine");
else
  describe(WHAT, async () => {
    const cluster = await ownCluster(bin);
    afterAll(() => cluster.remove());
    beforeEach(async () => {
      await asked(cluster.url, "DROP DATABASE IF EXISTS placard WITH (FORCE)");
      await databaseAt(cluster.url, "placard");
    });

    /** @param lines of `.env`, beside what has to be there */
    async function project(...lines: readonly string[]) {
      const here = temporary();
      const envFile = join(here, ".env");
      writeFileSync(envFile, [`POSTGRES_PASSWORD=${PASSWORD}`, `WEB_TOKEN=${ACCESS_CODE}`, ...lines, ""].join("\n"));
      const services = composeWith(envFile);
      const named = (name: string): Service => {
        const service = services.get(name);
        if (!service) throw new Error(`there is no ${name}`);
        return service;
      };
      const [port, poolerPort] = [await freePort(), await freePort()];
      const places: Places = {
        "database:5432": `127.0.0.1:${cluster.port}`,
        "pooler:6432": `127.0.0.1:${poolerPort}`,
        "127.0.0.1:8080": `127.0.0.1:${port}`,
        "/data": join(here, "data"),
      };
      const isHealthy = async (name: string): Promise<boolean> => {
        const { test: check, timeoutMs } = named(name).healthcheck ?? { test: [], timeoutMs: 0 };
        const [, program = "", ...words] = check;
        const path = program === "node" ? process.execPath : join(bin ?? "", program);
        const args = words.map((word) => placed(word, places));
        const options = { env: { PGPORT: String(cluster.port) }, timeout: timeoutMs };
        return execFile(path, args, options).then(
          () => true,
          () => false,
        );
      };
      return {
        named,
        isHealthy,
        poolerPort,
        url: `http://127.0.0.1:${port}`,
        /** As many as it says. */
        start(name: string) {
          const service = named(name);
          const web = service.ports.length > 0 ? { WEB_PORT: String(port) } : {};
          return Array.from({ length: service.deploy.replicas }, (_, number) => ({
            ...container(
              image,
              { ...service.environment, ...web },
              { ...places, "/tmp": join(here, name, `${number}`) },
            ),
            service,
          }));
        },
        async untilHealthy(name: string, about: readonly Started[]): Promise<void> {
          for (
            const untilMs = performance.now() + HEALTHY_WITHIN_MS;
            !(await isHealthy(name));
            await sleep(LOOK_EVERY_MS)
          )
            if (performance.now() > untilMs) throw new Error(`${name}: ${about.map(({ said }) => said()).join("\n")}`);
        },
      };
    }

    /** `docker compose stop`: by then it has ended, or is killed. */
    async function end({ stop, said, service }: Started & { readonly service: Service }): Promise<void> {
      const { code, tookMs } = await stop(image.stopSignal);
      expect(code, said()).toBe(0);
      expect(tookMs).toBeLessThan(service.stopWithinMs);
      expect(said()).not.toContain(PASSWORD);
    }

    test("front and workers come up, a member draws, and all end in time; a front that ended comes back", async () => {
      const placard = await project("BACKENDS=sketch");
      expect(await placard.isHealthy("database")).toBe(true);
      expect(await placard.isHealthy("front")).toBe(false);
      const workers = placard.start("worker");
      expect(workers).toHaveLength(2);
      let known: Parameters<typeof drawnAt>[1] = {};
      for (const time of ["first", "again"]) {
        const fronts = placard.start("front");
        await placard.untilHealthy("front", fronts);
        known = await drawnAt(placard.url, known);
        for (const front of fronts) await end(front);
        expect(await placard.isHealthy("front"), time).toBe(false);
      }
      for (const one of workers) await end(one);
    }, 480_000);

    if (pgbouncer === undefined) notRun(`${WHAT} with its pooler`, "needs the program pgbouncer");
    else
      test("with its pooler between", async () => {
        const placard = await project("BACKENDS=sketch", "DATABASE_HOST=pooler:6432");
        await pooler(placard.named("pooler"), placard.poolerPort);
        const all = [...placard.start("worker"), ...placard.start("front")];
        await placard.untilHealthy("front", all);
        await drawnAt(placard.url);
        for (const one of all) await end(one);
      }, 480_000);

    /** What its container file starts, over the files that it copies. It refuses to run as root: then it runs as `postgres`. */
    async function pooler({ build }: Service, port: number): Promise<void> {
      if (!build) throw new Error("the pooler is not built from a file");
      const source = builtFrom(build).folder;
      const inside = folderForServers("placard-pooler-");
      onTestFinished(() => rmSync(inside, { recursive: true, force: true }));
      const places: Places = {
        "/etc/pgbouncer": inside,
        "/tmp": inside,
        "listen_addr = 0.0.0.0": "listen_addr = 127.0.0.1",
        "listen_port = 6432": `listen_port = ${port}`,
        "host=database port=5432": `host=127.0.0.1 port=${cluster.port}`,
      };
      for (const name of ["pgbouncer.ini", "start.sh"])
        writeFileSync(join(inside, name), placed(readFileSync(join(source, name), "utf8"), places));
      const words = ["sh", join(inside, "start.sh")];
      const isRoot = process.getuid?.() === 0;
      if (isRoot) chmodSync(inside, 0o777);
      const service = started({
        exec: isRoot ? ["runuser", "-u", "postgres", "--", ...words] : words,
        cwd: "/",
        environment: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", POSTGRES_PASSWORD: PASSWORD },
      });
      await service.says(/process up/);
    }
  });
