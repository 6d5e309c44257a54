import { type Text, text, verbatim } from "../../domain/text.ts";
import { type ServerAddress, serverAddress } from "../shared/address.ts";
import { whereOf } from "../shared/location.ts";

/** One ComfyUI server. */
export interface HostAddress extends ServerAddress {
  /** For attach keys and the operator: host and path, without user and password. */
  readonly label: string;
}

const address = serverAddress("http://127.0.0.1:8188");

/** @returns a sentence that continues the setting's name, where it is wrong; it never holds the value: passwords may be in it */
export function readHosts(text: string): readonly HostAddress[] | string {
  const parts = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const hosts: HostAddress[] = [];
  for (const part of parts) {
    const read = address.safeParse(part);
    if (!read.success)
      return `each address ${read.error.issues[0]?.message ?? "must be a URL"}; write several with commas between them`;
    hosts.push({ ...read.data, label: read.data.url.replace(/^\w+:\/\//, "") });
  }
  if (hosts.length === 0) return "names no address";
  return new Set(hosts.map(({ label }) => label)).size === hosts.length ? hosts : "names the same address twice";
}

/** Prompts leave your own network where one of several hosts is outside. */
export const locationOf = (hosts: readonly HostAddress[]): "local" | "remote" =>
  hosts.some(({ url }) => whereOf(url) === "remote") ? "remote" : "local";

/** For members, without addresses. */
export function titleOf(hosts: readonly HostAddress[]): Text {
  if (hosts.length > 1) return text("backend.comfyui.title.machines", { machines: hosts.length });
  if (locationOf(hosts) === "remote") return verbatim("ComfyUI");
  const isHere = ({ url }: HostAddress) => /^\w+:\/\/(localhost|127\.|\[::1\])/.test(url);
  return hosts.every(isHere) ? text("backend.comfyui.title.here") : text("backend.comfyui.title.network");
}
