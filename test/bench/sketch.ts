import { draw } from "../../src/backends/sketch/draw.ts";
import { FAMILIES } from "../../src/backends/sketch/families/all.ts";

/** One core, one process, warm: `node test/bench/sketch.ts`. Targets: 300 ms at 832 × 1216, 700 ms at 1536 × 1536. */
const ROUNDS = 5;

for (const [widthPx, heightPx, targetMs] of [
  [832, 1216, 300],
  [1536, 1536, 700],
] as const) {
  const all: number[] = [];
  for (const { name } of FAMILIES) {
    const prompt = `${name}, a fox and a bridge, "Bread and roses", "Sunday at ten, Town Hall"`;
    const times: number[] = [];
    let bytes = 0;
    for (let seed = 0; seed < ROUNDS; seed++) {
      const startedMs = performance.now();
      const request = {
        prompt,
        finalPrompt: prompt,
        styleId: "sketch",
        loraScale: 1,
        guidance: 3,
        trueCfg: 1,
        steps: 28,
        seed,
        widthPx,
        heightPx,
      };
      bytes = (await draw({ request, trigger: "", initBytes: undefined })).png.length;
      times.push(performance.now() - startedMs);
    }
    times.sort((a, b) => a - b);
    all.push(...times);
    console.log(
      `${widthPx}×${heightPx} ${name.padEnd(15)} median ${times[2]?.toFixed(0)} ms, most ${times.at(-1)?.toFixed(0)} ms, ${Math.round(bytes / 1024)} kB`,
    );
  }
  all.sort((a, b) => a - b);
  console.log(
    `${widthPx}×${heightPx} all: median ${all[Math.floor(all.length / 2)]?.toFixed(0)} ms, 95% ${all[Math.floor(all.length * 0.95)]?.toFixed(0)} ms, target ${targetMs} ms`,
  );
}
