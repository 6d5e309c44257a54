import type { ModuleServices } from "../../src/ports/module.ts";

/** To be called whenever a trusted proxy named no address: those who run it hear of it once. */
export function namelessProxy(trustedProxies: number, { log, notices }: Pick<ModuleServices, "log" | "notices">) {
  let said = false;
  return (): void => {
    if (said) return;
    said = true;
    const todo = `TRUST_PROXY is ${trustedProxies}, but somebody came without an address in X-Forwarded-For. Let your proxy write it, or set TRUST_PROXY to the number of proxies in front of Placard. Until then limits per address hold for nobody there, and wrong access codes are slowed for all together.`;
    log.warn("web.proxy_names_nobody", { todo });
    notices.say("web:proxy", todo);
  };
}
