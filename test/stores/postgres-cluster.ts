import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Where Debian, Homebrew and the installers of PostgreSQL put each version's programs. */
const PLACES = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt", "/Library/PostgreSQL"];
const MEMORY = "/dev/shm";
const VERSION_MIN = 15;

/** The folder with `initdb` and `pg_ctl`, of the newest version; `undefined`: there is none here. */
export function postgresPrograms(): string | undefined {
  const versions = PLACES.filter((place) => existsSync(place)).flatMap((place) =>
    readdirSync(place).flatMap((name) => {
      const version = Number(/(?:^|@)(\d+)$/.exec(name)?.[1] ?? 0);
      const bin = join(place, name, "bin");
      return version >= VERSION_MIN && existsSync(join(bin, "initdb")) ? [{ version, bin }] : [];
    }),
  );
  return versions.toSorted((a, b) => b.version - a.version)[0]?.bin;
}

export interface Cluster {
  /** Of its database `postgres`, with a password. */
  readonly url: string;
  readonly port: number;
  start(): void;
  /** Starts it where a test has left it down. */
  up(): void;
  /** As a crash: no checkpoint, and everybody is cut off. */
  crash(): void;
  /** The same, and it is started again after so long; meanwhile this process goes on. */
  crashed(awayMs: number): Promise<void>;
  /** Everything the server has said. */
  log(): string;
  stop(): void;
  /** Takes connections, and answers none. @returns what thaws it */
  freeze(): () => void;
  remove(): void;
}

export const PASSWORD = "secret-of-the-test";

/** A server of our own, which may be stopped in every way. It refuses to run as root: then it runs as `postgres`. */
export async function ownCluster(bin: string): Promise<Cluster> {
  const folder = folderForServers("placard-postgres-");
  const data = join(folder, "data");
  const port = await freePort();
  const isRoot = process.getuid?.() === 0;
  const wordsOf = (program: string, args: readonly string[]) => {
    const [command = "", ...words] = isRoot
      ? ["runuser", "-u", "postgres", "--", join(bin, program), ...args]
      : [join(bin, program), ...args];
    return { command, words };
  };
  const run = (program: string, ...args: readonly string[]) => {
    const { command, words } = wordsOf(program, args);
    execFileSync(command, words, { stdio: "ignore", cwd: "/" });
  };
  if (isRoot) {
    const [uid = 0, gid = 0] = ["-u", "-g"].map((flag) => Number(execFileSync("id", [flag, "postgres"])));
    chownSync(folder, uid, gid);
  }
  const password = join(folder, "password");
  writeFileSync(password, PASSWORD);
  run(
    "initdb",
    "-D",
    data,
    "-U",
    "placard",
    "-A",
    "scram-sha-256",
    "--pwfile",
    password,
    "-E",
    "UTF8",
    "--locale=C",
    "-N",
  );
  const flags = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200`;
  const toStart = ["-D", data, "-w", "-l", join(folder, "log"), "-o", flags, "start"];
  const toEnd = (mode: string) => ["-D", data, "-w", "-m", mode, "stop"];
  const start = () => run("pg_ctl", ...toStart);
  const end = (mode: string) => run("pg_ctl", ...toEnd(mode));
  const controlled = async (args: readonly string[]) => {
    const { command, words } = wordsOf("pg_ctl", args);
    const child = spawn(command, words, { stdio: "ignore", cwd: "/" });
    const [code] = await once(child, "exit");
    if (code !== 0) throw new Error(`pg_ctl ${args.at(-1)} ended with ${code}`);
  };
  start();
  return {
    url: `postgres://placard:${PASSWORD}@127.0.0.1:${port}/postgres`,
    port,
    start,
    up() {
      try {
        run("pg_ctl", "-D", data, "status");
      } catch {
        start();
      }
    },
    crash: () => end("immediate"),
    async crashed(awayMs) {
      await controlled(toEnd("immediate"));
      await sleep(awayMs);
      await controlled(toStart);
    },
    log: () => readFileSync(join(folder, "log"), "utf8"),
    stop: () => end("fast"),
    freeze() {
      const pid = Number(readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[0]);
      // Those that have a connection already are processes of their own.
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map(Number);
      const all = [pid, ...children];
      for (const one of all) process.kill(one, "SIGSTOP");
      return () => {
        for (const one of all)
          try {
            process.kill(one, "SIGCONT");
          } catch {
            // Its client was gone when it woke up.
          }
      };
    },
    remove() {
      try {
        end("immediate");
      } catch {
        // It had been stopped.
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Readable by whom it runs as, and of files that nobody has to wait for. */
export function folderForServers(prefix: string): string {
  const place = existsSync(MEMORY) ? MEMORY : process.getuid?.() === 0 ? "/tmp" : tmpdir();
  const folder = mkdtempSync(join(place, prefix));
  chmodSync(folder, 0o755);
  return folder;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}
