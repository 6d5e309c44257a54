import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import { examineBackend, examinePlatform, findingText, stylesFinding } from "../../src/cli/doctor/findings.ts";
import { styleSchema } from "../../src/domain/style.ts";
import { verbatim } from "../../src/domain/text.ts";
import type { Backend } from "../../src/ports/backend.ts";
import { forOperator, sentence } from "../../src/ports/backend-sentence.ts";
import { speedsIn } from "../../src/stores/sqlite/speeds.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
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

  it("says what a picture takes there, as measured or guessed, and which models there are", async () => {
    const slow = styleSchema.parse({ id: "slow", title: "Slow", defaults: { width: 1024, height: 1024, steps: 20 } });
    const models = [{ title: "FLUX.1 dev", family: "flux1" }, { title: "SDXL" }];
    const backend: Backend = {
      ...fakeBackend({ name: "gpu", models, facts: { costWeight: 0 } }),
      inspect: async () => ({
        health: { up: true },
        models: [],
        families: [
          {
            family: "flux1",
            what: "FLUX.1 dev by its header",
            files: ["a.safetensors", "ae.safetensors"],
            licence: "Apache-2.0",
            styles: [],
          },
        ],
        loras: [],
        nextSteps: [],
      }),
    };
    const measured = await examineBackend(backend, [slow], { perMegapixelStepMs: 1000, runs: 14 });
    expect(findingText(measured)).toBe(
      [
        "✓ the test backend gpu",
        "    answers",
        "    in this program; free for members",
        '    draws with FLUX.1 dev by its header (family "flux1")',
        "      files: a.safetensors, ae.safetensors",
        "      styles: none draws with it",
        "      licence: Apache-2.0",
        "    models to choose from (model:): FLUX.1 dev, SDXL",
        "    styles that run here: slow",
        "    a picture of 1024×1024 in 20 steps takes about 21 s, as measured in 14 jobs",
      ].join("\n"),
    );
    expect(findingText(measured, 60).split("\n").slice(-2)).toEqual([
      "    a picture of 1024×1024 in 20 steps takes about 21 s, as",
      "      measured in 14 jobs",
    ]);
    expect((await examineBackend(backend, [slow])).facts.at(-1)).toBe(
      "a picture of 1024×1024 in 20 steps: not measured yet, guessed at 0.2 s",
    );
    expect(findingText({ title: "t", ok: true, facts: ["x".repeat(90)], nextSteps: [] }, 60)).toContain("x".repeat(90));
    const poor = { ...fakeBackend({ name: "poor", features: { styles: "listed" } }) };
    const both = stylesFinding([poor, backend], [...styles, slow]);
    expect(both.facts).toEqual(["the test backend gpu, FLUX.1 dev: rca, fox", "the test backend poor: slow"]);
    expect(stylesFinding([poor], styles).facts).toEqual(["nothing that is there (why: see above): rca, fox"]);
  });

  it("reads what was measured beside a Placard at work, and changes nothing", async () => {
    const folder = mkdtempSync(join(tmpdir(), "placard-doctor-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, "placard.sqlite");
    expect(speedsIn(file)).toBeUndefined();
    const store = await openSqliteStore({ file, exclusive: true });
    onTestFinished(() => store.close());
    expect(speedsIn(file)?.size).toBe(0);
    const db = new DatabaseSync(file);
    db.exec("INSERT INTO speed(backend, per_megapixel_step_ms, runs) VALUES('gpu', 950.5, 3)");
    db.close();
    expect(speedsIn(file)).toEqual(new Map([["gpu", { perMegapixelStepMs: 950.5, runs: 3 }]]));
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
