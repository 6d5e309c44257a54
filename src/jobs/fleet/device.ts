import type { BackendFacts } from "../../ports/backend.ts";

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;
const isLoopback = (address: string): boolean => LOOPBACK.test(new URL(address).hostname.replace(/\.+$/, ""));

/**
 * What makes a backend's pictures, as all processes call it. An address is the same device for all, except a loopback address: that
 * is each machine's own, as is what makes pictures in the process itself.
 *
 * @param machine see `machineId`
 */
export function deviceOf({ name, at = [] }: Pick<BackendFacts, "name" | "at">, machine: string): string {
  const parts = at.length > 0 && !at.some(isLoopback) ? [name, ...at.toSorted()] : [machine, name, ...at.toSorted()];
  return parts.join(" ");
}
