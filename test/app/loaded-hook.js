import { appendFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { isMainThread } from "node:worker_threads";

// Imported before the program, as JavaScript: writes down which files it loads, one address a line. Told to, it adds what the
// program holds that is in use, and ends it. Wants --expose-gc.
const list = process.env["LOADED_TO"] ?? "";
registerHooks({
  load(url, context, next) {
    appendFileSync(list, `${url}\n`);
    return next(url, context);
  },
});
if (isMainThread)
  process.on("SIGUSR2", () => {
    globalThis.gc?.();
    appendFileSync(list, `live heap bytes: ${process.memoryUsage().heapUsed}\n`);
    process.kill(process.pid, "SIGKILL");
  });
