import { createRequire } from "node:module";
import type { RESTOptions } from "discord.js";

/**
 * An agent of the undici that @discordjs/rest finds, for tests that look at what the client makes of a broken connection: Node's
 * own fetch would tell that in its own words.
 */
export function clientAgent(): RESTOptions["agent"] {
  const rest = createRequire(import.meta.url).resolve("@discordjs/rest");
  // The border to a package without types of its own here: its Agent is a dispatcher.
  const undici = createRequire(rest)("undici") as { readonly Agent: new () => NonNullable<RESTOptions["agent"]> };
  return new undici.Agent();
}
