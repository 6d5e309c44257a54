import { z } from "zod";
import type { Person } from "../../src/domain/block.ts";
import { BoundedMap } from "../../src/lib/bounded-map.ts";
import { displayName } from "../../src/lib/display-name.ts";
import type { ModuleServices } from "../../src/ports/module.ts";
import { memberIdOf } from "./reply.ts";
import type { Who } from "./who.ts";

/** Whose `@name` it is, of those who have used the bot: Telegram tells bots nobody's id by it. */
export interface Usernames {
  note(who: Who): Promise<void>;
  /** @param written with or without "@" */
  find(written: string): Promise<Person | undefined>;
}

const SEEN_MAX = 10_000;
const USERNAME = /^@?([A-Za-z0-9_]{4,32})$/u;

export function createUsernames(values: ModuleServices["values"]): Usernames {
  const stored = values("username", z.strictObject({ id: z.string(), name: z.string() }));
  /** What is written already: most events come from the same few people. */
  const seen = new BoundedMap<string>(SEEN_MAX);
  return {
    async note({ id, name, username }) {
      if (username === undefined) return;
      const key = username.toLowerCase();
      const person = { id: memberIdOf(id), name };
      const text = JSON.stringify(person);
      if (seen.get(key) === text) return;
      await stored.set(key, person);
      seen.set(key, text);
    },
    async find(written) {
      const key = USERNAME.exec(written)?.[1]?.toLowerCase();
      const found = key === undefined ? undefined : await stored.get(key);
      return found && { ...found, name: displayName(found.name, found.id) };
    },
  };
}
