import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import { examineBackend, examinePlatform, findingText } from "../../src/cli/doctor/findings.ts";
import { styleSchema } from "../../src/domain/style.ts";
import type { Backend } from "../../src/ports/backend.ts";

const root = new URL("../..", import.meta.url).pathname;
const styles = [
  styleSchema.parse({ id: "rca", title: "RCA", lora: { gpu: "rca.safetensors" } }),
  styleSchema.parse({ id: "fox", title: "Fox", lora: { gpu: "fox.safetensors" } }),
];

describe("what the doctor says of a backend", () => {
  it("says what it is, what runs there and what to do", async () => {
    const backend: Backend = {
      ...fakeBackend({
        name: "gpu",
        features: { styles: "listed" },
        facts: { title: "the GPU box", where: "remote", paid: true },
      }),
      lacks: (_request, { id }) => (id === "fox" ? "has no file fox.safetensors" : undefined),
      inspect: async () => ({
        health: { up: true, detail: "ready" },
        version: "Engine 1.2",
        latencyMs: 12.4,
        models: ["flux1-dev"],
        loras: Array.from({ length: 14 }, (_, at) => `lora-${at}`),
        nextSteps: ["Put fox.safetensors into models/loras."],
      }),
    };
    const finding = await examineBackend(backend, styles);
    expect(finding.ok).toBe(true);
    const text = findingText(finding);
    expect(text).toContain("✓ the GPU box");
    expect(text).toContain(
      "    ready, Engine 1.2, 12 ms away\n    outside: prompts leave your own network; costs money; a second",
    );
    expect(text).toContain("lora-11 and 2 more");
    expect(text).toContain("styles that run here: rca");
    expect(text).toContain("styles that do not: fox (has no file fox.safetensors)");
    expect(text).toContain("→ Put fox.safetensors into models/loras.");
  });

  it("says why one that is down is down", async () => {
    const reason = "nothing answers there; the operator has to look";
    const backend = fakeBackend({ health: () => ({ up: false, reason }), facts: { costWeight: 0 } });
    const finding = await examineBackend(backend, styles);
    expect(finding.ok).toBe(false);
    expect(findingText(finding)).toContain("not usable: nothing answers there\n    in this program; free for members");
    expect(findingText(finding)).not.toContain("styles that");
  });

  it("survives one that throws", async () => {
    const backend: Backend = { ...fakeBackend(), inspect: () => Promise.reject(new Error("secret")) };
    const finding = await examineBackend(backend, styles);
    expect(finding.ok).toBe(false);
    expect(findingText(finding)).not.toContain("secret");
    expect(await examinePlatform("p", () => Promise.reject(new Error("secret")))).toMatchObject({ ok: false });
    expect(await examinePlatform("p", async () => undefined)).toBeUndefined();
  });
});

function doctor(environment: Readonly<Record<string, string>>, envFile?: string) {
  const cwd = mkdtempSync(join(tmpdir(), "placard-doctor-"));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  if (envFile !== undefined) writeFileSync(join(cwd, ".env"), envFile);
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "src/cli/doctor.ts")], {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", STYLES_FILE: join(root, "styles.json"), WEB_PORT: "0", ...environment },
    encoding: "utf8",
    timeout: 30_000,
  });
  return { status, text: stdout + stderr };
}

describe("npm run doctor", () => {
  it("finds nothing wrong with an installation that has only the sketch, and says how to go on", () => {
    const { status, text } = doctor({});
    expect(text).toContain("Nothing is wrong.");
    expect(text).toContain("the built-in sketch");
    expect(text).toContain("in this program; free for members");
    expect(text).toContain("Where pictures are made");
    expect(status).toBe(0);
  });

  it("names everything that is wrong in one run, and no secret", () => {
    const { status, text } = doctor(
      { BACKENDS: "gpu,sketch", WEB_TOKEN: "canary", FAKE_BACKEND: "mood:canary" },
      "WEB_PROT=canary\n",
    );
    expect(text).toContain("setting WEB_PROT is not known; did you mean WEB_PORT?");
    expect(text).toContain('BACKENDS names "gpu", which is not on');
    expect(text).toContain("WEB_TOKEN: use at least 8 characters");
    expect(text).toContain("FAKE_BACKEND: mood must be one of");
    expect(text).toContain("4 to mend");
    expect(text).not.toContain("canary");
    expect(status).toBe(1);
  });
});
