import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import type { CopyProgress, CopyWork } from "../../src/ports/backup.ts";
import { backups } from "../../src/stores/sqlite/copies.ts";
import { lockFile, openDatabase } from "../../src/stores/sqlite/database.ts";

const FIXTURE = new URL("../fixtures/data-v1/", import.meta.url);
const NOW_MS = 1_800_000_000_000;

const PICTURES = 2;
/** `data`: an installation with all kinds of rows and few files, for every file is waited for. `copy`: of it. */
const made = mkdtempSync(join(tmpdir(), "placard-copies-"));
beforeAll(async () => {
  const dataDir = join(made, "data");
  cpSync(FIXTURE, dataDir, {
    recursive: true,
    filter: (path) => !/\/(originals\/..|inputs\/.|uploads\/(?!5Px.*json))|facts\.json/.test(path),
  });
  const db = openDatabase(join(dataDir, "placard.sqlite"));
  db.exec(`DELETE FROM picture WHERE number > ${PICTURES}`);
  const rows = db.query<{ readonly imageId: string }>("SELECT image_id AS imageId FROM picture").all();
  db.close();
  for (const { imageId } of rows) cpSync(new URL(fileOf(imageId), FIXTURE), join(dataDir, fileOf(imageId)));
  await backups.backup(dataDir, join(made, "copy"), work());
});
afterAll(() => rmSync(made, { recursive: true, force: true }));

