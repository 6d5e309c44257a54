import { findPackageJSON } from "node:module";

const HOW = "Run npm ci in Placard's folder, then start it again";

export function isInstalled(name: string): boolean {
  try {
    return findPackageJSON(name, import.meta.url) !== undefined;
  } catch {
    return false;
  }
}

/** What a part lacks, for the operator; `undefined` where it lacks nothing. @param settings those that turn it on */
export function lackingText(
  part: string,
  packages: readonly string[],
  settings: readonly string[],
  installed: (name: string) => boolean = isInstalled,
): string | undefined {
  const absent = packages.filter((name) => !installed(name));
  if (absent.length === 0) return undefined;
  const [what, are] = absent.length === 1 ? ["package", "is"] : ["packages", "are"];
  const whose = settings.length === 0 ? `“${part}”` : `${settings.join(", ")} (${part})`;
  return `NOT STARTED: ${whose} needs the ${what} ${absent.join(", ")}, which ${are} not installed. ${HOW}; the rest of Placard works.`;
}
