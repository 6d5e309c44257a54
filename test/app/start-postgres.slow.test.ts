import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { webMember } from "../flow/web-member.ts";
import { atThisPaceMs } from "../pace.ts";
import { START_WORDS } from "../start-command.ts";
import { ownCluster, PASSWORD, postgresPrograms } from "../stores/postgres-cluster.ts";
import { asked, databaseAt, notRun } from "../stores/postgres-engine.ts";

const root = new URL("../..", import.meta.url).pathname;
const WHAT = "npm start with DATABASE_URL";
const bin = postgresPrograms();

/** The program as it is, with all that it says. */
function placard(environment: Readonly<Record<string, string>>) {
  const DATA_DIR = mkdtempSync(join(tmpdir(), "placard-start-"));
  const child: ChildProcess = spawn(process.execPath, START_WORDS, {
    cwd: root,
    env: { PATH: process.env["PATH"], WEB_PORT: "0", DATA_DIR, ...environment },
  });
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    rmSync(DATA_DIR, { recursive: true, force: true });
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
  const ended = once(child, "exit");
  return {
    DATA_DIR,
    said: () => said,
    says: (pattern: RegExp) => expect.poll(() => said, { timeout: 40_000 }).toMatch(pattern),
    async end(signal: "SIGTERM" | "SIGKILL") {
      child.kill(signal);
      await ended;
    },
    /** Rejects with all that it has said where it ends with anything but 0. */
    async stops() {
      child.kill("SIGTERM");
      const [code] = await ended;
      expect(code, said).toBe(0);
    },
    ended,
  };
}

if (bin === undefined) notRun(WHAT, "needs the programs of PostgreSQL 15 or newer on this machine");
else
  describe(WHAT, async () => {
    const cluster = await ownCluster(bin);
    afterAll(() => cluster.remove());

    test("keeps everything there, is alone there, gives the place up when it stops, and takes it over after a kill", async () => {
      const { address } = await databaseAt(cluster.url, "started");
      const start = () => placard({ DATABASE_URL: address });
      const first = start();
      await first.says(/web chat: http/);
      expect(existsSync(join(first.DATA_DIR, "placard.sqlite"))).toBe(false);
      expect(await asked(address, "SELECT namespace FROM key_value")).toContainEqual({ namespace: "core" });
      await first.says(/It leads: it listens at Discord and Telegram and sends all messages/);
      const second = start();
      await second.says(/The one that leads is on \S+, process \d+: .*This one takes over when that ends/);
      await first.stops();
      await second.says(/leader\.gained/);

      const third = start();
      await third.says(/The one that leads is on/);
      await second.end("SIGKILL");
      await third.says(/leader\.gained/);
      await third.end("SIGTERM");
      const fourth = start();
      await fourth.says(/It leads/);
      // While it stands, the server may go and come.
      cluster.crash();
      cluster.start();
      await fourth.says(/database\.back/);
      await fourth.stops();
      for (const { said } of [first, second, third, fourth]) expect(said()).not.toContain(PASSWORD);
    }, 180_000);

    test.each(["was stopped", "is frozen", "was away for long"] as const)(
      "stops in time, with a sentence, while the database %s",
      async (how) => {
        const { address } = await databaseAt(cluster.url, `ended_${how.replaceAll(" ", "_")}`);
        const program = placard({ DATABASE_URL: address, BACKENDS: "fake", FAKE_BACKEND: "delay:60000" });
        await program.says(/web chat: http/);
        const ana = await webMember(program.said);
        for (let at = 0; at < 3; at++) await ana.say(`/imagine a fox ${at} width:256 height:256`);
        await expect
          .poll(() => asked(address, "SELECT job_id FROM job WHERE state = 'running'"), { timeout: 20_000 })
          .not.toEqual([]);
        onTestFinished(() => cluster.up());
        if (how === "is frozen") onTestFinished(cluster.freeze());
        else cluster.stop();
        if (how === "was away for long") await program.says(/database\.away/);
        const fromMs = performance.now();
        await program.stops();
        expect(performance.now() - fromMs).toBeLessThan(atThisPaceMs(8000));
        expect(program.said()).toMatch(/The database did not answer while Placard stopped: .* made again/);
        expect(program.said()).not.toContain(PASSWORD);
      },
      120_000,
    );

    test("ends with a sentence where there is none, and without the password", async () => {
      const absent = placard({ DATABASE_URL: `postgres://placard:${PASSWORD}@127.0.0.1:1/placard` });
      expect((await absent.ended)[0]).toBe(1);
      expect(absent.said()).toContain(
        "Placard did not start: the database at 127.0.0.1:1, database placard (DATABASE_URL) does not answer: start the PostgreSQL server there, or correct the address",
      );
      const wrong = placard({ DATABASE_URL: `mysql://placard:${PASSWORD}@127.0.0.1:1/placard` });
      expect((await wrong.ended)[0]).toBe(1);
      expect(wrong.said()).toContain("DATABASE_URL: must be an address such as postgres://");
      expect(absent.said() + wrong.said()).not.toContain(PASSWORD);
    });
  });
