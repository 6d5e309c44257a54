/** Runs Node's reading of the command line and says its complaints in plain words. @throws Error with a sentence and the usage */
export function plainly<T>(usage: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new Error(`${complaintOf(cause)}\n${usage}`, { cause });
  }
}

function complaintOf(cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  // Node names the option in quotes: 'Unknown option '--foo'. To specify …', 'Option '--out <value>' argument missing'.
  const option = /'(-[^\s',]*)/u.exec(cause instanceof Error ? cause.message : "")?.[1] ?? "That option";
  if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") return `${option} is not known.`;
  return `${option} is not written as it should be.`;
}
