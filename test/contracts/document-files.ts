import { writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { documentIdOf } from "../../src/domain/ids.ts";
import type { DocumentFiles } from "../../src/ports/document-files.ts";

const text = async (stream: ReadableStream<Uint8Array> | undefined) => stream && new Response(stream).text();

/** What every implementation of the DocumentFiles port must do. Each test opens an empty one. */
export function documentFilesContract(name: string, open: () => Promise<DocumentFiles>): void {
  describe(`document files: ${name}`, () => {
    const [id, other] = [documentIdOf("one"), documentIdOf("other")];

    test("are seen once they are kept, replace what was there, and are gone when removed, twice as well", async () => {
      const files = await open();
      const write = async (words: string) => writeFile(await files.draft(id, 1), words);
      await write("one");
      expect(await files.open(id)).toBeUndefined();
      await files.keep(id, 1);
      await write("two, the longer");
      expect((await files.open(id))?.sizeBytes).toBe(3);
      await files.keep(id, 1);
      const opened = await files.open(id);
      expect([opened?.sizeBytes, await text(opened?.read(0, 14))]).toEqual([15, "two, the longer"]);
      await files.remove(id);
      await files.remove(id);
      expect(await files.open(id)).toBeUndefined();
      await expect(files.keep(other, 1)).rejects.toThrow();
    });

    test("are read in parts, as often as one likes, and what nobody reads holds nothing", async () => {
      const files = await open();
      const bytes = Buffer.alloc(300_000, "0123456789");
      await writeFile(await files.draft(id, 1), bytes);
      await files.keep(id, 1);
      const opened = await files.open(id);
      expect(await text(opened?.read(3, 5))).toBe("345");
      expect(await text(opened?.read(299_999, 299_999))).toBe("9");
      expect(await text(opened?.read(65_530, 65_545))).toBe("0123456789012345");
      expect((await text(opened?.read(0, 299_999)))?.length).toBe(300_000);
      await opened?.read(0, 299_999).cancel();
      const reader = opened?.read(0, 299_999).getReader();
      await reader?.read();
      await reader?.cancel();
    });

    test("what was half made goes, what was kept stays", async () => {
      const files = await open();
      await writeFile(await files.draft(id, 1), "kept");
      await files.keep(id, 1);
      await writeFile(await files.draft(other, 1), "half");
      await files.tidy(Date.now() - 60_000);
      await files.keep(other, 1);
      await writeFile(await files.draft(other, 2), "half");
      await files.tidy(Number.POSITIVE_INFINITY);
      await expect(files.keep(other, 2)).rejects.toThrow();
      expect(await text((await files.open(id))?.read(0, 3))).toBe("kept");
      await writeFile(await files.draft(other, 3), "again");
      await files.keep(other, 3);
    });

    test("two attempts at one are in nobody's way: each has its own, and what comes to nothing takes nothing with it", async () => {
      const files = await open();
      await writeFile(await files.draft(id, 1), "of the first");
      await writeFile(await files.draft(id, 2), "of the second");
      await files.keep(id, 2);
      await files.discard(id, 1);
      await files.discard(id, 1);
      expect(await text((await files.open(id))?.read(0, 12))).toBe("of the second");
      await expect(files.keep(id, 1)).rejects.toThrow();
      await writeFile(await files.draft(id, 3), "of the third");
      await files.remove(id);
      await expect(files.keep(id, 3)).rejects.toThrow();
    });

    test.each(["../../etc/passwd", "", `${id}/..`, "UPPERCASEUPPERCA"])("refuse the name %j", async (foreign) => {
      const files = await open();
      await expect(async () => files.draft(foreign, 1)).rejects.toThrow("not a document id");
      await expect(async () => files.keep(foreign, 1)).rejects.toThrow("not a document id");
      await expect(async () => files.open(foreign)).rejects.toThrow("not a document id");
      await expect(async () => files.remove(foreign)).rejects.toThrow("not a document id");
    });
  });
}
