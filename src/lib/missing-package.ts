const CAUSES_MAX = 5;
const NAMED = /^Cannot find (?:package|module) '((?:@[^/']+\/)?[^/'.][^/']*)/;

/** The package that could not be loaded; `undefined`: that is not what went wrong. */
export function missingPackageIn(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > CAUSES_MAX) return undefined;
  const absent = "code" in error && (error.code === "ERR_MODULE_NOT_FOUND" || error.code === "MODULE_NOT_FOUND");
  return (absent ? NAMED.exec(error.message)?.[1] : undefined) ?? missingPackageIn(error.cause, depth + 1);
}
