import { BlockList, isIP } from "node:net";
import type { BackendFacts } from "../../ports/backend.ts";

/** What no address of the open web is: this machine, private, shared and link-local networks, several receivers, reserved. */
const OWN_V4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "224.0.0.0/4",
  "240.0.0.0/4",
];
const OWN_V6 = ["64:ff9b:1::/48", "100::/64", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"];
/** Ways to write an IPv4 address in IPv6: compatible, of which `::1` and `::` are two, mapped, translated, NAT64, and 6to4, where it stands in front. */
const HOLDS_V4 = ["::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96"];
const HOLDS_V4_IN_FRONT = ["2002::/16"];

const listOf = (family: "ipv4" | "ipv6", networks: readonly string[]): BlockList => {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", bits = ""] = network.split("/");
    list.addSubnet(address, Number(bits), family);
  }
  return list;
};
const OWN = { v4: listOf("ipv4", OWN_V4), v6: listOf("ipv6", OWN_V6) };
const HOLDING = { behind: listOf("ipv6", HOLDS_V4), inFront: listOf("ipv6", HOLDS_V4_IN_FRONT) };

/** Whether an IP address, in any spelling of `node:net`, is none of the open web. */
export function isOwnAddress(address: string): boolean {
  const [bare = ""] = address.split("%");
  if (isIP(bare) === 4) return OWN.v4.check(bare, "ipv4");
  if (OWN.v6.check(bare, "ipv6")) return true;
  if (HOLDING.behind.check(bare, "ipv6")) return OWN.v4.check(v4Of(bare, 6), "ipv4");
  return HOLDING.inFront.check(bare, "ipv6") && OWN.v4.check(v4Of(bare, 1), "ipv4");
}

/** The IPv4 address in two of the eight groups of an IPv6 address. */
function v4Of(address: string, group: number): string {
  // A URL writes every IPv6 address in the one way that has no dots.
  const [front = "", back] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const groups = (text: string) => text.split(":").filter((each) => each !== "");
  const [first, last] = [groups(front), groups(back ?? "")];
  const all = [...first, ...Array<string>(8 - first.length - last.length).fill("0"), ...last];
  const [high = 0, low = 0] = all.slice(group, group + 2).map((each) => Number.parseInt(each, 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/**
 * "local" for an address in your own network: loopback, private, shared and link-local ones in any spelling, names without a
 * dot and those under `.localhost`, `.local`, `.lan`, `.home.arpa` or `.internal`; everything else is "remote".
 */
export function whereOf(url: string): BackendFacts["where"] {
  // Numbers in other notations, digits of other scripts and capitals are plain once the URL is read; a dot at the end is not.
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "").replace(/\.+$/, "");
  const isOwn = isIP(host)
    ? isOwnAddress(host)
    : !host.includes(".") || /\.(localhost|local|lan|home\.arpa|internal)$/.test(host);
  return isOwn ? "local" : "remote";
}
