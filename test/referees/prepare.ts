import { discordReferees } from "./discord.ts";
import { gatewayValidators } from "./gateway/generate.ts";

/** Before the first worker starts, so that making the validators (10 s, once per installation) is on no test's clock. */
export async function setup(): Promise<void> {
  await Promise.all([gatewayValidators(), discordReferees()]);
}
