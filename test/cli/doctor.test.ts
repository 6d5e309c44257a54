import { describe, expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import { examineBackend, examinePlatform, findingText } from "../../src/cli/doctor/findings.ts";
import { styleSchema } from "../../src/domain/style.ts";
import { verbatim } from "../../src/domain/text.ts";
import type { Backend } from "../../src/ports/backend.ts";
import { forOperator, sentence } from "../../src/ports/backend-sentence.ts";
import { doctor } from "./doctor-run.ts";

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
        facts: { title: verbatim("the GPU box"), where: "remote", paid: true },
      }),
      lacks: (_request, { id }) =>
        id === "fox" ? sentence("backend.lacks.file", { file: "fox.safetensors" }) : undefined,
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
    expect(text).toContain("styles that do not: fox (the GPU box does not have the style’s file fox.safetensors)");
    expect(text).toContain("→ Put fox.safetensors into models/loras.");
  });

  it("says why one that is down is down", async () => {
    const reason = forOperator(sentence("backend.error.offline"));
    const backend = fakeBackend({ health: () => ({ up: false, reason }), facts: { costWeight: 0 } });
    const finding = await examineBackend(backend, styles);
    expect(finding.ok).toBe(false);
    expect(findingText(finding)).toContain(
      "not usable: the test backend fake does not answer\n    in this program; free for members",
    );
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

describe("npm run doctor", () => {
  it("finds nothing wrong with an installation that has only the sketch, and says how to go on", () => {
    const { status, text } = doctor({});
    expect(text).toContain("Nothing is wrong.");
    expect(text).toContain("the built-in sketch");
    expect(text).toContain("in this program; free for members");
    expect(text).toContain("Where pictures are made");
    expect(status).toBe(0);
  });
});
