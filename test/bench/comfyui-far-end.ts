import { randomBytes } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import sharp from "sharp";
import { openFakeComfyui } from "../fakes/comfyui.ts";

// Fake servers in a thread of their own: what they do must not count as ours.
interface Order {
  readonly hosts: number;
  readonly stepMs: number;
  /** Every picture is noise of this size, which no compression makes smaller. */
  readonly noiseSidePx?: number;
}
// The border of a thread: what the benchmark beside this file sends.
const { hosts, stepMs, noiseSidePx } = workerData as Order;

const noise =
  noiseSidePx === undefined
    ? undefined
    : await sharp(randomBytes(noiseSidePx * noiseSidePx * 3), {
        raw: { width: noiseSidePx, height: noiseSidePx, channels: 3 },
      })
        .png({ compressionLevel: 1 })
        .toBuffer();

const servers = await Promise.all(
  Array.from({ length: hosts }, () => openFakeComfyui(noise ? { picture: () => noise } : {})),
);
for (const server of servers) server.pace.stepMs = stepMs;

parentPort?.on("message", async (message: "jobs" | "close") => {
  if (message === "close") {
    await Promise.all(servers.map((server) => server.close()));
    parentPort?.close();
  } else
    parentPort?.postMessage(
      servers.flatMap((server) =>
        server.jobs().map(({ id, receivedAtMs, endedAtMs }) => ({ id, receivedAtMs, endedAtMs })),
      ),
    );
});
parentPort?.postMessage(servers.map(({ url }) => url));
