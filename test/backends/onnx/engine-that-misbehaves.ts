import { type FromEngine, toEngineSchema } from "../../../src/backends/onnx/engine/messages.ts";
import { startStopwatch } from "../../../src/backends/onnx/stopwatch.ts";

// An engine's process that does what its prompt says.

const tell = (message: FromEngine): void => void process.send?.(message);
const busyMs = (ms: number): void => {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
};

const BEHAVIOURS: Readonly<Record<string, (id: number) => void>> = {
  draws(id) {
    tell({ type: "step", id, at: 1, of: 1 });
    tell({
      type: "drawn",
      id,
      drawn: {
        widthPx: 64,
        heightPx: 64,
        stages: startStopwatch({ runMs: 0 }).stages(),
        totalMs: 1,
        textEncoderKeys: 0,
      },
    });
  },
  // As a network's run, which nothing can interrupt.
  "works for long"(id) {
    tell({ type: "step", id, at: 1, of: 2 });
    setTimeout(() => busyMs(60_000), 20);
  },
  "stops between steps"(id) {
    tell({ type: "step", id, at: 1, of: 2 });
    process.on("message", (message) => {
      const said = toEngineSchema.parse(message);
      if (said.type === "stop") tell({ type: "failed", id, why: "stopped", message: "stopped" });
    });
  },
  crashes: () => process.abort(),
  "is killed": () => process.kill(process.pid, "SIGKILL"),
  "says odd things": () => void process.send?.({ type: "drawn", id: "?" }),
};

process.on("disconnect", () => process.exit());
process.on("message", (message) => {
  const said = toEngineSchema.parse(message);
  if (said.type === "load" && said.options.folder === "bad") {
    tell({ type: "failed", why: "folder", message: "model_index.json is missing" });
  } else if (said.type === "load") {
    tell({ type: "loaded", facts: { provider: "cpu", failed: [], version: "0", guidance: true } });
  } else if (said.type === "draw") BEHAVIOURS[said.order.prompt]?.(said.id);
});
