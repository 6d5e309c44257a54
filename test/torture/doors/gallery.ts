import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { importGallery } from "../../../src/app/space-gallery.ts";
import { loadStyles } from "../../../src/app/style-gallery.ts";
import { asError } from "../../../src/lib/error.ts";
import { textOfFile } from "../../../src/lib/file-text.ts";
import { parseForeignJson } from "../../../src/lib/foreign-json.ts";
import { pythonLiteralsIn } from "../../../src/lib/python-literal.ts";
import { hostileJson } from "../../fakes/hostile-json.ts";
import { door, type InputDoor } from "./door.ts";

const STYLE = {
  id: "rca",
  title: "RCA",
  summary: "posters",
  trigger: "RCA style",
  triggerPosition: "end",
  lora: { space: "RCA", huggingface: "someone/rca", comfyui: "rca.safetensors" },
  defaults: { width: 832, height: 1216, steps: 28 },
  examples: ["a red fox", "bread and roses"],
  preview: "rca.png",
};
const FILES: readonly unknown[] = [
  { styles: [STYLE] },
  { $schema: "x", styles: [STYLE, { ...STYLE, id: "other", trigger: "" }] },
  [STYLE, STYLE],
  { styles: Array.from({ length: 40 }, (_, at) => ({ ...STYLE, id: `s${at}`, trigger: `t${at}` })) },
];
const GALLERY = [
  {
    title: "RCA",
    repo: "someone/rca",
    image: "https://example.org/a.png",
    trigger_word: "rca",
    trigger_position: "end",
  },
  { title: "Заря", weights: "a/b.safetensors", trigger_word: null },
];

const inputs = fc.noBias(
  fc.record({ file: fc.nat(FILES.length - 1), json: hostileJson, also: fc.option(hostileJson, { freq: 4 }) }),
);

/** What the operator reads of it. @throws what is no mistake of the file */
async function mistakesOf(work: () => unknown): Promise<string> {
  try {
    await work();
    return "";
  } catch (cause) {
    const { message } = asError(cause);
    if (!/^(The styles have |[^\n]*\.json: )/.test(message)) throw cause;
    const long = message.split("\n").find((line) => line.length > 2000);
    if (long !== undefined) throw new Error(`a line of ${long.length} characters`);
    return message.replaceAll(QUOTED, "");
  }
}

/** Node quotes the file where it is no JSON: those are the file's words and not ours. */
const QUOTED = /(?:\.\.\.)?"[^\n]*"(?:\.\.\.)? is not valid JSON/g;

/** `styles.json` and a Space's `loras.json`, of any bytes. */
export async function galleryDoor(): Promise<InputDoor> {
  const folder = mkdtempSync(join(tmpdir(), "placard-hostile-gallery-"));
  return {
    ...door("gallery files", inputs, async ({ file, json, also }) => {
      writeFileSync(join(folder, "styles.json"), json(FILES[file]));
      if (also) writeFileSync(join(folder, "more.json"), also(FILES[0]));
      else rmSync(join(folder, "more.json"), { force: true });
      const alone = await mistakesOf(() => loadStyles(join(folder, "styles.json"), ["help", "info"]));
      const together = await mistakesOf(() => loadStyles(folder, ["help"]));
      const imported = importGallery(valuesIn(json(GALLERY)), ["rca"]);
      const said = [...imported.leftOut, ...imported.imported.flatMap(({ remarks }) => remarks)];
      // A line for each entry: a gallery may have many, and each line is short.
      const longest = said.toSorted((a, b) => b.length - a.length)[0] ?? "";
      return [alone, together, longest].map((text) => text.slice(0, 6000)).join("\n");
    }),
    async honest() {
      writeFileSync(join(folder, "styles.json"), JSON.stringify({ styles: [STYLE] }));
      const { styles } = await loadStyles(join(folder, "styles.json"));
      if (styles.length !== 1) throw new Error("a good file is not read");
    },
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

const valuesIn = (bytes: Buffer): readonly unknown[] => {
  const text = textOfFile(bytes);
  try {
    return [parseForeignJson(text)];
  } catch {
    return pythonLiteralsIn(text);
  }
};
