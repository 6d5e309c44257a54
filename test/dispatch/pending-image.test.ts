import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createPendingImages } from "../../src/dispatch/pending-image.ts";
import { jobIdOf } from "../../src/domain/ids.ts";
import { createPictureFiles } from "../../src/stores/shared/picture-files.ts";

const id = jobIdOf("start here ann");
const bytes = (text: string) => new Uint8Array(Buffer.from(text));

function pictures() {
  const folder = mkdtempSync(join(tmpdir(), "placard-kept-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const kept = createPendingImages(createPictureFiles(folder));
  const text = async () => {
    const found = await kept.kept(id);
    return found && Buffer.from(found).toString();
  };
  return { ...kept, text };
}

describe("a picture to start from", () => {
  it("is waited for while it comes in", async () => {
    const { keep, text } = pictures();
    const file = Promise.withResolvers<Uint8Array>();
    const kept = keep(id, () => file.promise);
    const asked = text();
    file.resolve(bytes("a"));
    expect(await asked).toBe("a");
    await kept;
  });
  it("is never the one that was chosen before", async () => {
    const { keep, text } = pictures();
    await keep(id, async () => bytes("a"));
    const broken = keep(id, async () => {
      throw new Error("gone");
    });
    expect(await text()).toBeUndefined();
    await expect(broken).rejects.toThrow("gone");
    const slow = Promise.withResolvers<Uint8Array>();
    const first = keep(id, () => slow.promise);
    const second = keep(id, async () => bytes("c"));
    slow.resolve(bytes("b"));
    expect(await text()).toBe("c");
    await Promise.all([first, second]);
  });
});
