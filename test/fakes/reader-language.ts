import type { ReaderLanguage } from "../../src/jobs/reader-language.ts";

/** Everybody reads English. */
export const readsEnglish: ReaderLanguage = {
  ofChat: async () => "en",
  ofMember: async () => "en",
  choose: async () => {},
  heard: async () => {},
  isHeard: async () => true,
};
