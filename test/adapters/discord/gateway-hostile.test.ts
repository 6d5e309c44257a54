import { expect, it, onTestFinished, vi } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { type GatewayEvent, openGateway } from "../../../adapters/discord/gateway.ts";
import { systemClock } from "../../../src/lib/clock.ts";

/** A gateway that says hello, is content with whoever comes, and then sends these frames as they are. */
async function gatewaySending(frames: readonly string[]): Promise<string> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  const { port } = server.address() as { readonly port: number };
  const url = `ws://127.0.0.1:${port}`;
  const greet = (socket: WebSocket) => {
    socket.send(JSON.stringify({ op: 10, d: { heartbeat_interval: 45_000 } }));
    socket.on("message", (raw) => {
      if ((JSON.parse(String(raw)) as { readonly op: number }).op !== 2) return;
      socket.send(JSON.stringify({ op: 0, s: 1, t: "READY", d: { session_id: "s", resume_gateway_url: url } }));
      for (const frame of frames) socket.send(frame);
    });
  };
  server.on("connection", greet);
  return url;
}

it("an event of the gateway that reaches out is not heard, the ones around it are", async () => {
  const url = await gatewaySending([
    '{"op":0,"s":2,"t":"GUILD_UPDATE","d":{"id":"1"}}',
    String.raw`{"op":0,"s":3,"t":"GUILD_UPDATE","d":{"id":"2","\u005f_proto__":{"polluted":1}}}`,
    '{"op":0,"s":4,"t":"GUILD_UPDATE","d":{"id":"3"}}',
  ]);
  const heard: GatewayEvent[] = [];
  const warn = vi.fn();
  const answer = {
    url,
    shards: 1,
    session_start_limit: { total: 9, remaining: 9, reset_after: 1000, max_concurrency: 1 },
  };
  const ask = async () => answer;
  const gateway = await openGateway({
    http: { bot: ask, reply: ask, replyOnce: ask, close: () => undefined },
    token: "token",
    shards: 1,
    sessions: {
      retrieve: async () => null,
      update: () => undefined,
      seen: () => undefined,
      begun: () => undefined,
      ended: () => undefined,
      keep: () => undefined,
      letGo: () => undefined,
      flush: async () => undefined,
    },
    received: (event) => void heard.push(event),
    clock: systemClock,
    log: { debug: () => undefined, info: () => undefined, warn, error: () => undefined },
  });
  onTestFinished(() => gateway.leave());
  await gateway.connect();
  const updated = () => heard.filter(({ name }) => name === "GUILD_UPDATE").map(({ data }) => data);
  await expect.poll(updated).toContainEqual({ id: "3" });
  expect(updated()).toEqual([{ id: "1" }, { id: "3" }]);
  expect(warn).toHaveBeenCalledWith("discord.event_refused", { shard: 0 });
});
