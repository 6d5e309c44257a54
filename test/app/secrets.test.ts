import { expect, it } from "vitest";
import { redactor } from "../../src/app/pino-log.ts";
import { secretsIn } from "../../src/app/secrets.ts";

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
