import { createRequire } from "node:module";
import { expect, it } from "vitest";
import { missingPackageIn } from "../../src/lib/missing-package.ts";

const coded = (code: string, message: string) => Object.assign(new Error(message), { code });

it.each([
  ["Cannot find package 'grammy' imported from /srv/placard/adapters/telegram/bot.ts", "grammy"],
  ["Cannot find package '@gradio/client' imported from /srv/placard/x.ts", "@gradio/client"],
  ["Cannot find package 'hono/cookie' imported from /srv/placard/x.ts", "hono"],
  ["Cannot find module '/srv/placard/src/gone.ts' imported from /srv/placard/x.ts", undefined],
  ["Cannot find module './gone.ts'", undefined],
])("in “%s” it is %s", (message, name) => {
  expect(missingPackageIn(coded("ERR_MODULE_NOT_FOUND", message))).toBe(name);
  expect(missingPackageIn(new Error("broke", { cause: coded("ERR_MODULE_NOT_FOUND", message) }))).toBe(name);
  expect(missingPackageIn(new Error(message))).toBeUndefined();
});

it("knows what Node itself says", () => {
  const absent = "placard-has-no-such-package";
  const require = createRequire(import.meta.url);
  let error: unknown;
  try {
    require(`${absent}/part`);
  } catch (thrown) {
    error = thrown;
  }
  expect(missingPackageIn(error)).toBe(absent);
});
