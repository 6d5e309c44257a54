import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { ChatError } from "../../src/ports/chat.ts";

/** @throws ChatError "offline" in words for the operator */
export async function listening(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) =>
      reject(new ChatError("web", "offline", listenProblem(cause, host, port), { cause })),
    );
    server.listen(port, host, () => resolve(server.address() as AddressInfo));
  });
}

function listenProblem(cause: NodeJS.ErrnoException, host: string, port: number): string {
  switch (cause.code) {
    case "EADDRINUSE":
      return `port ${port} is already in use: stop the other program, or set WEB_PORT to another number, e.g. ${port + 1}`;
    case "EACCES":
      return `this account may not use port ${port}: set WEB_PORT to a number above 1024`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `WEB_HOST ${host} is not an address of this machine: set it to 127.0.0.1, or 0.0.0.0 for every address`;
    default:
      return `cannot listen on ${host} port ${port} (${cause.code ?? "unknown"}): check WEB_HOST and WEB_PORT`;
  }
}

export const openUrls = (host: string, port: number): readonly string[] =>
  openAddresses(host).map((address) => `http://${address}:${port}`);

/** What people can type: 0.0.0.0 and :: are no addresses to open, so this machine's own come in their place. */
export function openAddresses(
  host: string,
  interfaces: typeof networkInterfaces = networkInterfaces,
): readonly string[] {
  if (host !== "0.0.0.0" && host !== "::") return [host.includes(":") && !host.startsWith("[") ? `[${host}]` : host];
  const lan = Object.values(interfaces())
    .flatMap((each) => each ?? [])
    .filter(({ family, internal }) => family === "IPv4" && !internal)
    .map(({ address }) => address);
  return [...new Set(lan), "127.0.0.1"];
}
