import { createRequire } from "node:module";
import type { RESTOptions } from "discord.js";

/**
 * What the real client sends through: of its own undici. Without it it takes the process-wide one, which is our undici's where
 * another test of the same process has loaded that first, and which takes no form of another version.
 */
export function clientAgent(): RESTOptions["agent"] {
  const rest = createRequire(import.meta.url).resolve("@discordjs/rest");
  // The border to a package without types of its own here: its Agent is a dispatcher.
  const undici = createRequire(rest)("undici") as { readonly Agent: new () => NonNullable<RESTOptions["agent"]> };
  return new undici.Agent();
}
