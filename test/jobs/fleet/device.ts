import { once } from "node:events";
import { createServer } from "node:http";
import { onTestFinished } from "vitest";

/** What makes pictures for several processes, and counts how many it makes at once. */
export interface Device {
  url: string;
  /** At once, the most there ever were. */
  readonly most: number;
  readonly asked: number;
  /** Of pictures asked for from now on. */
  takesMs: number;
  broken: boolean;
}

/** Over HTTP, so that the death of a process is seen at once. */
export async function openDevice(takesMs: number): Promise<Device> {
  let [now, most, asked] = [0, 0, 0];
  const device: Device = {
    url: "",
    takesMs,
    broken: false,
    get most() {
      return most;
    },
    get asked() {
      return asked;
    },
  };
  const server = createServer((request, response) => {
    asked += 1;
    now += 1;
    most = Math.max(most, now);
    const timer = setTimeout(() => response.writeHead(device.broken ? 503 : 200).end(), device.takesMs);
    response.once("close", () => {
      clearTimeout(timer);
      now -= 1;
    });
    request.resume();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no address");
  device.url = `http://127.0.0.1:${address.port}`;
  return device;
}
