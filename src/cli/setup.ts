import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";
import { environmentOf, FILE_SUFFIX, mayBeInFile } from "../app/secret-files.ts";
import { withoutEmpty } from "../app/settings.ts";
import { hardenPrototypes } from "../lib/harden-prototypes.ts";
import { connect, withChanges } from "./setup/connect.ts";
import { readEnvFile, withSettings, writeEnvFile } from "./setup/env-file.ts";
import { loadOffers, type Offer } from "./setup/offers.ts";
import { Interrupted, openTerminal, type Terminal } from "./setup/terminal.ts";

const ENV_FILE = resolve(".env");
const EXAMPLE = fileURLToPath(new URL("../../.env.example", import.meta.url));

/** Connects what somebody chooses, one thing after the other: asked for, tried at once, and kept in `.env`. */
async function setup(terminal: Terminal): Promise<void> {
  hardenPrototypes();
  const { platforms, backends } = await loadOffers();
  terminal.say(
    "Placard works without any of this. Connect what you like, in any order, and run this again at any time.",
  );
  let changed = false;
  for (;;) {
    const text = readEnvFile(ENV_FILE, EXAMPLE);
    // What the shell sets goes before the file, as it does at the start.
    const written = withoutEmpty({ ...parseEnv(text), ...process.env });
    const { env, mistakes } = await environmentOf(written);
    for (const mistake of mistakes) terminal.say(`✗ ${mistake}`);
    const offer = await chosen(terminal, platforms, backends, env);
    if (offer === undefined) break;
    const outside = offer.ask.find((name) => (process.env[name] ?? "") !== "");
    if (outside !== undefined) {
      terminal.say(
        `${outside} is set outside .env, in the environment of this shell, and counts there: change it there.`,
      );
      continue;
    }
    const inFile = offer.ask.find((name) => mayBeInFile(name) && written[name + FILE_SUFFIX] !== undefined);
    if (inFile !== undefined) {
      terminal.say(
        `${inFile} is in the file that ${inFile + FILE_SUFFIX} names: change it there, or take that setting out.`,
      );
      continue;
    }
    const changes = await connect(terminal, offer, env);
    if (changes === undefined) {
      terminal.say("Nothing was changed.");
      continue;
    }
    writeEnvFile(ENV_FILE, withSettings(text, changes));
    changed = true;
    const on = withChanges(env, changes)[offer.ask[0]] !== undefined;
    terminal.say(`${offer.title} is ${on ? "connected: kept in .env, which only this account can read" : "off now"}.`);
  }
  terminal.say(changed ? "Start Placard (again): npm start" : "Start Placard: npm start");
}

async function chosen(
  terminal: Terminal,
  platforms: readonly Offer[],
  backends: readonly Offer[],
  env: Readonly<Record<string, string>>,
): Promise<Offer | undefined> {
  const all = [...platforms, ...backends];
  const line = (offer: Offer) =>
    `  ${String(all.indexOf(offer) + 1).padStart(2)}  ${offer.title}${env[offer.ask[0]] === undefined ? "" : "  ✓"}`;
  terminal.say(
    [
      "\nWhere people talk (✓: connected)",
      ...platforms.map(line),
      "Where pictures are made (none: posters from the built-in sketch)",
      ...backends.map(line),
    ].join("\n"),
  );
  for (;;) {
    const answer = await terminal.ask("Which one? Its number, or Enter when you are done: ");
    if (answer === undefined || answer === "") return undefined;
    const offer = /^\d+$/.test(answer) ? all[Number(answer) - 1] : undefined;
    if (offer) return offer;
    terminal.say(`That is none of 1 to ${all.length}.`);
  }
}

const terminal = openTerminal(process.stdin, process.stdout);
try {
  await setup(terminal);
} catch (error) {
  const interrupted = error instanceof Interrupted;
  process.exitCode = interrupted ? 130 : 1;
  terminal.say(interrupted ? "\nStopped. What was not kept yet stays as it was." : asSentence(error));
} finally {
  terminal.close();
}

function asSentence(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") return "This account may not write .env here.";
  if (code === "ENOSPC") return "The disk is full: .env is as it was.";
  return error instanceof Error ? error.message : String(error);
}
