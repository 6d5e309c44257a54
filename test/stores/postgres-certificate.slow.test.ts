import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, chownSync, copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { startProblem } from "../../src/stores/postgres/start-problem.ts";
import { folderForServers, ownCluster, PASSWORD, postgresPrograms } from "./postgres-cluster.ts";
import { asked, notRun } from "./postgres-engine.ts";

const WHAT = "a database with a certificate of its own";
const bin = postgresPrograms();
const openssl = spawnSync("openssl", ["version"]).status === 0;

if (bin === undefined || !openssl)
  notRun(WHAT, "needs openssl and the programs of PostgreSQL 15 or newer on this machine");
else
  describe(WHAT, async () => {
    const cluster = await ownCluster(bin);
    const folder = folderForServers("placard-certificate-");
    afterAll(() => {
      cluster.remove();
      rmSync(folder, { recursive: true, force: true });
    });

    /** As docs/machines.md makes one. @returns its file, which may be copied to other machines */
    function certificate(name: string, days = 3650): string {
      const [key, file] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
      const words = `req -x509 -newkey rsa:2048 -nodes -days ${days} -subj /CN=placard -addext subjectAltName=${name} -keyout`;
      execFileSync("openssl", [...words.split(" "), key, "-out", file], { stdio: "ignore" });
      chmodSync(key, 0o600);
      if (process.getuid?.() === 0) chownSync(key, Number(execFileSync("id", ["-u", "postgres"])), 0);
      return file;
    }
    async function shows(file: string): Promise<void> {
      for (const [setting, value] of [
        ["ssl_cert_file", file],
        ["ssl_key_file", file.replace(/crt$/, "key")],
        ["ssl", "on"],
      ])
        await asked(cluster.url, `ALTER SYSTEM SET ${setting} = '${value}'`);
      await asked(cluster.url, "SELECT pg_reload_conf()");
      await expect.poll(() => asked(cluster.url, "SHOW ssl")).toEqual([{ ssl: "on" }]);
    }
    const said = (query: string): Promise<string> =>
      asked(`${cluster.url}?${query}`, "SELECT 1").then(
        () => "it works",
        (error: unknown) => startProblem(error, cluster.url).message,
      );

    test("is reached with that certificate only, and what is wrong is said with what to do", async () => {
      expect(await said("sslmode=verify-full")).toMatch(/does not encrypt: give the server a certificate/);
      const right = certificate("IP:127.0.0.1");
      await shows(right);
      expect(await said(`sslmode=verify-full&sslrootcert=${right}`)).toBe("it works");
      expect(await said("sslmode=verify-full")).toMatch(
        /shows a certificate that this machine does not know: end the address with/,
      );
      const other = certificate("IP:127.0.0.2");
      expect(await said(`sslmode=verify-full&sslrootcert=${other}`)).toMatch(/does not know/);
      expect(await said("sslmode=verify-full&sslrootcert=/nowhere.crt")).toMatch(
        /^the certificate that .* is not there/,
      );
      await shows(other);
      expect(await said(`sslmode=verify-full&sslrootcert=${other}`)).toMatch(/shows a certificate for another name/);
    });

    test("says that it wants encryption, and lets nobody in whom it does not know", async () => {
      const [found] = await asked<{ readonly hba_file: string }>(cluster.url, "SHOW hba_file");
      const file = found?.hba_file ?? "";
      copyFileSync(file, `${file}.before`);
      onTestFinished(async () => {
        copyFileSync(`${file}.before`, file);
        cluster.crash();
        cluster.start();
      });
      await shows(certificate("IP:127.0.0.1"));
      execFileSync("sed", ["--in-place", "s/^host /hostssl /", file]);
      await asked(cluster.url, "SELECT pg_reload_conf()");
      await expect
        .poll(() => said(""))
        .toMatch(/takes nobody in without encryption: end the address with \?sslmode=verify-full/);
      expect(await said("")).not.toContain(PASSWORD);
    });
  });
