import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createPendingImages } from "../../src/dispatch/pending-images.ts";
import { jobIdOf } from "../../src/domain/ids.ts";
import { createPictureFiles } from "../../src/stores/shared/picture-files.ts";

const id = jobIdOf("start here ann");
const bytes = (text: string) => new Uint8Array(Buffer.from(text));

function pictures() {
  const folder = mkdtempSync(join(tmpdir(), "placard-pending-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const pending = createPendingImages(createPictureFiles(folder));
  const text = async () => {
    const found = await pending.get(id);
    return found && Buffer.from(found).toString();
  };
  return { ...pending, text };
}

describe("a picture to start from", () => {
  it("is waited for while it comes in", async () => {
    const { set, text } = pictures();
    const file = Promise.withResolvers<Uint8Array>();
    const done = set(id, () => file.promise);
    const asked = text();
    file.resolve(bytes("a"));
    expect(await asked).toBe("a");
    await done;
  });
  it("is never the one that was chosen before", async () => {
    const { set, text } = pictures();
    await set(id, async () => bytes("a"));
    const broken = set(id, async () => {
      throw new Error("gone");
    });
    expect(await text()).toBeUndefined();
    await expect(broken).rejects.toThrow("gone");
    const slow = Promise.withResolvers<Uint8Array>();
    const first = set(id, () => slow.promise);
    const second = set(id, async () => bytes("c"));
    slow.resolve(bytes("b"));
    expect(await text()).toBe("c");
    await Promise.all([first, second]);
  });
});
