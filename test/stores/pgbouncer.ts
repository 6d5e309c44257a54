import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Cluster, folderForServers, freePort, PASSWORD } from "./postgres-cluster.ts";

const PLACES = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/opt/homebrew/bin/pgbouncer", "/usr/local/bin/pgbouncer"];

export const pgbouncerProgram = (): string | undefined => PLACES.find((path) => existsSync(path));
/** From here on it goes along with statements that are kept planned: 1.21. */
export const NAMED_FROM = 121;
/** One that does, wherever it is: what Debian 12 brings is older. */
export const pgbouncerForNamed = (): string | undefined =>
  PLACES.find((path) => existsSync(path) && versionOf(path) >= NAMED_FROM);

export interface Pooler {
  /** Of the same database, through the pooler. */
  through(address: string): string;
  close(): Promise<void>;
}

/** Hands out connections by the transaction, as it does where many processes share a database. It refuses to run as root. */
export async function ownPooler(program: string, cluster: Cluster): Promise<Pooler> {
  const folder = folderForServers("placard-pgbouncer-");
  const port = await freePort();
  const users = join(folder, "users.txt");
  const settings = join(folder, "pgbouncer.ini");
  writeFileSync(users, `"placard" "${PASSWORD}"\n`);
  writeFileSync(
    settings,
    `[databases]
* = host=127.0.0.1 port=${cluster.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = transaction
default_pool_size = 8
server_login_retry = 1
max_client_conn = 500
server_login_retry = 1
${versionOf(program) >= NAMED_FROM ? "max_prepared_statements = 300" : ""}
`,
  );
  const isRoot = process.getuid?.() === 0;
  const child = isRoot
    ? spawn("runuser", ["-u", "postgres", "--", program, "-q", settings], { stdio: "ignore", cwd: "/" })
    : spawn(program, ["-q", settings], { stdio: "ignore" });
  while (!(await answers(port))) {
    if (child.exitCode !== null) {
      rmSync(folder, { recursive: true, force: true });
      throw new Error(`PgBouncer ended with ${child.exitCode}`);
    }
    await sleep(50);
  }
  return {
    through(address) {
      const url = new URL(address);
      url.port = String(port);
      return url.href;
    },
    async close() {
      const ended = once(child, "exit");
      // Passed on by `runuser`.
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("close", () => socket.destroy());
    socket.once("connect", () => socket.destroy());
  });
}

/** "1.18" */
export function versionOf(program: string): number {
  const [, major = "0", minor = "0"] =
    /(\d+)\.(\d+)/.exec(spawnSync(program, ["--version"], { encoding: "utf8" }).stdout) ?? [];
  return Number(major) * 100 + Number(minor);
}
