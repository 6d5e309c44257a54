import { setTimeout as sleep } from "node:timers/promises";
import { createWebChat } from "../../adapters/web.ts";
import { systemClock } from "../../src/lib/clock.ts";
import type { Invocation } from "../../src/ports/chat.ts";
import { groupLogAt } from "../../src/stores/postgres/group-log.ts";
import { listen } from "../../src/stores/postgres/wake.ts";
import { ScriptedCore, SPECS } from "../browser/scripted-core.ts";
import { moduleServices, silentLog } from "../fakes/module-services.ts";
import { engineAt } from "../stores/postgres-engine.ts";

// A program for tests: one front of the web chat over a database, with a scripted core. It says where it listens.

/** Never has done `/help`: whoever has it in hand dies with it. */
class StuckCore extends ScriptedCore {
  override async invoked(invocation: Invocation): Promise<void> {
    if (invocation.commandName === "help") {
      process.stdout.write("stuck\n");
      await new Promise(() => undefined);
    }
    await super.invoked(invocation);
  }
}

const setting = (name: string): string => process.env[name] ?? "";
const engine = engineAt(setting("DATABASE_URL"));
const wake = listen({ directAddress: setting("DATABASE_DIRECT_URL"), clock: systemClock, log: silentLog });
const services = moduleServices({
  under: setting("FOLDER"),
  groupLog: () => groupLogAt({ engine, wake, nowMs: Date.now, clock: systemClock, log: silentLog }),
});
const web = createWebChat(
  {
    WEB_HOST: "127.0.0.1",
    WEB_PORT: 0,
    WEB_TOKEN: undefined,
    WEB_SHARE: "no",
    WEB_NEW_NAMES: "open",
    TRUST_PROXY: Number(setting("PROXIES")),
  },
  services,
);
const core = setting("STUCK") === "yes" ? new StuckCore(() => web) : new ScriptedCore(() => web);
core.halfDone = () => sleep(500);
const said = await web.start(SPECS, core);
process.once("SIGTERM", () => {
  void web
    .stop()
    .then(() => wake.close())
    .then(() => engine.close());
});
process.stdout.write(`${said}\n`);
