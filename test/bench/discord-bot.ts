import { subscribe } from "node:diagnostics_channel";
import { machineMs } from "./machine-clock.ts";

// The bot of the kill tests, which also tells its parent, when asked, what it has acknowledged since the last time:
// `node discord-bot.ts FOLDER API_URL TOKEN`.
export interface Written {
  readonly op: "written";
  /** When each acknowledgement was handed to its socket, by interaction. By `machineMs`. */
  readonly atMs: Readonly<Record<string, number>>;
}

let atMs: Record<string, number> = {};
subscribe("undici:request:bodySent", (message) => {
  // The border to undici: what it tells there has the request's path.
  const { path } = (message as { readonly request: { readonly path: string } }).request;
  const [, interactionId] = /\/interactions\/(\d+)\/[^/]+\/callback$/.exec(path) ?? [];
  if (interactionId !== undefined) atMs[interactionId] = machineMs();
});
process.on("message", () => {
  process.send?.({ op: "written", atMs } satisfies Written);
  atMs = {};
});

await import("../torture/discord-bot.ts");
