import { describe, expect, it, onTestFinished } from "vitest";
import type { z } from "zod";
import { loadBackends, OWN_PARTS } from "../../../src/app/load.ts";
import { readSettings } from "../../../src/app/settings.ts";
import { byPreference } from "../../../src/jobs/router/preference.ts";
import type { Backend } from "../../../src/ports/backend.ts";
import { moduleServices } from "../../fakes/module-services.ts";

const EVERYTHING: Readonly<Record<string, string>> = {
  COMFYUI_URL: "http://127.0.0.1:8188",
  WEBUI_URL: "http://127.0.0.1:7860",
  SDCPP_URL: "http://127.0.0.1:1234",
  HF_TOKEN: "hf_x",
  HF_SPACE: "someone/gallery",
  HF_MODEL: "black-forest-labs/FLUX.1-dev",
  HF_ENDPOINT_URL: "https://abc.endpoints.huggingface.cloud",
  HORDE_API_KEY: "0123456789",
};

async function configured(environment: Readonly<Record<string, string>>): Promise<readonly Backend[]> {
  const modules = await loadBackends(OWN_PARTS);
  const made = await Promise.all(
    modules.map(({ file, found }) =>
      found.create(readSettings(file, found.env as z.ZodObject, environment), moduleServices()),
    ),
  );
  const backends = made.filter((backend) => backend !== undefined);
  onTestFinished(async () => void (await Promise.all(backends.map((backend) => backend.close()))));
  return backends;
}

describe("the order of backends", () => {
  it("is your own network, what is free outside, what costs money, the last resort, the sketch", async () => {
    const ordered = byPreference(await configured(EVERYTHING), []);
    expect(ordered.map(({ name }) => name)).toEqual([
      "comfyui",
      "sdcpp",
      "webui",
      "space",
      "endpoint",
      "huggingface",
      "horde",
      "sketch",
    ]);
  });
  it("takes a machine of one's own that speaks an endpoint's protocol for one in your own network", async () => {
    const ordered = byPreference(await configured({ ...EVERYTHING, HF_ENDPOINT_URL: "http://192.168.1.9:8080" }), []);
    expect(ordered.map(({ name }) => name).slice(0, 4)).toEqual(["comfyui", "endpoint", "sdcpp", "webui"]);
  });
  it("is the operator's where there is one", async () => {
    const ordered = byPreference(await configured(EVERYTHING), ["horde", "webui"]);
    expect(ordered.map(({ name }) => name)).toEqual(["horde", "webui"]);
  });
  it("names what is not on", async () => {
    const backends = await configured({});
    expect(() => byPreference(backends, ["comfyui"])).toThrow(/"comfyui", which is not on/);
  });
});
