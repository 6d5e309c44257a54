import { z } from "zod";
import { ChatError } from "../../src/ports/chat.ts";
import { chatErrorOf } from "./errors.ts";
import type { Http } from "./http.ts";
import { snowflake } from "./wire.ts";

const applicationSchema = z.object({
  id: snowflake,
  name: z.string(),
  approximate_guild_count: z.int().nullish(),
  bot: z.object({ id: snowflake, username: z.string() }).nullish(),
});

export interface Application {
  readonly id: string;
  readonly botId: string;
  readonly botName: string;
  /** Absent where Discord does not tell. */
  readonly guilds?: number;
}

/** Whose token this is. @throws ChatError "auth" for a wrong one */
export async function fetchApplication(http: Pick<Http, "bot">): Promise<Application> {
  let answer: unknown;
  try {
    answer = await http.bot("GET", "/applications/@me");
  } catch (thrown) {
    throw chatErrorOf(thrown);
  }
  const parsed = applicationSchema.safeParse(answer);
  if (!parsed.success) throw new ChatError("discord", "offline", "something else than Discord answered");
  const { id, name, bot, approximate_guild_count: guilds } = parsed.data;
  return {
    id,
    botId: bot?.id ?? id,
    botName: bot?.username ?? name,
    ...(guilds === null || guilds === undefined ? {} : { guilds }),
  };
}
