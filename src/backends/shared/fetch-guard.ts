import { whereOf } from "./location.ts";

/**
 * Whether a picture may be fetched from an address that a far end chose: one outside must not lead us into our own
 * network, nor over an open line. One inside may name its neighbours.
 */
export function mayFetch(address: string, serverUrl: string): boolean {
  const url = URL.parse(address);
  if (!url || !/^https?:$/.test(url.protocol)) return false;
  if (url.host === new URL(serverUrl).host || whereOf(serverUrl) === "local") return true;
  return url.protocol === "https:" && whereOf(address) === "remote";
}
