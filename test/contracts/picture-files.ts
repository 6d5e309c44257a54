import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { imageIdOf, jobIdOf } from "../../src/domain/ids.ts";
import type { SetLettering } from "../../src/domain/lettering.ts";
import type { PictureFiles } from "../../src/ports/picture-files.ts";

const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString();

const SET: SetLettering = {
  set: 1,
  widthPx: 256,
  heightPx: 256,
  place: "top",
  outlines: ["m0 0l10 0z"],
  parts: [{ kind: "plate", box: { x: 0, y: 0, w: 10, h: 10 }, fill: "#ffffff" }],
};

/** What every implementation of the PictureFiles port must do. Each test opens an empty one. */
export function pictureFilesContract(name: string, open: () => Promise<PictureFiles>): void {
  describe(`picture files: ${name}`, () => {
    const imageId = imageIdOf(jobIdOf("u"), 0);
    const other = imageIdOf(jobIdOf("u"), 1);

    test("replace whole, and are gone when removed, twice as well", async () => {
      const files = await open();
      expect(await files.original(imageId)).toBeUndefined();
      await files.save(imageId, [Buffer.from("one, the longer")]);
      await files.save(imageId, [Buffer.from("two")]);
      await files.save(other, [Buffer.from("other")]);
      expect(text(await files.original(imageId))).toBe("two");
      await files.remove(imageId);
      await files.remove(imageId);
      expect(await files.original(imageId)).toBeUndefined();
      expect(text(await files.original(other))).toBe("other");
    });

    test("keep what a member gave under the key they return, apart from originals", async () => {
      const files = await open();
      const key = await files.saveInput(jobIdOf("u"), Buffer.from("given"));
      await files.save(imageId, [Buffer.from("made")]);
      expect(text(await files.input(key))).toBe("given");
      await files.saveInput(jobIdOf("u"), Buffer.from("given anew"));
      expect(text(await files.input(key))).toBe("given anew");
      await files.removeInput(key);
      await files.removeInput(key);
      expect(await files.input(key)).toBeUndefined();
      expect(text(await files.original(imageId))).toBe("made");
    });

    test("keep a chat's logo until it is removed, and know no key of anything else", async () => {
      const files = await open();
      const key = await files.saveLogo(jobIdOf("logo"), Buffer.from("mark"));
      const input = await files.saveInput(jobIdOf("u"), Buffer.from("a member's"));
      expect(text(await files.logo(key))).toBe("mark");
      for (const other of [input, "logo/../inputs/x", "logo/", imageId, `${key}/..`])
        expect([other, await files.logo(other), await files.borrowLogo(other)]).toEqual([other, undefined, undefined]);
      const borrowed = await files.borrowLogo(key);
      expect(await readFile(borrowed?.path ?? "", "utf8")).toBe("mark");
      await borrowed?.letGo();
      await files.removeLogo(input);
      expect(text(await files.input(input))).toBe("a member's");
      await files.removeLogo(key);
      await files.removeLogo(key);
      expect([await files.logo(key), await files.borrowLogo(key)]).toEqual([undefined, undefined]);
      await expect(async () => files.saveLogo("../x", Buffer.from("x"))).rejects.toThrow("not a logo id");
    });

    test("keep a picture without its words, and how they were set, apart from it, and lose all of it together", async () => {
      const files = await open();
      expect([await files.plain(imageId), await files.lettering(imageId)]).toEqual([undefined, undefined]);
      await files.savePlain(imageId, [Buffer.from("pla"), Buffer.from("in")]);
      await files.saveLettering(imageId, SET);
      await files.saveSealed(imageId, Buffer.from("sealed"));
      expect(await files.original(imageId)).toBeUndefined();
      await files.save(imageId, [Buffer.from("with words")]);
      await files.save(other, [Buffer.from("other")]);
      await files.savePlain(other, [Buffer.from("other, plain")]);
      expect(text(await files.original(imageId))).toBe("with words");
      expect(text(await files.plain(imageId))).toBe("plain");
      expect(await files.lettering(imageId)).toEqual(SET);
      expect(text(await files.sealed(imageId))).toBe("sealed");
      await files.saveSealed(imageId, undefined);
      await files.saveSealed(imageId, undefined);
      expect(await files.sealed(imageId)).toBeUndefined();
      await files.saveSealed(imageId, Buffer.from("sealed"));
      await files.savePlain(imageId, [Buffer.from("anew")]);
      expect(text(await files.plain(imageId))).toBe("anew");
      await files.remove(imageId);
      await files.remove(imageId);
      expect([await files.original(imageId), await files.sealed(imageId)]).toEqual([undefined, undefined]);
      expect([await files.plain(imageId), await files.lettering(imageId)]).toEqual([undefined, undefined]);
      expect([text(await files.plain(other)), await files.lettering(other)]).toEqual(["other, plain", undefined]);
    });

    test("tell which were written before some moment, each in one of the parts that are looked at", async () => {
      const files = await open();
      const ids = Array.from({ length: 40 }, (_, at) => imageIdOf(jobIdOf(`u${at}`), at % 4));
      for (const id of ids) await files.save(id, [Buffer.from(id)]);
      await files.savePlain(imageId, [Buffer.from("without its original yet")]);
      const later = Date.now() + 60_000;
      const parts = await Promise.all([0, 1, 2].map((part) => files.writtenBefore(later, part, 3)));
      expect(parts.flat().toSorted()).toEqual([...ids, imageId].toSorted());
      expect(Math.min(...parts.map(({ length }) => length))).toBeGreaterThan(0);
      expect(await files.writtenBefore(Date.now() - 60_000, 0, 1)).toEqual([]);
      expect(text(await files.original(ids[0] ?? ""))).toBe(ids[0]);
    });

    test("are lent as files of this machine, with their words and without", async () => {
      const files = await open();
      expect([await files.borrow(imageId, "original"), await files.borrow(imageId, "plain")]).toEqual([
        undefined,
        undefined,
      ]);
      await files.save(imageId, [Buffer.from("with words")]);
      await files.savePlain(imageId, [Buffer.from("plain")]);
      for (const [what, bytes] of [
        ["original", "with words"],
        ["plain", "plain"],
      ] as const) {
        const lent = await files.borrow(imageId, what);
        expect(await readFile(lent?.path ?? "", "utf8")).toBe(bytes);
        await lent?.letGo();
        await lent?.letGo();
      }
      expect(text(await files.original(imageId))).toBe("with words");
    });

    test("keep bytes as they are when the caller goes on with their buffer", async () => {
      const files = await open();
      const bytes = Buffer.from([0, 255, 13, 10, 26]);
      await files.save(imageId, [bytes.subarray(0, 2), new Uint8Array(), bytes.subarray(2)]);
      bytes.fill(7);
      expect([...((await files.original(imageId)) ?? [])]).toEqual([0, 255, 13, 10, 26]);
    });

    test.each(["../../x.0", "", `${imageId}/..`, "/etc/passwd"])("refuse the name %j", async (foreign) => {
      const files = await open();
      await expect(async () => files.original(foreign)).rejects.toThrow("not an image id");
      await expect(async () => files.save(foreign, [Buffer.from("x")])).rejects.toThrow("not an image id");
      await expect(async () => files.plain(foreign)).rejects.toThrow("not an image id");
      await expect(async () => files.savePlain(foreign, [Buffer.from("x")])).rejects.toThrow("not an image id");
      await expect(async () => files.lettering(foreign)).rejects.toThrow("not an image id");
      await expect(async () => files.saveLettering(foreign, SET)).rejects.toThrow("not an image id");
      await expect(async () => files.borrow(foreign, "plain")).rejects.toThrow("not an image id");
      await expect(async () => files.remove(foreign)).rejects.toThrow("not an image id");
      await expect(async () => files.input(foreign)).rejects.toThrow("not an input key");
      await expect(async () => files.removeInput(foreign)).rejects.toThrow("not an input key");
    });
  });
}
