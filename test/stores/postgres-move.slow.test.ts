import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { createNotices } from "../../src/app/notices.ts";
import type { CopyProgress, CopyWork } from "../../src/ports/backup.ts";
import type { Moved } from "../../src/ports/move.ts";
import { inspectPostgres } from "../../src/stores/postgres/inspect.ts";
import { moveInto } from "../../src/stores/postgres/move-in.ts";
import { openPostgresStore } from "../../src/stores/postgres/open.ts";
import { lockFile } from "../../src/stores/sqlite/database.ts";
import { moveOut } from "../../src/stores/sqlite/move-out.ts";
import { silentLog } from "../fakes/module-services.ts";
import { accept, ballotOn, finish, idOf, namesIn, T0, voteInput } from "./contract/inputs.ts";
import { filesIn, installationIn, oddRows } from "./move/installation.ts";
import { asked, databaseAt, serverForTests } from "./postgres-engine.ts";

const OF_SEVERAL: ReadonlySet<string> = new Set(["job_progress", "worker", "backend_slot", "circuit"]);

// An installation of files moves into a database: all of it, in whatever state it was left, and however often it is cut off.

const url = await serverForTests("PostgreSQL: a move from files");
const FIXTURE = new URL("../fixtures/data-v1/", import.meta.url).pathname;
const LIVES = 700;
/** Made once. */
const made = mkdtempSync(join(tmpdir(), "placard-move-"));
afterAll(() => rmSync(made, { recursive: true, force: true }));

