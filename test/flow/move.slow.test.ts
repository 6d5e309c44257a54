import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import type { WebAdapter } from "../../adapters/web.ts";
import { assemble } from "../../src/app/assemble.ts";
import { as, ask, type Joined, joinAs, nextId, say, seenBy } from "../adapters/web-client.ts";
import { databaseAt, serverForTests } from "../stores/postgres-engine.ts";

const root = new URL("../..", import.meta.url).pathname;
const SOON = { timeout: 30_000, interval: 20 };
const url = await serverForTests("a group whose Placard moves into a database");

if (url !== undefined)
  test("a group goes on in the database where it was: old buttons, a vote half cast, numbers and allowances", async () => {
    const folder = mkdtempSync(join(tmpdir(), "placard-moves-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const { address, drop } = await databaseAt(url, `story_${process.pid}`);
    onTestFinished(async () => void (await drop()));
    const STYLES_FILE = join(folder, "styles.json");
    writeFileSync(STYLES_FILE, JSON.stringify({ styles: [{ id: "rca", title: "RCA" }] }));
    const settings = {
      DATA_DIR: join(folder, "data"),
      STYLES_FILE,
      WEB_PORT: "0",
      LOG_LEVEL: "silent",
      BACKENDS: "fake",
      FAKE_BACKEND: "delay:1",
      REROLL_VOTES: "2",
      VOTE_MIN_AGE_MINUTES: "0",
    };
    const started = async (more: Readonly<Record<string, string>> = {}) => {
      const { app } = await assemble({ ...settings, ...more }, { pretty: false });
      onTestFinished(() => app.stop().catch(() => undefined));
      await app.start();
      return { app, web: app.services.adapters.get("web") as WebAdapter, store: app.services.store };
    };
    const press = (web: WebAdapter, member: Joined, token: string) =>
      ask(web, "/api/press", { body: { id: nextId(), room: member.room, token }, headers: as(member) });
    const buttons = async (web: WebAdapter, member: Joined) =>
      (await seenBy(web, member)).flatMap(({ view }) => view?.buttons?.flat() ?? []);
    const usable = async (web: WebAdapter, member: Joined, label: RegExp) => {
      await expect
        .poll(async () => (await buttons(web, member)).find((one) => label.test(one.label)), SOON)
        .toBeDefined();
      return (await buttons(web, member)).find((one) => label.test(one.label))?.token ?? "";
    };

    const before = await started();
    const ana = await joinAs(before.web, "Ana");
    const [ben, cleo] = [await joinAs(before.web, "Ben"), await joinAs(before.web, "Cleo")];
    for (const seed of [1, 2]) await say(before.web, ana, `/imagine a red fox seed:${seed} width:256 height:256`);
    await before.app.idle();
    const history = await before.store.history({ chatKey: "web:rent-strike", limit: 9 });
    expect(history.map(({ number }) => number)).toEqual([2, 1]);
    const reroll = await usable(before.web, ben, /reroll/i);
    await press(before.web, ben, reroll);
    await before.app.idle();
    const subject = (
      await Promise.all(history.map(({ jobId }) => before.store.decisionAbout("reroll", jobId, Date.now())))
    ).find((decision) => decision !== undefined);
    expect(subject?.votes.map(({ name }) => name)).toEqual(["Ben"]);
    const atMs = Date.now();
    const { allowance } = before.app.services.installation;
    const accounts = (store: typeof before.store) =>
      Promise.all([ana, ben, cleo].map(({ id }) => store.account(id, allowance, atMs)));
    const spent = await accounts(before.store);
    await before.app.stop();

    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(root, "src/cli/move.ts"), "--to", "DATABASE_URL"],
      { cwd: folder, env: { PATH: process.env["PATH"], DATA_DIR: settings.DATA_DIR, DATABASE_URL: address } },
    );
    expect(stdout).toContain("Everything is there");

    const after = await started({ DATABASE_URL: address });
    expect(await accounts(after.store)).toEqual(spent);
    const again = await joinAs(after.web, "Cleo", "Rent strike", cleo.secret);
    expect(again.id).toBe(cleo.id);
    await press(after.web, again, reroll);
    await after.app.idle();
    const now = await after.store.history({ chatKey: "web:rent-strike", limit: 9 });
    expect(now.map(({ number }) => number)).toEqual([3, 2, 1]);
    expect(await after.store.job(now[0]?.jobId ?? "")).toMatchObject({ state: "done", voterNames: ["Ben", "Cleo"] });
    const shown = (await seenBy(after.web, again)).flatMap(({ view }) => view?.image?.key ?? []);
    for (const key of shown) expect((await ask(after.web, `/media/${key}`)).status, key).toBe(200);
    expect(shown.length).toBeGreaterThanOrEqual(3);
    await after.app.stop();

    // Whoever starts with the files all the same is told, in the log and with /queue.
    const old = await started();
    expect(old.app.services.notices.all()).toEqual([
      expect.stringMatching(/^These files were moved into the database at .* Write DATABASE_URL into \.env/),
    ]);
    await old.app.stop();
  }, 120_000);
