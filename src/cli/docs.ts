import { readFile, writeFile } from "node:fs/promises";
import { documents } from "./docs/documents.ts";

/** Writes the generated tables of `docs/` and `.env.example`; with `--check` only says whether they are current. */
async function docs(): Promise<void> {
  const check = process.argv.includes("--check");
  const stale: string[] = [];
  for (const { file, text } of await documents()) {
    const before = await readFile(file, "utf8").catch(() => "");
    if (before === text) continue;
    stale.push(file);
    if (!check) await writeFile(file, text);
  }
  if (stale.length === 0) console.log("Documents are current.");
  else if (check) throw new Error(`${stale.join(", ")}: not what the code says. Run: npm run docs`);
  else console.log(`Written: ${stale.join(", ")}`);
}

docs().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
