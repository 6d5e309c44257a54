import { type Member, type Place, settingsKeyOf } from "../domain/place.ts";
import { isDatabaseAway } from "../lib/database-away.ts";
import { matchLanguage, SOURCE_LANGUAGE } from "../messages/catalogue.ts";
import type { ChatMemory } from "../ports/chat-memory.ts";

/** Who is asked about. */
type Reader = Pick<Member, "id" | "languages">;

/** Which language a text is shown in: what everybody in a chat reads has one, what a member reads alone has theirs. */
export interface ReaderLanguage {
  /** The chat's setting, else what was heard there first, else the installation's. */
  ofChat(place: Place): Promise<string>;
  /** What the member chose with /language, else what their app speaks, else the chat's; without the first while nothing can be read. */
  ofMember(place: Place, member: Reader): Promise<string>;
  /** What this member reads alone from now on, and in a direct chat all of it; `undefined`: what their app speaks. */
  choose(place: Place, member: Reader, language: string | undefined): Promise<void>;
  /**
   * What is spoken where no language is chosen: what the platform says of the place, else what somebody's app speaks; of a
   * group its admins' counts, of a direct chat its member's. The first one stays in a group; whoever runs it can choose
   * another in /settings.
   */
  heard(place: Place, member: Reader & Pick<Member, "admin">): Promise<void>;
  /** true: what was heard in this group stays, whoever speaks. */
  isHeard(place: Place): Promise<boolean>;
}

export function createReaderLanguage({
  memory,
  fallback,
}: {
  readonly memory: Pick<ChatMemory, "settings" | "language" | "speak">;
  /** The installation's. */
  readonly fallback: string | undefined;
}): ReaderLanguage {
  const heardKeyOf = (place: Place) => `heard/${settingsKeyOf(place)}`;
  const memberKeyOf = ({ id }: Pick<Member, "id">) => `member/${id}`;

  async function ofChat(place: Place): Promise<string> {
    const chosen = (await memory.settings(settingsKeyOf(place))).language;
    const wanted = chosen ?? (await memory.language(heardKeyOf(place))) ?? fallback;
    return (wanted === undefined ? undefined : matchLanguage([wanted])) ?? SOURCE_LANGUAGE;
  }

  return {
    ofChat,
    async ofMember(place, member) {
      try {
        const chosen = await memory.language(memberKeyOf(member));
        const wanted = [...(chosen === undefined ? [] : [chosen]), ...(member.languages ?? [])];
        return matchLanguage(wanted) ?? (await ofChat(place));
      } catch (error) {
        if (!isDatabaseAway(error)) throw error;
        // Or nobody could be told that it is away.
        const known = [...(member.languages ?? []), place.language, fallback].filter((one) => one !== undefined);
        return matchLanguage(known) ?? SOURCE_LANGUAGE;
      }
    },
    async choose(place, member, language) {
      await memory.speak(memberKeyOf(member), language);
      if (!place.group) await memory.speak(heardKeyOf(place), language ?? matchLanguage(member.languages ?? []));
    },
    isHeard: async (place) => place.group && (await memory.language(heardKeyOf(place))) !== undefined,
    async heard(place, member) {
      const ofPlace = place.language === undefined ? undefined : matchLanguage([place.language]);
      if (place.group && !member.admin && ofPlace === undefined) return;
      const known = await memory.language(heardKeyOf(place));
      if (known !== undefined && place.group) return;
      const own = place.group ? undefined : await memory.language(memberKeyOf(member));
      const found = own ?? ofPlace ?? matchLanguage(member.languages ?? []);
      if (found !== undefined && found !== known) await memory.speak(heardKeyOf(place), found);
    },
  };
}
