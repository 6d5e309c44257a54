import { createHmac } from "node:crypto";
import { isIP, isIPv6 } from "node:net";
import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context } from "hono";

/**
 * Where a request comes from, for limits per address; `undefined`: not known. Only with `trustedProxies` is a header
 * believed, and then only what the outermost of our own proxies wrote: all before that is the visitor's own text.
 *
 * @param trustedProxies how many proxies of our own stand in front, 0–5
 * @param unnamed called whenever they named no address
 */
export function addressReader(
  trustedProxies: number,
  unnamed: () => void = () => undefined,
): (c: Context) => string | undefined {
  return (c) => {
    if (trustedProxies > 0) {
      const named = (c.req.header("x-forwarded-for") ?? "").split(",").map((part) => part.trim());
      const address = normalised(named.at(-trustedProxies));
      if (address === undefined) unnamed();
      return address;
    }
    // Without a socket (requests made in tests) everyone comes from one address.
    return c.env && "incoming" in c.env ? normalised(getConnInfo(c).remote.address) : "local";
  };
}

/** The same for the same address and log; from it alone nobody gets back to the address. */
export const addressKeyOf = (address: string, salt: string): string =>
  createHmac("sha256", salt).update(address).digest("base64url").slice(0, 22);

/** One visitor is one IPv4 address or one IPv6 network of 64 bits, of which a home has all addresses. */
function normalised(written: string | undefined): string | undefined {
  const bare = written?.replace(/^\[([^\]]*)\](:\d+)?$/, "$1").replace(/^(\d+(?:\.\d+){3}):\d+$/, "$1") ?? "";
  const host = bare.replace(/%.*$/, "").toLowerCase();
  if (isIP(host) === 0) return undefined;
  if (!isIPv6(host)) return host;
  const groups = groupsOf(host);
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (!mapped)
    return groups
      .slice(0, 4)
      .map((group) => group.toString(16))
      .join(":");
  const [high = 0, low = 0] = groups.slice(6);
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** The eight numbers of an IPv6 address. */
function groupsOf(host: string): readonly number[] {
  const hex = host.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, ...parts: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = parts.slice(0, 4).map(Number);
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [before = "", after] = hex.split("::");
  const numbers = (text: string) =>
    text
      .split(":")
      .filter((group) => group !== "")
      .map((group) => Number.parseInt(group, 16));
  if (after === undefined) return numbers(before);
  const [front, back] = [numbers(before), numbers(after)];
  return [...front, ...Array<number>(8 - front.length - back.length).fill(0), ...back];
}
