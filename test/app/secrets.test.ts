import { expect, it } from "vitest";
import type { z } from "zod";
import { loadAdapters, loadBackends, loadStores, OWN_PARTS } from "../../src/app/load.ts";
import { redactor } from "../../src/app/pino-log.ts";
import { isSecret, secretsIn } from "../../src/app/secrets.ts";
import { coreEnv } from "../../src/app/settings.ts";

const basic = (signIn: string) => `Basic ${Buffer.from(signIn).toString("base64")}`;

it.each([
  ["HF_TOKEN", "canary-1", "Bearer canary-1"],
  ["HORDE_API_KEY", "canary-2", "apikey: canary-2"],
  ["COMFYUI_URL", "http://h1:8188,https://ana:canary%403@h2", "the password canary@3"],
  ["COMFYUI_URL", "http://h1:8188,https://ana:canary%403@h2", "https://ana:canary%403@h2/queue"],
  ["COMFYUI_URL", "https://ana:canary%403@h2", basic("ana:canary@3")],
  ["SDCPP_URL", "http://canary-4@127.0.0.1:1234", "http://canary-4@127.0.0.1:1234"],
  ["DATABASE_URL", "postgres://canary-5", "cannot reach postgres://canary-5"],
  ["DATABASE_DIRECT_URL", "postgres://canary-6", "cannot reach postgres://canary-6"],
])("nothing of %s=%s is left in “%s”", (name, value, line) => {
  const printed = redactor(secretsIn({ [name]: value, WEB_HOST: "127.0.0.1" }))(line);
  expect(printed).toContain("[secret]");
  expect(printed).not.toMatch(/canary|Basic [A-Za-z0-9+/]{8}/);
});

it("leaves other settings alone", () => {
  expect(secretsIn({ WEB_HOST: "127.0.0.1", HF_SPACE: "someone/gallery", COMFYUI_URL: "http://h1:8188" })).toEqual([]);
});

// The folder is none, and only sounds like one: its name in a log is no loss.
const SECRETS = [
  "CLIP_TOKENIZER_DIR",
  "DATABASE_DIRECT_URL",
  "DATABASE_URL",
  "DISCORD_TOKEN",
  "HF_TOKEN",
  "HORDE_API_KEY",
  "IMAGES_API_KEY",
  "TELEGRAM_TOKEN",
  "WEB_TOKEN",
];

/** Every setting there is, with whether its whole value is a secret: a new one has to be said here. */
it("knows of every setting whether it is a secret", async () => {
  const loaded = await Promise.all([loadStores(OWN_PARTS), loadAdapters(OWN_PARTS), loadBackends(OWN_PARTS)]);
  const names = [coreEnv as z.ZodObject, ...loaded.flat().map(({ found }) => found.env)].flatMap((env) =>
    Object.keys(env.shape),
  );
  expect([...new Set(names.filter(isSecret))].toSorted()).toEqual(SECRETS);
  // What sounds like one and is none would be a secret in the log.
  expect(names.filter((name) => /PASS|AUTH|CREDENTIAL|PRIVATE|COOKIE|BEARER/.test(name) && !isSecret(name))).toEqual(
    [],
  );
  const env = Object.fromEntries(SECRETS.map((name) => [name, `canary-of-${name}`]));
  const printed = redactor(secretsIn(env))(Object.values(env).join(" "));
  expect(printed).not.toContain("canary-of");
});
