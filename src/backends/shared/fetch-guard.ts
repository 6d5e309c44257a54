import { lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { isOwnAddress, whereOf } from "./location.ts";

/**
 * Whether a picture may be fetched from an address that a far end chose: one outside must not lead us into our own
 * network, nor over an open line. One inside may name its neighbours.
 *
 * "outside": its name is to be looked up by `lookupOutside`, as a name can lead anywhere by the time it is connected to.
 */
export function mayFetch(address: string, serverUrl: string): "anywhere" | "outside" | "no" {
  const url = URL.parse(address);
  if (!url || !/^https?:$/.test(url.protocol)) return "no";
  if (url.host === new URL(serverUrl).host || whereOf(serverUrl) === "local") return "anywhere";
  return url.protocol === "https:" && whereOf(address) === "remote" ? "outside" : "no";
}

/** Finds a host's addresses when it is connected to. An error of `refused` where one of them is in your own network. */
export function lookupOutside(refused: () => Error, lookup: LookupFunction = systemLookup): LookupFunction {
  return (host, options, found) =>
    lookup(host, options, (error, result, family) => {
      const addresses = typeof result === "string" ? [result] : (result ?? []).map(({ address }) => address);
      if (!error && addresses.some(isOwnAddress)) found(refused(), "", 0);
      else found(error, result, family);
    });
}
