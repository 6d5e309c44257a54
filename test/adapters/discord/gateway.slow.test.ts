import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { WebSocketServer } from "ws";
import { openGateway } from "../../../adapters/discord/gateway.ts";
import { createSessions } from "../../../adapters/discord/sessions.ts";
import { systemClock } from "../../../src/lib/clock.ts";
import { valuesInMemory } from "../../fakes/module-services.ts";
import { noted, SOON, started } from "./rig.ts";

// The library waits five seconds between two logins, and half a second before it connects again, by the system's clock.
describe("the gateway", () => {
  it("logs in anew when its session is over", { timeout: 20_000 }, async () => {
    const { fake, ann, channel, received } = await started();
    fake.gateway.invalidate(false);
    await expect.poll(() => fake.gateway.identifies.length, SOON).toBe(2);
    await ann.slash(channel, "rca", { prompt: "x" });
    await expect.poll(() => received.invoked.length, SOON).toBe(1);
  });
  it("goes on after a broken connection without logging in anew, and hears what it missed", {
    timeout: 20_000,
  }, async () => {
    const { fake, ann, channel, received, log } = await started();
    fake.gateway.down = true;
    fake.gateway.kill();
    await expect.poll(() => fake.gateway.sessions.some(({ open }) => !open), SOON).toBe(true);
    await ann.slash(channel, "rca", { prompt: "while away" });
    // Some attempts to come back fail.
    await expect
      .poll(() => log.lines.filter((line) => line.includes("discord.closed")).length, SOON)
      .toBeGreaterThan(2);
    fake.gateway.down = false;
    await expect.poll(() => received.invoked.length, SOON).toBe(1);
    expect(fake.gateway.identifies).toHaveLength(1);
    expect(fake.gateway.resumes.length).toBeGreaterThan(0);
    expect(log.lines.filter((line) => line.includes("connection_lost"))).toHaveLength(1);
    await expect.poll(() => log.lines.filter((line) => line.includes("connected_again")).length, SOON).toBe(1);
  });
  it("keeps its session while nothing listens at the other end", { timeout: 30_000 }, async () => {
    const far = await bareGateway();
    const sessions = createSessions({ values: valuesInMemory(), token: "t", nowMs: Date.now, failed: () => {} });
    const bot = async () => ({
      url: far.url,
      shards: 1,
      session_start_limit: { total: 1000, remaining: 999, reset_after: 1000, max_concurrency: 1 },
    });
    const http = { bot, reply: bot, replyOnce: bot, close: () => {} };
    const gateway = await openGateway({
      http,
      token: "t",
      shards: "auto",
      sessions,
      received: () => {},
      clock: systemClock,
      log: noted(),
    });
    onTestFinished(() => gateway.leave());
    await gateway.connect();
    await far.close();
    await expect.poll(() => far.refused(), SOON).toBeGreaterThan(1);
    await far.open();
    await expect.poll(() => far.said, SOON).toEqual(["identify", "resume"]);
  });
});

/** A gateway that can go away altogether, so that connections are refused by the system. */
async function bareGateway() {
  const said: string[] = [];
  let server = createServer();
  let sockets = new WebSocketServer({ server });
  let port = 0;
  let attemptsFrom = 0;

  async function open(): Promise<void> {
    server = createServer();
    sockets = new WebSocketServer({ server });
    sockets.on("connection", (socket) => {
      const send = (payload: object) => socket.send(JSON.stringify(payload));
      socket.on("message", (raw) => {
        const { op } = JSON.parse(String(raw)) as { readonly op: number };
        if (op === 2) {
          said.push("identify");
          send({ op: 0, t: "READY", s: 1, d: { session_id: "s1", resume_gateway_url: `ws://127.0.0.1:${port}` } });
        }
        if (op === 6) {
          said.push("resume");
          send({ op: 0, t: "RESUMED", s: 2, d: {} });
        }
        if (op === 1) send({ op: 11 });
      });
      send({ op: 10, d: { heartbeat_interval: 40_000 } });
    });
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
  }
  async function close(): Promise<void> {
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    attemptsFrom = performance.now();
  }
  await open();
  onTestFinished(close);
  return {
    get url() {
      return `ws://127.0.0.1:${port}`;
    },
    said,
    open,
    close,
    /** Seconds that nothing has listened: the client tries twice in each. */
    refused: () => (performance.now() - attemptsFrom) / 1000,
  };
}
