/**
 * Files that earlier versions had in a folder of parts. A new version is unpacked over the old folder, so they are still there:
 * they are no parts, and must not stop the start. Whoever moves or removes a part's file adds it; a test holds this list against
 * the history.
 */
export const FORMER_PARTS: readonly string[] = ["src/stores/rows.ts"];