if (url !== undefined) {
  beforeAll(async () => {
    await installationIn(join(made, "data"), LIVES);
    oddRows(join(made, "data"));
  });

  function copied(from = join(made, "data")) {
    const folder = mkdtempSync(join(tmpdir(), "placard-move-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    cpSync(from, join(folder, "data"), { recursive: true });
    return join(folder, "data");
  }
  let databases = 0;
  const fresh = async () => {
    const { address, drop } = await databaseAt(url, `move_${process.pid}_${databases++}`);
    onTestFinished(async () => void (await drop()));
    return address;
  };
  const work = (tell: CopyWork["tell"] = () => {}, signal = new AbortController().signal): CopyWork => ({
    tell,
    signal,
    nowMs: () => T0,
  });
  async function moved(dataDir: string, address: string, how = work(), pictures?: string): Promise<Moved> {
    const from = await moveOut(dataDir, how);
    try {
      return await moveInto(address, pictures).receive(from, how);
    } finally {
      await from.close();
    }
  }
  /** Cut off when so many of these were reported. */
  async function cutOff(dataDir: string, address: string, doing: CopyProgress["doing"], after: number): Promise<void> {
    const stop = new AbortController();
    let seen = 0;
    const tell = (progress: CopyProgress) => {
      if (progress.doing === doing && ++seen > after) stop.abort();
    };
    await expect(moved(dataDir, address, work(tell, stop.signal))).rejects.toThrow("aborted");
  }
  const opened = async (address: string) => {
    const at = { address, directAddress: address, named: false, log: silentLog, notices: createNotices() };
    const found = await openPostgresStore(at);
    onTestFinished(() => found.store.close());
    return found.store;
  };
  /** Every row of every table, as text. */
  async function rowsOf(address: string): Promise<ReadonlyMap<string, readonly string[]>> {
    const tables = await asked<{ readonly name: string }>(
      address,
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
    );
    const all = new Map<string, readonly string[]>();
    for (const { name } of tables.filter((table) => table.name !== "leader" && table.name !== "row_lock")) {
      const rows = await asked<{ readonly row: string }>(
        address,
        `SELECT CAST(t AS TEXT) AS row FROM "${name}" t ORDER BY 1`,
      );
      all.set(
        name,
        rows.map(({ row }) => row),
      );
    }
    return all;
  }
  const sums = (folder: string) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => statSync(join(folder, path)).isFile() && !/\.lock$|placard-moved\.json$/.test(path))
      .toSorted()
      .map(
        (path) =>
          `${path} ${createHash("sha256")
            .update(readFileSync(join(folder, path)))
            .digest("hex")}`,
      );
  const rowIn = (file: string, sql: string) => {
    const db = new DatabaseSync(file, { readOnly: true });
    try {
      return db.prepare(sql).get();
    } finally {
      db.close();
    }
  };

  test("brings every row of every kind, says so with sums, and leaves the files as they were, with a note", async () => {
    const [dataDir, address] = [copied(), await fresh()];
    const before = sums(dataDir);
    const told: string[] = [];
    const result = await moved(
      dataDir,
      address,
      work(({ doing }) => told.push(doing)),
    );
    expect(sums(dataDir)).toEqual(before);
    expect(readdirSync(join(dataDir, ".."))).toEqual(["data"]);
    expect(JSON.parse(readFileSync(join(dataDir, "placard-moved.json"), "utf8"))).toEqual({
      movedTo: expect.stringMatching(/^the database at \S+:\d+, database move_\d+_\d+$/),
      atMs: T0,
    });
    expect(new Set(told)).toEqual(new Set(["database", "rows", "comparing", "checking"]));
    const file = join(dataDir, "placard.sqlite");
    for (const { name, rows } of result.tables) {
      expect(rowIn(file, `SELECT count(*) AS n FROM ${name}`), name).toEqual({ n: rows });
      expect(await asked(address, `SELECT count(*) AS n FROM ${name}`), name).toEqual([{ n: rows }]);
      // A table that is empty here would be moved by any mistake. One process alone keeps nothing of who works with whom.
      if (!OF_SEVERAL.has(name)) expect(rows, name).toBeGreaterThan(0);
    }
    expect(result).toMatchObject({ resumed: false, altered: 2 });
    const sum = (what: string) => result.sums.find((one) => one.what === what)?.value;
    expect(sum("votes in them")).toBe(1n);
    const [held] = Object.values(rowIn(file, "SELECT sum(held_gpu_ms) FROM hold WHERE state = 'held'") ?? {});
    expect(sum("GPU ms held")).toBe(BigInt(Number(held)));
    expect(await asked(address, "SELECT to_regclass('placard_move') AS there")).toEqual([{ there: null }]);
  });

  test("keeps odd texts and numbers to the last character and digit", async () => {
    const [dataDir, address] = [copied(), await fresh()];
    await moved(dataDir, address);
    const db = new DatabaseSync(join(dataDir, "placard.sqlite"), { readOnly: true });
    onTestFinished(() => db.close());
    const values = db.prepare("SELECT key, value FROM key_value WHERE namespace = 'odd' ORDER BY key").all();
    const there = await asked<{ readonly key: string; readonly value: string }>(
      address,
      "SELECT key, value FROM key_value WHERE namespace = 'odd' ORDER BY key",
    );
    // The server keeps no zero byte; all else is as it was, in the same order.
    const readable = (text: unknown) => String(text).replaceAll("\0", "�");
    expect(there).toEqual(
      values
        .map(({ key, value }) => ({ key: readable(key), value: readable(value) }))
        .toSorted((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key))),
    );
    expect(there).toHaveLength(13);
    expect(there.find(({ key }) => key === "escaped")?.value).toContain("\\u0000 \\ud800");
    expect(
      await asked(
        address,
        "SELECT CAST(balance_gpu_ms AS TEXT) AS balance, CAST(at_ms AS TEXT) AS at FROM bucket WHERE member_id LIKE 'odd%' ORDER BY 1",
      ),
    ).toEqual([
      { balance: "-9223372036854775808", at: "0" },
      { balance: "9007199254740993", at: "9223372036854775807" },
    ]);
    for (const { backend, per } of db.prepare("SELECT backend, per_megapixel_step_ms AS per FROM speed").all())
      expect(
        await asked(address, `SELECT per_megapixel_step_ms AS per FROM speed WHERE backend = '${backend}'`),
      ).toEqual([{ per }]);
  });

  test("goes on counting where the files stopped, also after what is gone, and goes on voting", async () => {
    const [dataDir, address] = [copied(), await fresh()];
    const file = join(dataDir, "placard.sqlite");
    const most = Number(rowIn(file, "SELECT max(seq) AS n FROM job")?.["n"]);
    const number = Number(rowIn(file, "SELECT last AS n FROM picture_count WHERE chat_key = 'web:room'")?.["n"]);
    await moved(dataDir, address);
    const store = await opened(address);
    await accept(store, "new");
    expect(await asked(address, `SELECT seq FROM job WHERE job_id = '${idOf("new")}'`)).toEqual([{ seq: most + 1 }]);
    const { block } = await store.block(
      { scope: "web:room", member: { id: "web:x", name: "x" }, by: { id: "web:ana", name: "ana" }, sinceMs: T0 },
      { code: "cancelled", text: "x" } as never,
    );
    expect(block.number).toBe(3);
    for (;;) {
      const job = await store.claim("fake", T0, 60_000);
      if (!job) throw new Error("the new job is gone");
      await finish(store, job);
      if (job.jobId === idOf("new")) break;
    }
    const [{ newest } = { newest: 0 }] = await asked<{ readonly newest: number }>(
      address,
      `SELECT number AS newest FROM picture WHERE job_id = '${idOf("new")}'`,
    );
    const made = Number((await asked<{ readonly n: number }>(address, "SELECT count(*) AS n FROM picture"))[0]?.n);
    expect(newest).toBe(number + made - Number(rowIn(file, "SELECT count(*) AS n FROM picture")?.["n"]));
    await store.vote(voteInput(idOf("job1"), "cy", "after the move"));
    expect(namesIn(await ballotOn(store, idOf("job1")))).toEqual(["ben", "cy"]);
  });

  test("cut off anywhere and run again, it ends with the same rows, and nothing is brought twice", async () => {
    const [whole, address] = [await fresh(), await fresh()];
    await moved(copied(), whole);
    const dataDir = copied();
    await cutOff(dataDir, address, "rows", 0);
    const afterFirst = await asked(address, "SELECT at_table, at_row FROM placard_move");
    for (const after of [1, 3, 4]) await cutOff(dataDir, address, "rows", after);
    expect(await asked(address, "SELECT at_table, at_row FROM placard_move")).not.toEqual(afterFirst);
    await cutOff(dataDir, address, "comparing", 1);
    const result = await moved(dataDir, address);
    expect(result.resumed).toBe(true);
    expect(await rowsOf(address)).toEqual(await rowsOf(whole));
    expect(readdirSync(join(dataDir, ".."))).toEqual(["data"]);
  });

  test("a server that ends connections at any moment costs another run, no row", async () => {
    const [whole, address] = [await fresh(), await fresh()];
    await moved(copied(), whole);
    const dataDir = copied();
    let cuts = 0;
    for (let done = false; !done; ) {
      let seen = 0;
      const cut = cuts;
      const tell = () => {
        if (++seen !== 2 + cut * 5) return;
        void asked(
          url,
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${new URL(address).pathname.slice(1)}'`,
        );
      };
      done = await moved(dataDir, address, work(tell)).then(
        () => true,
        (error: Error) => {
          expect(error.message).toMatch(/cannot be reached|Connection terminated|terminating connection/);
          return false;
        },
      );
      cuts += 1;
    }
    expect(cuts).toBeGreaterThan(2);
    expect(await rowsOf(address)).toEqual(await rowsOf(whole));
  });

  test("until all of it is there no Placard starts on it, and both the start and the doctor say what to do", async () => {
    const [dataDir, address] = [copied(), await fresh()];
    await cutOff(dataDir, address, "rows", 3);
    await expect(opened(address)).rejects.toThrow(
      /not all of it is there yet: run npm run move -- --to DATABASE_URL again/,
    );
    const found = await inspectPostgres({ address, directAddress: undefined, named: false, picturesDir: made });
    expect(found).toMatchObject({
      ok: false,
      nextSteps: [expect.stringMatching(/^Finish the move: .*run npm run move/)],
    });
    await moved(dataDir, address);
    expect((await (await opened(address)).counts()).queued).toBeGreaterThan(10);
  });

  test("what happened in the files between two runs is there as well: it begins anew", async () => {
    const [dataDir, address] = [copied(), await fresh()];
    await cutOff(dataDir, address, "rows", 5);
    const db = new DatabaseSync(join(dataDir, "placard.sqlite"));
    db.exec("DELETE FROM inbox; INSERT INTO key_value VALUES('later', 'a', 'b')");
    db.close();
    const result = await moved(dataDir, address);
    expect(result.resumed).toBe(false);
    expect(await asked(address, "SELECT * FROM inbox")).toEqual([]);
    expect(await asked(address, "SELECT value FROM key_value WHERE namespace = 'later'")).toEqual([{ value: "b" }]);
  });

  test("refuses a folder at work, an empty one, a target in use, half of another installation, and what was moved before", async () => {
    const [dataDir, address] = [copied(), await fresh()];
    const unlock = lockFile(join(dataDir, "placard.sqlite.lock"));
    await expect(moved(dataDir, address)).rejects.toThrow(/Placard is running on .*: stop it first .* then move$/);
    unlock();
    await expect(moved(join(dataDir, "none"), address)).rejects.toThrow("there is nothing to move in");
    await cutOff(dataDir, address, "rows", 2);
    await expect(moved(copied(FIXTURE), address)).rejects.toThrow("half of another installation is in this database");
    await moved(dataDir, address);
    const again = /was moved into the database at \S+ database \S+ already: write DATABASE_URL into .env, and start/;
    await expect(moved(dataDir, address)).rejects.toThrow(again);
    await expect(moved(dataDir, await fresh())).rejects.toThrow("remove placard-moved.json from its folder first");
    await expect(moved(copied(), address)).rejects.toThrow("this database is not empty");
    const other = await fresh();
    await asked(other, "CREATE TABLE job(id BIGINT)");
    await expect(moved(copied(), other)).rejects.toThrow("this database is not empty");
    expect(await asked(other, "SELECT * FROM job")).toEqual([]);
  });

  test("a file that something changes meanwhile is not taken for moved", async () => {
    const [dataDir, address] = [copied(), await fresh()];
    let changed = false;
    const tell = ({ doing }: CopyProgress) => {
      if (changed || doing !== "comparing") return;
      changed = true;
      const db = new DatabaseSync(join(dataDir, "placard.sqlite"));
      db.exec("DELETE FROM inbox");
      db.close();
    };
    await expect(moved(dataDir, address, work(tell))).rejects.toThrow(
      "were changed by something while they were moved",
    );
    await expect(opened(address)).rejects.toThrow("not all of it is there yet");
    expect(existsSync(join(dataDir, "placard-moved.json"))).toBe(false);
    expect((await moved(dataDir, address)).resumed).toBe(false);
  });

  test("a row that arrives as another is found, and named", async () => {
    const [dataDir, address] = [copied(), await fresh()];
    await cutOff(dataDir, address, "comparing", 0);
    await asked(address, "UPDATE hold SET held_gpu_ms = held_gpu_ms + 1 WHERE ctid = (SELECT min(ctid) FROM hold)");
    await expect(moved(dataDir, address)).rejects.toThrow(
      /what arrived is not what was sent: hold \["job\d+-+",.*is not the same/,
    );
    await asked(address, "DELETE FROM shown; DELETE FROM inbox WHERE ctid = (SELECT min(ctid) FROM inbox)");
    await asked(address, "UPDATE hold SET held_gpu_ms = held_gpu_ms - 1 WHERE ctid = (SELECT max(ctid) FROM hold)");
    await expect(moved(dataDir, address)).rejects.toThrow(/there are \d+ rows in inbox, and there should be \d+/);
  });

  test("the log that a kill has left beside the database moves with it, and stays as it was", async () => {
    const dataDir = copied();
    const db = new DatabaseSync(join(dataDir, "placard.sqlite"));
    db.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; INSERT INTO key_value VALUES('wal', 'a', 'b')");
    // As it lies there while nobody has closed it.
    const killed = copied(dataDir);
    db.close();
    expect(statSync(join(killed, "placard.sqlite-wal")).size).toBeGreaterThan(0);
    const before = sums(killed);
    const address = await fresh();
    await moved(killed, address);
    expect(await asked(address, "SELECT value FROM key_value WHERE namespace = 'wal'")).toEqual([{ value: "b" }]);
    expect(sums(killed)).toEqual(before);
  });

  test("files of the first version move as today's: a copy of them is brought up to date, never they themselves", async () => {
    const [dataDir, address] = [copied(FIXTURE), await fresh()];
    const before = sums(dataDir);
    const result = await moved(dataDir, address);
    expect(sums(dataDir)).toEqual(before);
    expect(rowIn(join(dataDir, "placard.sqlite"), "PRAGMA user_version")).toEqual({ user_version: 3 });
    expect(result.tables.find(({ name }) => name === "picture")?.rows).toBe(21);
    expect(result.pictures).toMatchObject({ copied: "left", looked: 21, lost: [] });
    const { openJobs, counts } = await opened(address);
    expect((await openJobs({}, 100)).length).toBe((await counts()).queued + (await counts()).running);
  });

  test("the web chat's log moves along where the database has tables for it, and stays in its file where not", async () => {
    const [dataDir, address] = [copied(FIXTURE), await fresh()];
    const pictures = join(dataDir, "..", "new");
    mkdirSync(join(dataDir, "documents"), { recursive: true });
    writeFileSync(join(dataDir, "documents", "deck.pdf"), "%PDF");
    const { groupLog, tables } = await moved(dataDir, address, work(), pictures);
    expect(sums(join(pictures, "documents"))).toEqual(sums(join(dataDir, "documents")));
    expect(sums(join(pictures, "documents"))).not.toEqual([]);
    const [there] = await asked<{ readonly log: boolean }>(
      address,
      "SELECT to_regclass('web_message') IS NOT NULL AS log",
    );
    expect(groupLog).toBe(there?.log);
    expect(existsSync(join(pictures, "webchat", "uploads"))).toBe(groupLog);
    expect(tables.some(({ name }) => name === "web_message")).toBe(groupLog);
    if (!groupLog) return;
    const file = join(dataDir, "webchat", "webchat.sqlite");
    const newest = rowIn(file, "SELECT count(*) AS n, max(rev) AS rev FROM message");
    expect(await asked(address, "SELECT count(*) AS n, max(rev) AS rev FROM web_message")).toEqual([newest]);
    const [{ last } = { last: 0 }] = await asked<{ readonly last: number }>(
      address,
      "SELECT last FROM web_count WHERE name = 'rev'",
    );
    expect(last).toBeGreaterThanOrEqual(Number(newest?.["rev"]));
    const uploads = (folder: string) => sums(join(folder, "uploads"));
    expect(uploads(join(pictures, "webchat"))).toEqual(uploads(join(dataDir, "webchat")));
  });

  test("pictures go into their new folder, what is there already is not copied twice, and lost ones are named", async () => {
    const [dataDir, address] = [copied(FIXTURE), await fresh()];
    const pictures = join(dataDir, "..", "new", "pictures");
    const { path } = { path: somePicture(dataDir) };
    writeFileSync(join(dataDir, path), "not a picture");
    filesIn(join(dataDir, "..", "new"), { [path]: Buffer.from("half of it") });
    const result = await moved(dataDir, address, work(), pictures);
    const ofPictures = sums(pictures).filter((line) => !line.startsWith("webchat/"));
    expect(ofPictures).toEqual(sums(join(dataDir, "pictures")));
    expect(result.pictures).toMatchObject({ folder: pictures, copied: sums(pictures).length, looked: 21 });
    expect(result.pictures.lost).toHaveLength(1);
  });

  const somePicture = (dataDir: string): string =>
    readdirSync(join(dataDir, "pictures"), { recursive: true, encoding: "utf8" })
      .filter((path) => /^originals.*[^n]\.png$/.test(path))
      .map((path) => join("pictures", path))[0] ?? "";
}
