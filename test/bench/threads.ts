import { readdirSync, readFileSync } from "node:fs";

/** Of this process since its start, in ms of processor time. */
export interface ThreadTimes {
  /** Of the calling thread, as the system counts it: time in which it waited is not in it. */
  readonly mainMs: number;
  /** Of the others, by the name the system has for them; without /proc all of them together. */
  readonly besideMs: Readonly<Record<string, number>>;
}

/** What the kernel counts in, all over Linux. */
const TICK_MS = 10;

/** To be called on the main thread. Threads that have ended are in none of the names; `beside` is all there was. */
export function threadTimes(): ThreadTimes {
  const all = process.cpuUsage();
  const main = process.threadCpuUsage();
  const mainMs = (main.user + main.system) / 1000;
  const besideMs: Record<string, number> = { beside: (all.user + all.system) / 1000 - mainMs };
  if (process.platform !== "linux") return { mainMs, besideMs };
  for (const id of readdirSync("/proc/self/task")) {
    if (Number(id) === process.pid) continue;
    try {
      // "12 (a name) S …": the name may have brackets and blanks in it; user and system time are the 14th and 15th field.
      const stat = readFileSync(`/proc/self/task/${id}/stat`, "utf8");
      const name = stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      besideMs[name] = (besideMs[name] ?? 0) + (Number(fields[11]) + Number(fields[12])) * TICK_MS;
    } catch {
      // A thread that ended meanwhile.
    }
  }
  return { mainMs, besideMs };
}
