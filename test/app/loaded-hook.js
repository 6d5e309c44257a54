import { appendFileSync } from "node:fs";
import { registerHooks } from "node:module";

// Imported before the program, as JavaScript: writes down which files it loads, one address a line.
const list = process.env["LOADED_TO"] ?? "";
registerHooks({
  load(url, context, next) {
    appendFileSync(list, `${url}\n`);
    return next(url, context);
  },
});
