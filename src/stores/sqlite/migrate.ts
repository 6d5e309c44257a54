import { copyBeforeStep } from "./before-step.ts";
import { type Database, MEMORY } from "./database.ts";

/** SQL, or what SQL cannot say. */
export type Step = string | ((db: Database) => void);

/**
 * Does the numbered steps that a database lacks, each whole or not at all; its `user_version` says how many it has had. A
 * file that holds something already is copied beside itself first: one copy, however many steps are to do.
 *
 * @param upTo the steps to do, all but for tests of migrations
 * @throws Error when a newer Placard wrote the file: older code must not touch it; and when there can be no copy
 */
export function takeSteps(db: Database, steps: readonly Step[], upTo: number = steps.length): void {
  const before = db.version();
  if (before > 0 && before < upTo && db.file !== MEMORY) copyBeforeStep(db, before + 1);
  for (let done = before; done < upTo; done = db.version()) {
    db.tx(() => {
      // Another process may have done this step while we waited for the lock.
      if (db.version() !== done) return;
      const step = steps[done];
      if (typeof step === "function") step(db);
      else if (step !== undefined) db.exec(step);
      db.exec(`PRAGMA user_version = ${done + 1}`);
    });
  }
  if (db.version() > steps.length)
    throw new Error(
      `this database was written by a newer Placard (version ${db.version()}, known here: ${steps.length}): update Placard, or use another DATA_DIR`,
    );
}
