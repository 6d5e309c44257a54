import { readFileSync } from "node:fs";

const MB_IN_KB = 1024;

/** Linux only; elsewhere not a number, which misses the target visibly. VmHWM: the most it ever was. */
export function residentMb(pid: number | undefined, field: "VmRSS" | "VmHWM"): number {
  const [, kb] = new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(procFile(pid, "status")) ?? [];
  return Number(kb) / MB_IN_KB;
}

export function procFile(pid: number | undefined, name: string): string {
  return process.platform === "linux" ? readFileSync(`/proc/${pid}/${name}`, "utf8") : "";
}
