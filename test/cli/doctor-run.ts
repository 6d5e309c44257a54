import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

const root = new URL("../..", import.meta.url).pathname;

/** `npm run doctor` in a folder of its own. */
export function doctor(environment: Readonly<Record<string, string>>, envFile?: string) {
  const cwd = mkdtempSync(join(tmpdir(), "placard-doctor-"));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  if (envFile !== undefined) writeFileSync(join(cwd, ".env"), envFile);
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "src/cli/doctor.ts")], {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", STYLES_FILE: join(root, "styles.json"), WEB_PORT: "0", ...environment },
    encoding: "utf8",
    timeout: 30_000,
  });
  return { status, text: stdout + stderr };
}
