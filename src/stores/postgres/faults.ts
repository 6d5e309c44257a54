/** What a fault means for whoever asked. */
export type Fault =
  /** The server or the way to it, and nothing is wrong with what was asked: it may work again any moment. */
  | "gone"
  /** Two transactions were in each other's way: run again, one of them passes. */
  | "conflict"
  | "other";

const NETWORK: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ENOENT",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
]);
/** Stopping or starting; the connection broke; too many connections; waited too long for a lock, a statement or us. */
const SERVER = /^(57P0\d|08\w\d\d|53300|57014|55P03|25P03)$/;
const CONFLICTS: ReadonlySet<string> = new Set(["40P01", "40001"]);
/** `pg` says these without a code. */
const OWN_WORDS =
  /Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|not queryable|Client was closed/;

export const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

export function faultOf(error: unknown): Fault {
  const code = codeOf(error);
  if (CONFLICTS.has(code)) return "conflict";
  if (NETWORK.has(code) || SERVER.test(code)) return "gone";
  return error instanceof Error && code === "" && OWN_WORDS.test(error.message) ? "gone" : "other";
}
