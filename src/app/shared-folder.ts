import { z } from "zod";
import { asError } from "../lib/error.ts";
import { marked, markOf } from "../lib/folder-mark.ts";
import type { KeyValues } from "../ports/key-values.ts";
import type { Log } from "../ports/log.ts";
import type { StoreParts } from "../ports/module.ts";
import type { Notices } from "../ports/notices.ts";
import type { PictureFiles } from "../ports/picture-files.ts";
import { elsewhereText, PICTURES_FOLDER } from "../ports/pictures-folder.ts";
import { openValues } from "../ports/values.ts";

const NOTICE = "pictures-folder";

/** Whether this process sees the pictures that the others see. */
export interface SharedFolder {
  /** Asked anew each time: a network drive can go and come. Never rejects. */
  isThere(): Promise<boolean>;
}

interface SharedFolderDeps {
  readonly folder: string;
  readonly keyValues: KeyValues;
  readonly log: Log;
  readonly notices: Pick<Notices, "say">;
}

/**
 * The folder of the pictures, which all processes of an installation have to see: the first of them marks it, and the database keeps
 * the mark. Says which folder it is, and what to do where it is another one.
 */
export async function openSharedFolder(deps: SharedFolderDeps): Promise<SharedFolder> {
  const { folder, log, notices } = deps;
  const { namespace, key } = PICTURES_FOLDER;
  const values = openValues({ storage: deps.keyValues(), namespace, read: (value) => z.string().parse(value) });
  let last: boolean | undefined;

  function tell(isThere: boolean, wanted: string): void {
    if (isThere === last) return;
    last = isThere;
    const todo = elsewhereText(folder, wanted);
    notices.say(NOTICE, isThere ? undefined : todo);
    if (isThere)
      log.info("pictures.folder", { folder, todo: "processes on other machines have to see the same folder" });
    else log.error("pictures.elsewhere", { folder, todo });
  }

  async function isThere(): Promise<boolean> {
    try {
      // Of two that start at the same moment with a folder each, both go by what is written last.
      const wanted = await values.get(key);
      const found = wanted === undefined || (await markOf(folder)) === wanted;
      tell(found, wanted ?? "");
      return found;
    } catch (error) {
      log.warn("pictures.unreadable", { folder, error: asError(error) });
      return false;
    }
  }

  if ((await values.get(key)) === undefined) await values.set(key, await marked(folder));
  await isThere();
  return { isThere };
}

/** The files of the pictures; where several processes have to see the same, watched. */
export async function sharedFiles(
  { pictures, picturesFolder }: Pick<StoreParts, "picturesFolder"> & Required<Pick<StoreParts, "pictures">>,
  deps: Omit<SharedFolderDeps, "folder">,
): Promise<PictureFiles> {
  const files = await pictures();
  if (picturesFolder === undefined) return files;
  return watchedFiles(files, await openSharedFolder({ ...deps, folder: picturesFolder }));
}

/** @throws Error of what is not there because the folder is not: nobody may be told that a picture is gone */
export function watchedFiles(files: PictureFiles, folder: SharedFolder): PictureFiles {
  const watched =
    <A extends readonly unknown[], T>(read: (...asked: A) => Promise<T | undefined>) =>
    async (...asked: A): Promise<T | undefined> => {
      const found = await read(...asked);
      if (found === undefined && !(await folder.isThere()))
        throw new Error("this process does not see the folder of the pictures: see PICTURES_DIR");
      return found;
    };
  return {
    ...files,
    original: watched(files.original),
    plain: watched(files.plain),
    borrow: watched(files.borrow),
    input: watched(files.input),
    logo: watched(files.logo),
    borrowLogo: watched(files.borrowLogo),
  };
}
