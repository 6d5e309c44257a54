import { isIP } from "node:net";
import type { BackendFacts } from "../../ports/backend.ts";

const PRIVATE_V4 =
  /^(10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/;
const PRIVATE_V6 = /^(::1$|f[cd]|fe[89ab])/i;

/**
 * "local" for an address in your own network: loopback, the private ranges (RFC 1918, 4193, 6598), names without a dot and
 * those under `.local`, `.lan`, `.home.arpa` or `.internal`; everything else is "remote".
 */
export function whereOf(url: string): BackendFacts["where"] {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "").toLowerCase();
  switch (isIP(host)) {
    case 4:
      return PRIVATE_V4.test(host) ? "local" : "remote";
    case 6:
      return PRIVATE_V6.test(host) ? "local" : "remote";
    default:
      return !host.includes(".") || /\.(local|lan|home\.arpa|internal)$/.test(host) || host === "localhost"
        ? "local"
        : "remote";
  }
}
