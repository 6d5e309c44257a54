import type { Context } from "hono";
import type { ChatEvents } from "../../src/ports/chat.ts";
import type { GroupLog } from "../../src/ports/group-log.ts";
import { acceptedLanguages, browserLanguage } from "./accepted-languages.ts";
import { placeOf } from "./doors.ts";
import { groupOf, knownMember } from "./request.ts";

/** The language of whoever asks: what the core knows of a member, else what the browser asks for. */
export const languageReader =
  (log: GroupLog, events: Pick<ChatEvents, "language">) =>
  async (c: Context): Promise<string> => {
    const member = await knownMember(c, log);
    if (!member) return browserLanguage(c);
    const group = groupOf(c);
    // A group's language is no business of whoever is not in it.
    const here = group !== undefined && (await log.groupOf(group, member.id)) ? group : "";
    try {
      return await events.language(placeOf(here), { id: member.id, languages: acceptedLanguages(c) });
    } catch {
      // A refusal must arrive although the store fails, and is what says so.
      return browserLanguage(c);
    }
  };
