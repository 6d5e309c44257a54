import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openFakeComfyui } from "../fakes/comfyui.ts";
import { openGradio } from "../fakes/gradio.ts";
import { openEndpoint } from "../fakes/hf-endpoint.ts";
import { openRouter } from "../fakes/hf-router.ts";
import { openFakeHorde } from "../fakes/horde.ts";
import { openFakeSdcpp } from "../fakes/sdcpp.ts";
import { openFakeWebui } from "../fakes/webui.ts";

const root = new URL("../..", import.meta.url).pathname;
const TOKEN = "canary-token-5d1";

const STYLES = [
  {
    id: "rca",
    title: "RCA",
    lora: {
      comfyui: "RCA_v2",
      webui: "rca",
      sdcpp: "rca.safetensors",
      space: "RCA",
      endpoint: "rca",
      huggingface: "someone/rca",
      horde: "12345",
    },
  },
  {
    id: "fox",
    title: "Fox",
    lora: {
      comfyui: "fox",
      webui: "fox",
      sdcpp: "fox.safetensors",
      space: "Foxes",
      endpoint: "fox",
      huggingface: "someone/typo",
      horde: "a fox",
    },
  },
];

const cut = { id: "cut", title: "Cut", lora: { elsewhere: "cut" } };

const withSignIn = (url: string, password: string) => url.replace("//", `//ana:${password}@`);

/** One far end of each kind. */
async function everything() {
  const basic = `Basic ${Buffer.from(`ana:${TOKEN}`).toString("base64")}`;
  // A far end may say anything, our own secrets too.
  const loras = ["posters/RCA_v2.safetensors", `${TOKEN}.safetensors`];
  const comfyui = await openFakeComfyui({ authorization: basic, files: { loras } });
  const webui = await openFakeWebui({ flavour: "forge", signIn: `ana:${TOKEN}` });
  const sdcpp = await openFakeSdcpp();
  const space = await openGradio({ token: TOKEN });
  const endpoint = await openEndpoint({ token: TOKEN });
  const router = await openRouter({ token: TOKEN });
  const horde = await openFakeHorde(TOKEN);
  const servers = [comfyui, webui, sdcpp, space, endpoint, router, horde];
  const close = () => Promise.all(servers.map((server) => server.close()));
  onTestFinished(async () => void (await close()));
  const settings = (token: string): Readonly<Record<string, string>> => ({
    COMFYUI_URL: withSignIn(comfyui.url, token),
    WEBUI_URL: withSignIn(webui.url, token),
    SDCPP_URL: sdcpp.url,
    HF_TOKEN: token,
    HF_SPACE: space.url,
    HF_ENDPOINT_URL: endpoint.url,
    HF_HUB_URL: router.url,
    HF_ROUTER_URL: router.url,
    HORDE_API_KEY: token,
    HORDE_URL: `${horde.url}/api/v2`,
  });
  return { settings, close };
}

/** What `npm run doctor` prints, a paragraph for each backend by its title. */
async function doctor(settings: Readonly<Record<string, string>>) {
  const cwd = mkdtempSync(join(tmpdir(), "placard-doctor-"));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  writeFileSync(join(cwd, "styles.json"), JSON.stringify({ styles: [...STYLES, cut] }));
  const child = spawn(process.execPath, [join(root, "src/cli/doctor.ts")], {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", WEB_PORT: "0", ...settings },
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const status = await new Promise((resolve) => child.once("close", resolve));
  const part = (title: string) =>
    /^.*(?:\n {4}.*)*/m.exec(text.slice(text.search(new RegExp(`^[✓✗] ${title}`, "m"))))?.[0];
  return { status, text, part };
}

const TITLES = [
  "ComfyUI on this machine",
  "stable-diffusion\\.cpp",
  "Forge",
  "the Gradio server",
  "our Hugging Face endpoint",
  "Hugging Face \\(fal-ai\\)",
  "the AI Horde",
] as const;

it("reaches every backend, says what runs there and what is missing, and prints no secret", async () => {
  const { settings } = await everything();
  const { status, text, part } = await doctor(settings(TOKEN));
  for (const title of TITLES) {
    expect(part(title), title).toMatch(/^✓/);
    expect(part(title)).toMatch(/\d ms away\n {4}(in your own network|outside: prompts leave your own network); /);
    expect(part(title)).toMatch(/styles that run here: rca/);
    expect(part(title)).toMatch(/cut \(.* (?:does not have|makes no styles of its own, so not) the style Cut\)/);
    // An endpoint cannot be asked which LoRAs its program knows.
    if (!title.startsWith("our")) expect(part(title)).toMatch(/styles that do not: fox \([\s\S]*→ .*Fox/);
  }
  expect(part(TITLES[0])).toContain("models: flux1-dev");
  expect(part(TITLES[0])).toContain("put fox.safetensors into ComfyUI/models/loras");
  expect(text).toContain("[secret].safetensors");
  expect(text).not.toContain(TOKEN);
  expect(status).toBe(0);
});

it("tells a wrong token or password with the step that mends it, for each", async () => {
  const { settings } = await everything();
  const { status, text, part } = await doctor(settings("canary-wrong-77"));
  const steps: Readonly<Record<string, string>> = {
    "ComfyUI on this machine": "https://user:password@host",
    "the web UI": "http://name:password@host:7860",
    "the Gradio server": "HF_TOKEN where it asks for one",
    "our Hugging Face endpoint": "HF_TOKEN must be a token of its owner",
    [TITLES[5]]: "Make a fine-grained token",
    "the AI Horde": "HORDE_API_KEY is not known there",
  };
  for (const [title, step] of Object.entries(steps)) {
    expect(part(title), title).toMatch(/^✗.*\n {4}not usable: /);
    expect(part(title)).toContain(step);
    expect(part(title)).not.toContain("operator");
  }
  expect(text).not.toContain("canary");
  expect(status).toBe(1);
});

it("says of each that nothing answers, and what to start", async () => {
  const { settings, close } = await everything();
  await close();
  const { text, part } = await doctor(settings(TOKEN));
  for (const title of [...TITLES.filter((each) => each !== "Forge"), "the web UI"])
    expect(part(title), title).toMatch(/^✗.*\n {4}not usable: .* does not answer\n[\s\S]*→ /);
  expect(text).not.toContain(TOKEN);
});

it("does not advise to connect a model where one is connected wrongly", async () => {
  const { text } = await doctor({ COMFYUI_URL: "127.0.0.1:8188" });
  expect(text).toContain("COMFYUI_URL: each address must start with http:// or https://");
  expect(text).not.toContain("No image model is connected");
});
