import type { ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { loopback } from "../../adapters/loopback.ts";
import { assemble } from "../../src/app/assemble.ts";

const TINY_FLUX = fileURLToPath(new URL("../fixtures/onnx/tiny-flux", import.meta.url));
const stepSchema = z.object({ type: z.literal("step") });

/** Each process started from here on meets the next of these signals at the first step of its first picture. */
function killEngines(signals: NodeJS.Signals[]): void {
  const started = (told: unknown) => {
    const { process: child } = told as { readonly process: ChildProcess };
    child.on("message", (message) => {
      const signal = stepSchema.safeParse(message).success ? signals.shift() : undefined;
      if (signal !== undefined) child.kill(signal);
    });
  };
  subscribe("child_process", started);
  onTestFinished(() => void unsubscribe("child_process", started));
}

it("an engine that is killed while it draws costs that one picture nothing but its sentence, and the next is made", async () => {
  const folder = mkdtempSync(join(tmpdir(), "placard-killed-"));
  const chat = loopback({ capabilities: { editMinIntervalMs: 0 } });
  killEngines(["SIGKILL", "SIGABRT"]);
  const { app } = await assemble(
    { ONNX_MODEL_DIR: TINY_FLUX, ONNX_THREADS: "1", BACKENDS: "onnx", BACKEND_COSTS: "onnx=1", LOG_LEVEL: "silent" },
    { pretty: false, alone: { folder, adapter: chat } },
  );
  onTestFinished(async () => {
    await app.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  await app.start();
  const { store, installation } = app.services;
  const full = installation.allowance.capacityGpuMs;
  const account = () => store.account("loopback:ana", installation.allowance, Date.now());
  const ended = async (prompt: string, tone: "good" | "bad") => {
    await chat.type("ana", `/imagine ${prompt} size:256x256 steps:50`);
    expect((await account()).heldGpuMs).toBeGreaterThan(0);
    // An engine starts anew, on a machine that may be busy.
    const card = await chat.waitFor(
      () => [...chat.messages.values()].find(({ view }) => view.text.includes(`“${prompt}”`) && view.tone === tone),
      30_000,
    );
    await app.idle();
    return card;
  };

  const first = await ended("a red fox", "bad");
  expect(first.view.text).toContain("has too little memory for this size");
  expect(await account()).toMatchObject({ heldGpuMs: 0, bucket: { balanceGpuMs: full } });

  const second = await ended("a blue fox", "bad");
  expect(second.view.text).toContain("had a fault of its own on this picture");
  expect(await account()).toMatchObject({ heldGpuMs: 0, bucket: { balanceGpuMs: full } });

  const third = await ended("a green fox", "good");
  expect(third.image?.bytes.length).toBeGreaterThan(1000);
  const after = await account();
  expect(after.heldGpuMs).toBe(0);
  expect(after.bucket.balanceGpuMs).toBeLessThan(full);
});
