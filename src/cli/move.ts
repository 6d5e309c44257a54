import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { openMove } from "../app/moves.ts";
import { redactor } from "../app/pino-log.ts";
import { readEnvironment } from "../app/secret-files.ts";
import { secretsIn } from "../app/secrets.ts";
import type { CopyWork } from "../ports/backup.ts";
import type { Moved } from "../ports/move.ts";
import { plainly } from "./arguments.ts";
import { typed } from "./copies/folders.ts";
import { copyWork } from "./copies/work.ts";

const SETTING = "DATABASE_URL";
const USAGE = `Usage: npm run move -- --to DATABASE_URL
Takes everything from the files of the data folder over into an empty PostgreSQL database. DATABASE_URL: the one that is set in
.env, by that word, or an address such as postgres://name:password@db.example.org:5432/placard. Stop Placard first. The files
stay as they are. Cut off at any moment, run it again: it goes on where it was.`;
const LEFT = "The files are as they were. Run it again: it goes on where it was.";
/** Everything was moved, and tells of pictures that were lost before. */
const EXIT_INCOMPLETE = 2;

async function move(how: CopyWork): Promise<void> {
  const { values } = plainly(USAGE, () =>
    parseArgs({ options: { to: { type: "string" }, help: { type: "boolean" } } }),
  );
  if (values.help === true || values.to === undefined) {
    if (values.help !== true) process.exitCode = 1;
    return void console.log(USAGE);
  }
  if (existsSync(".env")) process.loadEnvFile(".env");
  const named = values.to !== SETTING;
  // The address that was typed goes before the one that is set, in whatever way that is.
  const env = { ...(await readEnvironment(process.env)), ...(named ? { [SETTING]: values.to } : {}) };
  if (env[SETTING] === undefined)
    throw new Error(`${SETTING} is not set: write it into .env first, or give an address`);
  const redact = redactor(secretsIn(env));
  try {
    const { dataDir, out, into } = await openMove(env);
    console.log(`Moving ${typed(dataDir)} into ${into.where} …`);
    const from = await out(how);
    try {
      const moved = await into.receive(from, how);
      for (const line of report(moved, { dataDir, where: into.where, named })) console.log(line);
      if (moved.pictures.lost.length > 0) process.exitCode = EXIT_INCOMPLETE;
    } finally {
      await from.close();
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // As it is, but for what a server may have repeated in its words.
    error.message = redact(error.message);
    throw error;
  }
}

interface Told {
  readonly dataDir: string;
  readonly where: string;
  readonly named: boolean;
}

function report(moved: Moved, { dataDir, where, named }: Told): readonly string[] {
  const { tables, sums, altered } = moved;
  return [
    ...(moved.resumed ? ["An earlier run had brought a part of it: this one brought the rest."] : []),
    "Everything is there, and was compared row by row:",
    ...aligned([
      ["table", "rows", "sha256 of the rows, on both sides"],
      ...tables.map(({ name, rows, sha256 }) => [name, String(rows), sha256.slice(0, 16)] as const),
    ]),
    ...aligned(sums.map(({ what, value }) => [what, String(value), ""] as const)),
    ...(altered === 0
      ? []
      : [
          `${altered} ${altered === 1 ? "text had" : "texts had"} a zero byte in it, which PostgreSQL cannot keep: � stands there now.`,
        ]),
    ...picturesText(moved.pictures),
    named
      ? `Now write that address into .env, in a line that begins with ${SETTING}=, and start Placard: npm start`
      : "Now start Placard: npm start",
    `The files in ${typed(dataDir)} are as they were. Whoever starts Placard with them, without ${SETTING}, is warned that they were moved into ${where}. Keep them until you are sure.`,
  ];
}

function picturesText({ folder, copied, looked, lost }: Moved["pictures"]): readonly string[] {
  return [
    copied === "left"
      ? `Pictures and documents stay where they are, in ${typed(folder)} and beside it: leave DATA_DIR as it is.`
      : `${copied} files of pictures, documents and what members sent along were copied to ${typed(folder)} and compared.`,
    lost.length === 0
      ? `${looked} pictures were opened, and are what was made.`
      : `✗ Of ${looked} pictures that were opened, these had lost their files before, or have damaged ones: ${lost.map((number) => `#${number}`).join(", ")}`,
  ];
}

function aligned(rows: readonly (readonly [string, string, string])[]): readonly string[] {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column as 0 | 1].length)));
  return rows.map(([first, second, third]) =>
    `  ${first.padEnd(widths[0] ?? 0)}  ${second.padStart(widths[1] ?? 0)}  ${third}`.trimEnd(),
  );
}

await copyWork(move, LEFT);
