import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { freePort } from "../stores/postgres-cluster.ts";
import { databaseAt, migrated, notRun, serverForTests } from "../stores/postgres-engine.ts";
import { folderForTest, frontIn, Person } from "./web-fronts.ts";

// The very example of docs/machines.md, but for its addresses and its certificate.

const WHAT = "two fronts behind nginx, as the guide has it";
const SOON = { timeout: 20_000, interval: 20 };
const NGINX = process.env["NGINX"] ?? "/usr/sbin/nginx";
const example = /```nginx\n([\s\S]*?)```/.exec(
  readFileSync(join(import.meta.dirname, "../../docs/machines.md"), "utf8"),
)?.[1];

async function nginxBefore(urls: readonly string[]): Promise<string> {
  const folder = folderForTest();
  const port = await freePort();
  const hosts = urls.map((url) => new URL(url).host);
  const adapted = (example ?? "")
    .replace("10.0.0.11:8080", hosts[0] ?? "")
    .replace("10.0.0.12:8080", hosts[1] ?? "")
    .replace("listen 443 ssl", `listen 127.0.0.1:${port}`)
    .replace(/^\s*ssl_.*\n/gm, "");
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (what) => `${what}_temp_path ${join(folder, what)};`,
  );
  const file = join(folder, "nginx.conf");
  writeFileSync(
    file,
    `daemon off; pid ${join(folder, "pid")}; error_log ${join(folder, "log")};
     events {} http { access_log off; ${temporary.join(" ")} ${adapted} }`,
  );
  const child: ChildProcess = spawn(NGINX, ["-c", file, "-p", folder, "-e", join(folder, "log")], { stdio: "ignore" });
  const exited = once(child, "exit");
  onTestFinished(async () => {
    child.kill("SIGTERM");
    await exited;
  });
  const url = `http://127.0.0.1:${port}`;
  await expect
    .poll(
      () =>
        fetch(`${url}/page/words`).then(
          ({ ok }) => ok,
          () => false,
        ),
      SOON,
    )
    .toBe(true);
  return url;
}

const server = existsSync(NGINX) ? await serverForTests(WHAT) : notRun(WHAT, "needs nginx, or its path in NGINX");

if (server !== undefined) {
  const database = await databaseAt(server, `nginx_${process.pid}`);
  afterAll(() => database.drop());

  test(WHAT, async () => {
    await migrated(database.address);
    const folder = folderForTest();
    const over = { address: database.address, directAddress: database.address, proxies: 1 };
    const fronts = [await frontIn(folder, over), await frontIn(folder, over)];
    const url = await nginxBefore(fronts.map((front) => front.url));
    const [ana, bo] = [await new Person().join(url, "Ana"), await new Person().join(url, "Bo")];
    const streams = [await ana.listen(url), await bo.listen(url)];
    for (let at = 0; at < 10; at += 1) await ana.say(url, `before ${at}`);
    await expect.poll(() => [ana.told().length, bo.told().length], SOON).toEqual([10, 10]);
    await fronts[0]?.end("SIGKILL");
    // One stream was there: its page opens another.
    const ended = await Promise.race(streams.map(({ ended: end }, at) => end.then(() => at)));
    const [back, stayed] = ended === 0 ? [ana, bo] : [bo, ana];
    for (let at = 0; at < 5; at += 1) await stayed.say(url, `after ${at}`);
    await back.listen(url);
    await expect.poll(() => [ana.told().length, bo.told().length], SOON).toEqual([15, 15]);
    expect(ana.told()).toEqual(bo.told());
    expect(back.of("start").at(-1)?.afresh).toBe(false);
    const revs = ana.told().map(({ rev }) => rev);
    expect(revs).toEqual([...new Set(revs)].toSorted((a, b) => a - b));
  }, 90_000);
}
