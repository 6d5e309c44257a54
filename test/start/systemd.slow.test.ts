import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { ROLES } from "../../src/domain/role.ts";
import { pngSize } from "../../src/lib/png.ts";
import { webMember } from "../flow/web-member.ts";
import { ownCluster, PASSWORD, postgresPrograms } from "../stores/postgres-cluster.ts";
import { databaseAt, notRun } from "../stores/postgres-engine.ts";
import { type Started, started, unpackedIn } from "./service.ts";
import { temporary } from "./temporary.ts";
import { unitAs } from "./unit-file.ts";

const UNIT = "placard@.service";
const root = join(import.meta.dirname, "../..");
const shippedUnit = readFileSync(join(root, "start/systemd", UNIT), "utf8");

/** One machine: its folders, Placard unpacked in it, and its settings. */
function machine(settings: Readonly<Record<string, string>>) {
  const base = temporary();
  const places = { "/opt/placard": join(base, "placard"), "/var": join(base, "var") };
  unpackedIn(places["/opt/placard"]);
  const lines = Object.entries({ DATA_DIR: join(places["/var"], "lib/placard"), ...settings });
  writeFileSync(join(places["/opt/placard"], ".env"), lines.map(([name, value]) => `${name}=${value}\n`).join(""));
  /** `systemctl start placard@<role>` */
  return (role: string) => {
    const { exec, workingDirectory: cwd, environment, folders, ...rest } = unitAs(UNIT, role, places);
    const service = started({ exec, cwd, environment, folders });
    return {
      ...service,
      /** `systemctl stop`: by then it has ended, or is killed. */
      async end() {
        const { code, tookMs } = await service.stop(rest.killSignal);
        expect(code, service.said()).toBe(0);
        expect(tookMs).toBeLessThan(rest.stopWithinMs);
        expect(service.said()).not.toContain(PASSWORD);
      },
      /** As a crash, after which systemd starts it again. */
      async crash() {
        await service.stop("SIGKILL");
        expect(rest.restart).toBe("always");
        await sleep(rest.restartAfterMs);
      },
    };
  };
}

const SETTINGS = { WEB_PORT: "0", BACKENDS: "sketch" };
const SOON = { timeout: 120_000, interval: 50 };
type Member = Awaited<ReturnType<typeof webMember>>;

/** The same member again, where `known` says who that is. */
async function memberAt(front: Started, known?: Member): Promise<Member> {
  await front.says(/web chat: http/);
  return await webMember(front.said, known);
}

/** One picture more than there were. */
async function draws(member: Member): Promise<void> {
  const before = (await member.pictures()).length;
  await member.say("/rca Ready for the march");
  await expect.poll(() => member.pictures(), SOON).toHaveLength(before + 1);
  const key = (await member.pictures()).at(-1) ?? "";
  expect(pngSize(await member.picture(key)).widthPx).toBeGreaterThan(100);
}

test("one machine, without a database: starts, draws, is started again after a crash with all it had, and stops in time", async () => {
  const start = machine(SETTINGS);
  const first = start("all");
  const ana = await memberAt(first);
  await draws(ana);
  await first.crash();
  const second = start("all");
  const again = await memberAt(second, ana);
  expect(await again.pictures()).toHaveLength(1);
  await draws(again);
  await second.end();
}, 180_000);

test("a role that there is not ends with a sentence", async () => {
  const { ended, said } = machine(SETTINGS)("fornt");
  expect(await ended).toBe(1);
  expect(said()).toContain("ROLE: ");
}, 60_000);

const bin = postgresPrograms();
if (bin === undefined) notRun("three machines", "needs the programs of PostgreSQL 15 or newer on this machine");
else
  describe("three machines", async () => {
    const cluster = await ownCluster(bin);
    afterAll(() => cluster.remove());

    test("a front and two workers: a member draws, whichever worker stops or dies; all end in time", async () => {
      const { address } = await databaseAt(cluster.url, "three");
      const settings = { ...SETTINGS, DATABASE_URL: address, PICTURES_DIR: temporary() };
      const [startFront, startOne, startOther] = [machine(settings), machine(settings), machine(settings)];
      const [one, other] = [startOne("worker"), startOther("worker")];
      const front = startFront("front");
      const ana = await memberAt(front);
      await draws(ana);
      await one.end();
      await draws(ana);
      await other.crash();
      const again = startOther("worker");
      await draws(ana);
      await front.end();
      const newFront = startFront("front");
      const same = await memberAt(newFront, ana);
      expect(await same.pictures()).toHaveLength(3);
      await draws(same);
      for (const each of [newFront, again]) await each.end();
    }, 480_000);
  });

const analyze = spawnSync("systemd-analyze", ["--version"]).status === 0;
if (!analyze) notRun("systemd's own opinion", "needs systemd-analyze");
else
  describe("systemd's own opinion", () => {
    const opinion = (...words: readonly string[]) => {
      const { status, stdout, stderr } = spawnSync("systemd-analyze", words, { encoding: "utf8" });
      return { status, text: stdout + stderr };
    };
    /** With a program that is there: it looks for it. */
    const installed = (text: string, name: string): string => {
      const path = join(temporary(), name);
      writeFileSync(path, text.replaceAll("/opt/placard/node_modules/node/bin/node", process.execPath));
      return path;
    };

    test.each(ROLES)("has nothing against placard@%s", (role) => {
      expect(opinion("verify", installed(shippedUnit, `placard@${role}.service`))).toEqual({ status: 0, text: "" });
    });
    test("would say what it does not understand", () => {
      const wrong = shippedUnit.replace("ProtectSystem=strict", "ProtectSystem=strictly");
      expect(opinion("verify", installed(wrong, "placard@all.service")).text).toContain("strictly");
    });
    test("finds that it can do little to the machine", () => {
      const { text } = opinion("security", "--offline=yes", installed(shippedUnit, UNIT));
      const [, level = "10"] = /exposure level for \S+: ([\d.]+)/.exec(text) ?? [];
      expect(Number(level), text).toBeLessThan(2);
    });
  });
