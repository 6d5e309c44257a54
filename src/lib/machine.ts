import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/**
 * Under which two processes have the same loopback addresses and devices: the same for all of one machine, and another one on each
 * other, also where machines are copies of each other. Not the same after a restart of the machine.
 */
export function machineId(): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    // Two containers on one machine have a loopback each.
    return `${boot}/${readlinkSync("/proc/self/ns/net").replace(/\D/g, "")}`;
  } catch {
    return hostname();
  }
}
