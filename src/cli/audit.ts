import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { faultsIn, faultsText, licencesText } from "./audit/report.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const WITHIN_MS = 60_000;

/** What npm says of these packages. Asked although it was told to stay offline: without its list it would say that all is well. */
function asked(only: readonly string[]): string {
  const words = ["audit", "--json", "--offline=false", ...only];
  const script = process.env["npm_execpath"];
  const [program, first] = script === undefined ? ["npm", []] : [process.execPath, [script]];
  const { stdout } = spawnSync(program, [...first, ...words], {
    cwd: ROOT,
    encoding: "utf8",
    timeout: WITHIN_MS,
    maxBuffer: 64e6,
    shell: script === undefined && process.platform === "win32",
  });
  return stdout ?? "";
}

/** Known faults of the packages, those that run first, and their licences. For people: nothing waits for it. */
function audit(): void {
  const running = faultsIn(asked(["--omit=dev"]));
  for (const line of faultsText("The packages that Placard runs with", running)) console.log(line);
  if (running !== undefined)
    for (const line of faultsText("All packages, those for developing included", faultsIn(asked([]))))
      console.log(line);
  for (const line of licencesText(readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8")))
    console.log(line);
  process.exitCode = running !== undefined && running.length > 0 ? 1 : 0;
}

audit();
