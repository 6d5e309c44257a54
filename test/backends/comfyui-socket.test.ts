import { expect, it, onTestFinished } from "vitest";
import { WebSocketServer } from "ws";
import { connect } from "../../src/backends/comfyui/socket.ts";

/** A ComfyUI that sends this often, at once, that its queue changed; what was heard of it, and whether we left. */
async function sending(times: number, padding = ""): Promise<{ heard: number; lost: number }> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await new Promise((resolve) => server.once("listening", resolve));
  server.on("connection", (socket) => {
    const message = JSON.stringify({ type: "status", data: { padding } });
    socket.on("error", () => undefined);
    for (let at = 0; at < times; at += 1) socket.send(message);
    socket.send(JSON.stringify({ type: "executing", data: { prompt_id: "the last" } }));
  });
  const told = { heard: 0, lost: 0 };
  const ended = Promise.withResolvers<void>();
  const { port } = server.address() as { readonly port: number };
  const listener = {
    job: () => ended.resolve(),
    preview: () => undefined,
    queueChanged() {
      told.heard += 1;
    },
    lost() {
      told.lost += 1;
      ended.resolve();
    },
  };
  const address = { url: `http://127.0.0.1:${port}`, headers: {} };
  const connection = await connect(address, listener, 5000, AbortSignal.timeout(10_000));
  onTestFinished(() => {
    connection?.close();
    for (const client of server.clients) client.terminate();
    server.close();
  });
  await ended.promise;
  return told;
}

it("a busy ComfyUI is listened to", async () => expect(await sending(2000)).toEqual({ heard: 2000, lost: 0 }));

it.each([
  ["messages", 40_000, ""],
  ["bytes", 90, "x".repeat(1024 * 1024)],
])("one that never stops sending %s is not", async (_what, times, padding) => {
  const { heard, lost } = await sending(times, padding);
  expect(lost).toBe(1);
  expect(heard).toBeLessThanOrEqual(Math.min(20_000, times - 1));
});
