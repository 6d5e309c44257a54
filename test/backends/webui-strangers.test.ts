import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { serverAddress } from "../../src/backends/shared/address.ts";
import { createWebui } from "../../src/backends/webui/backend.ts";
import { someRequest } from "../contracts/backend.ts";
import { english } from "../words.ts";
import { rca } from "./webui-rig.ts";

// What else answers at an address that somebody took for a web UI's.

type Answers = Readonly<Record<string, unknown>>;

/** Answers these addresses with JSON, and every other as `otherwise`. */
async function program(answers: Answers, otherwise: RequestListener) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    const found = Object.hasOwn(answers, request.url ?? "") ? answers[request.url ?? ""] : undefined;
    if (found === undefined) return otherwise(request, response);
    response.setHeader("content-type", "application/json").end(JSON.stringify(found));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const backend = createWebui({ server: serverAddress("x").parse(`http://127.0.0.1:${port}`), pollMs: 5 });
  onTestFinished(async () => {
    await backend.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { backend, asked };
}

const page: RequestListener = (_request, response) => {
  response.setHeader("content-type", "text/html").end("<!doctype html><title>It works</title>");
};
const notFound: RequestListener = (_request, response) => {
  response.writeHead(404, { "content-type": "text/html" }).end("<h1>Not Found</h1>");
};
const kobold = { software: { name: "KoboldCpp", version: "1.100" } };
const comfyui = { system: { comfyui_version: "0.3.64" } };

const PROGRAMS: readonly [string, Answers, RequestListener, RegExp, RegExp][] = [
  [
    "a web site that has a page for every address",
    {},
    page,
    /is not what answers at its address/u,
    /WEBUI_URL is its address/u,
  ],
  ["a web site", {}, notFound, /has its API switched off/u, /--api/u],
  [
    "another program that describes itself",
    { "/openapi.json": { paths: { "/v1/models": {} } } },
    notFound,
    /is not what answers/u,
    /WEBUI_URL/u,
  ],
  [
    "a web UI without its API",
    { "/openapi.json": { paths: { "/config": {}, "/internal/ping": {} } } },
    notFound,
    /API switched off/u,
    /--api/u,
  ],
  [
    "sd-server, with its part of this API",
    { "/sdcpp/v1/capabilities": { supported_modes: ["img_gen"] }, "/sdapi/v1/loras": [] },
    notFound,
    /sd-server answers/u,
    /SDCPP_URL/u,
  ],
  [
    "KoboldCpp, which plays ComfyUI as well",
    { "/.well-known/serviceinfo": kobold, "/system_stats": comfyui, "/sdapi/v1/sd-models": [] },
    notFound,
    /KoboldCpp answers/u,
    /sd-server \(SDCPP_URL\)/u,
  ],
  ["ComfyUI", { "/system_stats": comfyui }, notFound, /ComfyUI answers/u, /COMFYUI_URL/u],
  [
    "InvokeAI, which has a page for every address",
    { "/openapi.json": { paths: { "/api/v1/queue/": {} } }, "/api/v1/app/version": { version: "6.5.1" } },
    page,
    /InvokeAI answers/u,
    /does not speak/u,
  ],
];

it.each(PROGRAMS)(
  "%s is told to the member, and to the operator what to do",
  async (_who, answers, otherwise, said, step) => {
    const { backend, asked } = await program(answers, otherwise);
    expect(english(await backend.health(AbortSignal.timeout(5000)))).toMatchObject({
      up: false,
      reason: expect.stringMatching(said) as string,
    });
    expect((await backend.inspect?.([rca], AbortSignal.timeout(5000)))?.nextSteps.join()).toMatch(step);
    const signal = AbortSignal.timeout(5000);
    const made = Array.fromAsync(backend.generate({ request: someRequest, style: rca, signal }));
    await expect(made).rejects.toMatchObject({ code: "bad_response", elsewhere: true });
    // Nothing was asked to make, list or change anything.
    expect(asked.filter((url) => /txt2img|img2img|interrupt|refresh|loras|options/u.test(url))).toEqual([]);
  },
);

it("a fork without an extension for LoRAs is not asked for them", async () => {
  const schema = { $ref: "#/components/schemas/T" };
  const api = {
    paths: {
      "/sdapi/v1/txt2img": { post: { requestBody: { content: { "application/json": { schema } } } } },
      "/sdapi/v1/options": {},
    },
    components: { schemas: { T: { properties: { distilled_cfg_scale: {} } } } },
  };
  const { backend, asked } = await program(
    { "/openapi.json": api, "/sdapi/v1/options": {}, "/sdapi/v1/memory": {}, "/sdapi/v1/sd-models": [] },
    notFound,
  );
  expect(await backend.health(AbortSignal.timeout(5000))).toMatchObject({ up: true, detail: "Forge" });
  expect(english(backend.lacks?.(someRequest, rca))).toContain("does not have the style’s file");
  await backend.health(AbortSignal.timeout(5000));
  expect(asked.filter((url) => url.includes("loras"))).toEqual([]);
});
