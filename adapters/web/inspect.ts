import { createServer } from "node:net";
import type { z } from "zod";
import type { PlatformInspection } from "../../src/ports/module.ts";
import { isLoopback, type webSettings } from "./guard.ts";

/** Whether the web chat could listen where it should. Never throws. */
export async function inspectWeb(settings: z.output<typeof webSettings>): Promise<PlatformInspection> {
  const { WEB_HOST: host, WEB_PORT: port, WEB_TOKEN: code } = settings;
  const open = !isLoopback(host);
  if (open && code === undefined)
    return {
      ok: false,
      facts: [`others can reach ${host}, and there is no access code`],
      nextSteps: ["Set WEB_TOKEN to a code of at least 8 characters, or WEB_HOST to 127.0.0.1."],
    };
  const trouble = await listenTrouble(host, port);
  if (trouble === "EADDRINUSE")
    return {
      // What a running Placard looks like from here.
      ok: true,
      facts: [`port ${port} is in use: fine if that is Placard itself`],
      nextSteps: [`If it is another program, set WEB_PORT to another number, e.g. ${port + 1}.`],
    };
  if (trouble !== undefined)
    return {
      ok: false,
      facts: [`cannot listen on ${host} port ${port} (${trouble})`],
      nextSteps: ["Set WEB_HOST to 127.0.0.1 and WEB_PORT to a free number above 1024."],
    };
  return {
    ok: true,
    facts: [open ? `open to the network on port ${port}, with an access code` : `for this machine, on port ${port}`],
    nextSteps: open ? ["Put a reverse proxy with https in front before you open it to the internet."] : [],
  };
}

/** The system's word for what stands against listening there; `undefined` when it works. */
function listenTrouble(host: string, port: number): Promise<string | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "unknown"));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}