function installation() {
  const folder = mkdtempSync(join(tmpdir(), "placard-copies-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const dataDir = join(folder, "data");
  cpSync(join(made, "data"), dataDir, { recursive: true });
  return {
    folder,
    dataDir,
    into: join(folder, "backups", "copy"),
    to: { dataDir, aside: join(folder, "data.before") },
    /** As the program at work has it. */
    live(file: string, sql: string): void {
      const db = openDatabase(join(dataDir, file));
      db.exec(sql);
      db.close();
    },
  };
}

function work(tell: CopyWork["tell"] = () => {}, signal = new AbortController().signal): CopyWork {
  return { tell, signal, nowMs: () => NOW_MS };
}
/** Once, when this is being done. */
const at = (doing: CopyProgress["doing"], act: () => void): CopyWork["tell"] => {
  let acted = false;
  return (progress) => {
    if (acted || progress.doing !== doing) return;
    acted = true;
    act();
  };
};

function rowsIn(file: string, sql: string): readonly unknown[] {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}
const pathsIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => join(entry.parentPath, entry.name));

/** A picture of the fixture that is shown, its number and its file. */
function somePicture(dataDir: string) {
  const sql = "SELECT image_id AS imageId, number FROM picture ORDER BY number LIMIT 1";
  const [row] = rowsIn(join(dataDir, "placard.sqlite"), sql);
  const { imageId, number } = z.object({ imageId: z.string(), number: z.int() }).parse(row);
  return { imageId, number, file: fileOf(imageId) };
}
const fileOf = (imageId: string) => join("pictures", "originals", imageId.slice(0, 2), `${imageId}.png`);

describe("a copy", () => {
  test("holds every row and file, for this account's eyes only, and says how many", async () => {
    const { dataDir, into } = installation();
    const done: CopyProgress[] = [];
    const said = await backups.backup(
      dataDir,
      into,
      work((progress) => done.push(progress)),
    );
    expect(said).toMatchObject({ madeAtMs: NOW_MS, pictures: PICTURES, missing: [], damaged: [] });
    expect(new Set(done.map(({ doing }) => doing))).toEqual(new Set(["database", "files", "checking"]));
    for (const file of ["placard.sqlite", join("webchat", "webchat.sqlite")])
      for (const table of file.startsWith("w")
        ? ["message", "member", "room"]
        : ["job", "picture", "outbox", "key_value"])
        expect(rowsIn(join(into, file), `SELECT * FROM ${table}`)).toEqual(
          rowsIn(join(dataDir, file), `SELECT * FROM ${table}`),
        );
    for (const path of pathsIn(dataDir).filter((found) => statSync(found).isFile() && !found.includes(".sqlite")))
      expect(readFileSync(path.replace(dataDir, into)), path).toEqual(readFileSync(path));
    for (const path of pathsIn(into)) expect(statSync(path).mode & 0o077, path).toBe(0);
    expect(pathsIn(into).filter((path) => /-(wal|shm)$|\.lock$|\.part$/.test(path))).toEqual([]);
    expect(await backups.facts(into)).toMatchObject({ pictures: PICTURES, files: said.files });
    expect(await backups.facts(dataDir)).toBeUndefined();
  });

  test("is of one moment in all databases, whatever is written while they are copied", async () => {
    const { dataDir, into, live } = installation();
    const writes = at("database", () => {
      live("placard.sqlite", "INSERT INTO key_value VALUES('later', 'x')");
      live("webchat/webchat.sqlite", "INSERT INTO meta VALUES('later', 'x')");
    });
    await backups.backup(dataDir, into, work(writes));
    expect(rowsIn(join(into, "placard.sqlite"), "SELECT * FROM key_value WHERE key = 'later'")).toEqual([]);
    expect(rowsIn(join(into, "webchat/webchat.sqlite"), "SELECT * FROM meta WHERE key = 'later'")).toEqual([]);
    expect(rowsIn(join(dataDir, "placard.sqlite"), "SELECT * FROM key_value WHERE key = 'later'")).toHaveLength(1);
  });

  test("forgets a picture that is forgotten while it is made", async () => {
    const { dataDir, into, live } = installation();
    const { imageId, file } = somePicture(dataDir);
    const forgets = at("database", () => {
      live("placard.sqlite", `DELETE FROM picture WHERE image_id = '${imageId}'`);
      rmSync(join(dataDir, file));
    });
    expect(await backups.backup(dataDir, into, work(forgets))).toMatchObject({ pictures: PICTURES - 1, missing: [] });
    const sql = `SELECT 1 FROM picture WHERE image_id = '${imageId}'`;
    expect(rowsIn(join(into, "placard.sqlite"), sql)).toEqual([]);
  });

  test("holds a picture without its words, too, and nothing of one that is forgotten meanwhile", async () => {
    const { dataDir, into, live } = installation();
    const { imageId, number, file } = somePicture(dataDir);
    const [plain, set] = [".plain.png", ".lettering.json"].map((kind) => file.replace(/\.png$/u, kind));
    const beside = [plain ?? "", set ?? ""];
    for (const path of beside) writeFileSync(join(dataDir, path), path);
    live(
      "placard.sqlite",
      `UPDATE picture SET body = json_set(body, '$.recipe.request.lettering', json('{}')) WHERE image_id = '${imageId}'`,
    );
    expect(await backups.backup(dataDir, into, work())).toMatchObject({ pictures: PICTURES, missing: [] });
    for (const path of beside) expect(readFileSync(join(into, path), "utf8")).toBe(path);
    rmSync(join(dataDir, beside[0] ?? ""));
    expect(await backups.backup(dataDir, `${into}2`, work())).toMatchObject({ missing: [number] });
    const forgets = at("database", () => {
      live("placard.sqlite", `DELETE FROM picture WHERE image_id = '${imageId}'`);
      rmSync(join(dataDir, file));
    });
    await backups.backup(dataDir, `${into}3`, work(forgets));
    expect(pathsIn(`${into}3`).filter((path) => path.includes(imageId))).toEqual([]);
    const to = join(dataDir, "..", "restored");
    await backups.restore(`${into}3`, { dataDir: to, aside: `${to}.before` }, work());
  });

  test("names pictures whose file was lost or is another one", async () => {
    const { dataDir, into } = installation();
    const { number, file } = somePicture(dataDir);
    rmSync(join(dataDir, file));
    expect(await backups.backup(dataDir, into, work())).toMatchObject({
      pictures: PICTURES,
      missing: [number],
      damaged: [],
    });
    cpSync(new URL("../gallery/contact-sheet.webp", import.meta.url), join(dataDir, file));
    expect(await backups.backup(dataDir, `${into}2`, work())).toMatchObject({ missing: [], damaged: [number] });
  });

  test.each(["database", "files", "checking"] as const)(
    "leaves nothing behind when it is stopped at: %s",
    async (doing) => {
      const { folder, dataDir, into } = installation();
      const stop = new AbortController();
      await expect(
        backups.backup(
          dataDir,
          into,
          work(
            at(doing, () => stop.abort()),
            stop.signal,
          ),
        ),
      ).rejects.toThrow();
      expect(readdirSync(join(folder, "backups"))).toEqual([]);
    },
  );

  test("is not made of nothing, over something, or of what a newer Placard wrote", async () => {
    const { folder, dataDir, into, live } = installation();
    await expect(backups.backup(folder, into, work())).rejects.toThrow("nothing to copy");
    await expect(backups.backup(dataDir, dataDir, work())).rejects.toThrow("is there already");
    live("placard.sqlite", "PRAGMA user_version = 99");
    await expect(backups.backup(dataDir, into, work())).rejects.toThrow("newer Placard");
    expect(readdirSync(join(folder, "backups"))).toEqual([]);
  });
});

describe("putting a copy back", () => {
  function copied() {
    const there = installation();
    cpSync(join(made, "copy"), there.into, { recursive: true });
    return there;
  }
  const marked = "SELECT * FROM key_value WHERE key = 'since the copy'";

  test("puts it in place and what was there aside, whole", async () => {
    const { folder, dataDir, into, to, live } = copied();
    live("placard.sqlite", "INSERT INTO key_value VALUES('since the copy', 'x')");
    expect(await backups.restore(into, to, work())).toMatchObject({ pictures: PICTURES, movedAside: true });
    expect(rowsIn(join(dataDir, "placard.sqlite"), marked)).toEqual([]);
    expect(rowsIn(join(to.aside, "placard.sqlite"), marked)).toHaveLength(1);
    expect(existsSync(join(to.aside, somePicture(dataDir).file))).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(["backups", "data", "data.before"]);
    expect(existsSync(join(dataDir, "placard-backup.json"))).toBe(false);
    // Open tabs ask everything anew; their members stay who they are.
    const groupLog = join(dataDir, "webchat", "webchat.sqlite");
    expect(rowsIn(groupLog, "SELECT key FROM meta ORDER BY key")).toEqual([{ key: "salt" }]);
    expect(rowsIn(groupLog, "SELECT * FROM member")).toEqual(
      rowsIn(join(to.aside, "webchat", "webchat.sqlite"), "SELECT * FROM member"),
    );
  });

  test("needs no data folder, and keeps no empty one", async () => {
    const { dataDir, into, to } = copied();
    rmSync(dataDir, { recursive: true });
    expect(await backups.restore(into, to, work())).toMatchObject({ movedAside: false });
    expect(somePicture(dataDir).number).toBe(1);
  });

  test("refuses while a Placard runs there, and lets it start afterwards", async () => {
    const { dataDir, into, to } = copied();
    const unlock = lockFile(join(dataDir, "placard.sqlite.lock"));
    await expect(backups.restore(into, to, work())).rejects.toThrow(/^Placard is running on .*: stop it first/);
    unlock();
    await backups.restore(into, to, work());
    lockFile(join(dataDir, "placard.sqlite.lock"))();
  });

  test.each([
    [
      "a changed file",
      "is not what was copied",
      (into: string) => writeFileSync(join(into, somePicture(into).file), "x"),
    ],
    ["a lost file", "is not there", (into: string) => rmSync(join(into, somePicture(into).file))],
    [
      "a changed database",
      "placard.sqlite is not what",
      (into: string) => writeFileSync(join(into, "placard.sqlite"), "x"),
    ],
    ["a list cut short", "cannot be read", (into: string) => edited(into, (text) => text.slice(0, 400))],
    [
      "a list that leads out",
      "cannot be read",
      (into: string) => edited(into, (text) => text.replace("webchat/webchat.sqlite", "../../x")),
    ],
    [
      "a newer list",
      "newer Placard",
      (into: string) => edited(into, (text) => text.replace('Backup": 1', 'Backup": 2')),
    ],
    [
      "a newer database",
      "newer Placard",
      (into: string) => edited(into, (text) => text.replace(/placard.sqlite": \d+/, 'placard.sqlite": 99')),
    ],
    [
      "a newer group log",
      "newer Placard",
      (into: string) => edited(into, (text) => text.replace(/webchat.sqlite": \d+/, 'webchat.sqlite": 99')),
    ],
    ["no list", "is no copy", (into: string) => rmSync(join(into, "placard-backup.json"))],
  ])("refuses %s and changes nothing", async (_what, sentence, spoil) => {
    const { folder, dataDir, into, to, live } = copied();
    live("placard.sqlite", "INSERT INTO key_value VALUES('since the copy', 'x')");
    spoil(into);
    await expect(backups.restore(into, to, work())).rejects.toThrow(sentence);
    expect(rowsIn(join(dataDir, "placard.sqlite"), marked)).toHaveLength(1);
    expect(readdirSync(folder).sort()).toEqual(["backups", "data"]);
  });
});

function edited(into: string, change: (text: string) => string): void {
  const list = join(into, "placard-backup.json");
  const before = readFileSync(list, "utf8");
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(list, after);
}
