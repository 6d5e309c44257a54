import { join } from "node:path";
import { MARK_FILE } from "../lib/folder-mark.ts";

/** Where the database keeps the mark of the folder that holds the pictures of its installation. */
export const PICTURES_FOLDER = { namespace: "core", key: "pictures-folder" } as const;

/** For the operator. @param mark of the folder that it should be */
export const elsewhereText = (folder: string, mark: string): string =>
  `The pictures of this installation are not in ${folder}: they were put into another folder, and what is made here nobody else sees. Set PICTURES_DIR of all processes to one folder that all of them reach, on a network drive for example, or run all of them on one machine with the same DATA_DIR. If this is the right folder, put a file ${join(folder, MARK_FILE)} into it with the line ${mark}.`;
