import { existsSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { isDatabaseAway } from "./lib/database-away.ts";
import { isDiskFull } from "./lib/disk-full.ts";
import { asError } from "./lib/error.ts";
import { hardenPrototypes } from "./lib/harden-prototypes.ts";
import { missingPackageIn } from "./lib/missing-package.ts";

const NO_ROOM =
  "there is no room on the disk with DATA_DIR. Make room and start it again; all that was promised goes on then.";
const LATEST_STOP_MS = 8000;

/** Starts everything that is configured and stops it on Ctrl-C. */
async function main(): Promise<void> {
  hardenPrototypes();
  if (existsSync(".env")) process.loadEnvFile(".env");
  // Not before: a package that is missing ends it with the sentence below.
  const { assemble } = await import("./app/assemble.ts");
  const environment = { ...process.env, ...settingsFrom(process.argv.slice(2)) };
  const { app, log, firstSteps } = await assemble(environment, { pretty: process.stdout.isTTY, envFile: ".env" });
  for (const line of await app.start()) console.log(line);
  for (const line of firstSteps) console.log(line);
  flushCompileCache();
  let stopping = false;
  const stop = (signal: string) => {
    // A second Ctrl-C does not wait: nothing is lost by it, running pictures are made again at the next start.
    if (stopping) process.exit(130);
    stopping = true;
    log.info("process.stopping", { signal });
    setTimeout(() => process.exit(1), LATEST_STOP_MS).unref();
    app.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        // Said already, and nothing is lost.
        if (isDatabaseAway(error)) process.exit(0);
        log.error("process.stop_failed", { error: asError(error) });
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", () => stop("SIGINT"));
  process.on("SIGTERM", () => stop("SIGTERM"));
}

/** @throws Error for what is no flag of the start */
function settingsFrom(flags: readonly string[]): Readonly<Record<string, string>> {
  const odd = flags.find((flag) => flag !== "--share");
  if (odd !== undefined) throw new Error(`there is no ${odd}. All there is: npm start, and npm start -- --share`);
  return flags.length > 0 ? { WEB_SHARE: "yes" } : {};
}

function whyNot(error: unknown): string {
  if (isDiskFull(error)) return NO_ROOM;
  const absent = missingPackageIn(error);
  if (absent !== undefined)
    return `the package ${absent}, which all of it needs, is not installed. Run npm ci in this folder, then start it again.`;
  return error instanceof Error ? error.message : "something broke";
}

main().catch((error: unknown) => {
  // The operator's sentence, not a stack: a wrong setting is the usual reason.
  console.error(`Placard did not start: ${whyNot(error)}`);
  process.exit(1);
});
