import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { expect, it, onTestFinished } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { marked } from "../../src/domain/marked.ts";
import { createSigning } from "../../src/jobs/signing/signing.ts";
import { hasManifest } from "../../src/lib/c2pa-part.ts";
import { stripPng, withPngText } from "../../src/lib/png.ts";
import { keyValuesInMemory, silentLog } from "../fakes/module-services.ts";
import { withManifest } from "../unmarked.ts";

const MODEL = "trainedAlgorithmicMedia";
const MAKING = { made: MODEL, madeAtMs: Date.parse("2026-11-03T12:00:00Z") } as const;
const bare = tinyPng(832, 1216, "x");
const original = withPngText(bare, [{ keyword: "placard", text: "a recipe" }]);

function signing(keyValues = keyValuesInMemory()) {
  const signs = createSigning({ keyValues, log: silentLog });
  onTestFinished(() => signs.close());
  return signs;
}

it("signs an original without a change to what lies under it, each time as the same installation", async () => {
  const signs = signing();
  const [first, second] = [await signs.signed(original, MAKING), await signs.signed(original, MAKING)];
  expect(hasManifest(original)).toBe(false);
  for (const signed of [first, second]) {
    expect(hasManifest(signed)).toBe(true);
    expect(Buffer.from(stripPng(signed)).equals(Buffer.from(bare))).toBe(true);
    expect(Buffer.from(signed).includes("a recipe")).toBe(true);
  }
  // The certificates are the first 1.5 KB of the signature: those of another installation would differ.
  const certificateIn = (file: Uint8Array) => {
    const at = Buffer.from(file).indexOf("signed by this group's Placard");
    return Buffer.from(file).toString("hex", at - 200, at + 200);
  };
  expect(certificateIn(first)).toBe(certificateIn(second));
});

it("knows its own seal by the certificate itself, and whether it holds; another installation's is another's", async () => {
  const keyValues = keyValuesInMemory();
  const [ours, theirs] = [signing(keyValues), signing()];
  const jpeg = await sharp(bare).jpeg().toBuffer();
  const [png, jpg, foreign] = await Promise.all([
    ours.signed(marked(original, MODEL), MAKING),
    ours.signed(marked(jpeg, MODEL), MAKING),
    theirs.signed(original, MAKING),
  ]);
  const again = signing(keyValues);
  for (const file of [png, jpg]) {
    expect(await again.sealOf(file)).toEqual({ by: "us", holds: true });
    expect(await theirs.sealOf(file)).toEqual({ by: "others", holds: true, name: "signed by this group's Placard" });
  }
  expect(await ours.sealOf(foreign)).toMatchObject({ by: "others", holds: true });
  expect(await ours.sealOf(original)).toBeUndefined();
  // A pixel, and the moment it was made.
  for (const what of ["IDAT", "2026-11-03T12"] as const) {
    expect(await ours.sealOf(changedAt(png, what))).toEqual({ by: "us", holds: false });
    expect(await ours.sealOf(changedAt(foreign, what))).toMatchObject({ by: "others", holds: false });
  }
  expect(await ours.sealOf(Buffer.from(withManifest(original)))).toEqual({ by: "unknown" });
});

it("gives what it cannot sign as it is", async () => {
  const broken = Buffer.from("no picture");
  expect(await signing().signed(broken, MAKING)).toBe(broken);
});

/** Of others: their verdicts on our files as JSON. */
const C2PA = `
import sys, json, c2pa
def told(path):
    d = json.loads(c2pa.Reader(path).json())
    m = d["manifests"][d["active_manifest"]]
    return {"state": d.get("validation_state"), "faults": [s["code"] for s in d.get("validation_status", [])], "by": m["signature_info"]["common_name"], "all": json.dumps(m)}
print(json.dumps([told(p) for p in sys.argv[1:]]))`;
const XMP = `
import sys, json, pyexiv2
print(json.dumps([pyexiv2.Image(p).read_xmp() for p in sys.argv[1:]]))`;

function judged(script: string, paths: readonly string[]): readonly Record<string, unknown>[] | undefined {
  try {
    const python = process.env["MARKS_PYTHON"] ?? "python3";
    return JSON.parse(
      execFileSync(python, ["-c", script, ...paths], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }),
    );
  } catch (error) {
    const said = error instanceof Error ? error.message : "";
    if (/ENOENT|ModuleNotFoundError/u.test(said)) return undefined;
    throw error;
  }
}

async function files() {
  const folder = await mkdtemp(join(tmpdir(), "placard-marks-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const jpeg = await sharp(bare).jpeg().toBuffer();
  const webp = await sharp(bare).webp().toBuffer();
  const signs = signing();
  const written = async (name: string, bytes: Uint8Array) => {
    await writeFile(join(folder, name), bytes);
    return join(folder, name);
  };
  return {
    signed: [
      await written("signed.png", await signs.signed(marked(original, MODEL), MAKING)),
      await written("signed.jpg", await signs.signed(marked(jpeg, MODEL), MAKING)),
    ],
    unsigned: [
      await written("posted.png", marked(bare, MODEL)),
      await written("posted.jpg", marked(jpeg, MODEL)),
      await written("posted.webp", marked(webp, MODEL)),
    ],
    /** A pixel was changed after it was signed. */
    changed: await written("changed.png", changedAfter(await signs.signed(original, MAKING))),
  };
}

const changedAfter = (signed: Uint8Array): Uint8Array => changedAt(signed, "IDAT");

/** One bit, some bytes behind where these letters stand. */
function changedAt(signed: Uint8Array, letters: keyof typeof BEHIND): Uint8Array {
  const copy = Buffer.from(signed);
  const found = copy.lastIndexOf(letters);
  if (found < 0) throw new Error(`nowhere: ${letters}`);
  const at = found + BEHIND[letters];
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
const BEHIND = { IDAT: 40, "2026-11-03T12": 12 };

const NEEDS = "needs c2pa-python and pyexiv2: pip install both, and MARKS_PYTHON if they are in another Python";

it("is valid to the reference library of C2PA, which also sees a change", async (context) => {
  const { signed, changed } = await files();
  const told = judged(C2PA, [...signed, changed]);
  if (!told) return context.skip(NEEDS);
  for (const each of told.slice(0, 2)) {
    expect(each).toMatchObject({ state: "Valid", faults: ["signingCredential.untrusted"] });
    expect(each["by"]).toBe("signed by this group's Placard");
    expect(each["all"]).toContain(`digitalsourcetype/${MODEL}`);
    expect(each["all"]).toContain('"when": "2026-11-03T12:00:00.000Z"');
    expect(each["all"]).not.toContain("recipe");
  }
  expect(told[2]).toMatchObject({ state: "Invalid" });
});

it("is marked to another reader of XMP, signed and posted, as PNG, JPEG and WebP", async (context) => {
  const { signed, unsigned } = await files();
  const told = judged(XMP, [...signed, ...unsigned]);
  if (!told) return context.skip(NEEDS);
  expect(told.map((each) => each["Xmp.iptcExt.DigitalSourceType"])).toEqual(
    Array(5).fill(`http://cv.iptc.org/newscodes/digitalsourcetype/${MODEL}`),
  );
});
