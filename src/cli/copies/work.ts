import type { CopyProgress, CopyWork } from "../../ports/backup.ts";

const LINE_EVERY_MS = 2000;
const DOING: Readonly<Record<CopyProgress["doing"], (done: number, total: number) => string>> = {
  database: (done, total) => `database: ${Math.floor((100 * done) / Math.max(1, total))} %`,
  files: (done, total) => `files: ${done} of ${total}`,
  checking: (done, total) => `checking pictures: ${done} of ${total}`,
  rows: (done, total) => `rows: ${done} of ${total}`,
  comparing: (done, total) => `comparing rows: ${done} of ${total}`,
};

const NOTHING_CHANGED = "Nothing was changed.";

/**
 * Lines now and then for work that takes longer, and Ctrl-C ends it cleanly. `work` says a sentence when it fails.
 *
 * @param left how things are when it was cut off
 */
export async function copyWork(work: (how: CopyWork) => Promise<void>, left: string = NOTHING_CHANGED): Promise<void> {
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  let lineAtMs = performance.now();
  const tell = ({ doing, done, total }: CopyProgress) => {
    if (performance.now() - lineAtMs < LINE_EVERY_MS) return;
    lineAtMs = performance.now();
    console.log(`  ${DOING[doing](done, total)}`);
  };
  try {
    await work({ signal: stop.signal, nowMs: Date.now, tell });
  } catch (error) {
    process.exitCode = stop.signal.aborted ? 130 : 1;
    console.error(stop.signal.aborted ? `Stopped. ${left}` : sentenceOf(error, left));
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}

const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;

function sentenceOf(error: unknown, left: string): string {
  if (!(error instanceof Error)) return String(error);
  const where = "path" in error && typeof error.path === "string" ? error.path : "one of the folders";
  const errcode = "errcode" in error ? error.errcode : undefined;
  if (errcode === SQLITE_FULL) return `The disk is full. ${left}`;
  if (errcode === SQLITE_BUSY) return "The database is busy just now. Try again in a minute.";
  switch ("code" in error ? error.code : undefined) {
    case "ENOSPC":
    case "EDQUOT":
      return `The disk is full. ${left}`;
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return `This account may not read or write ${where}. ${left}`;
    default:
      return `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`.replace(/\.\.$/, ".");
  }
}
