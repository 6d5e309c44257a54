import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { readEnvironment } from "../app/secret-files.ts";
import { hardenPrototypes } from "../lib/harden-prototypes.ts";
import { plainly } from "./arguments.ts";
import { pruneOthers } from "./onnx/prune.ts";
import { tryFolder } from "./onnx/try.ts";

const USAGE = `Usage: npm run onnx -- try FOLDER [--prompt "a red fox"] [--out try.png]
       npm run onnx -- prune           removes what other systems need of ONNX Runtime
       npm run onnx -- install-cuda    downloads what it needs for a graphics card (Linux, CUDA 12)
How to make the folder of a model: docs/pictures/onnx.md.`;

async function onnx(): Promise<void> {
  hardenPrototypes();
  const { values, positionals } = plainly(USAGE, () =>
    parseArgs({
      allowPositionals: true,
      options: { out: { type: "string" }, prompt: { type: "string" }, help: { type: "boolean" } },
    }),
  );
  const [what, folder] = positionals;
  if (what === "prune") return prune();
  if (what === "install-cuda") return installCuda();
  if (values.help === true || what !== "try" || folder === undefined) return void console.log(USAGE);
  if (existsSync(".env")) process.loadEnvFile(".env");
  const { out = "try.png", prompt = "a red fox" } = values;
  const env = await readEnvironment(process.env);
  for (const line of await tryFolder(folder, { out, prompt, env })) console.log(line);
}

function prune(): void {
  const bytes = pruneOthers(packageFolder(), `${process.platform}/${process.arch}`);
  console.log(
    bytes > 0 ? `${Math.round(bytes / 1e6)} MB given back. npm ci brings them again.` : "There was nothing to remove.",
  );
}

/** The package's own script: it was not run at installing, since it downloads from outside of npm's registry. */
async function installCuda(): Promise<void> {
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error(
      "CUDA is an addition on Linux with an Intel or AMD processor only; elsewhere all that works is there already.",
    );
  console.log("This needs CUDA 12 and cuDNN 9 on this machine; no graphics card was at hand to try it with.");
  const script = join(packageFolder(), "script/install.js");
  const child = spawn(process.execPath, [script, "--onnxruntime-node-install=cuda12"], { stdio: "inherit" });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error("The download did not work. npm run doctor says what computes the model now.");
  console.log("Done. npm run doctor says whether it works.");
}

function packageFolder(): string {
  const found = findPackageJSON("onnxruntime-node", import.meta.url);
  if (found === undefined) throw new Error("onnxruntime-node is not installed. Run npm ci in Placard's folder.");
  return dirname(found);
}

onnx().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
