import { LAYOUTS } from "../../src/typesetter/layouts/families.ts";
import { draw } from "../../src/typesetter/painting/draw.ts";
import { quantile } from "./core.ts";

const ROUNDS = 5;

/** Every layout a few times on one core, in one process. `slowest`: the layout with the greatest median, and that, in ms. */
export async function drawnAt(
  widthPx: number,
  heightPx: number,
): Promise<{ readonly medianMs: number; readonly p95Ms: number; readonly slowest: string }> {
  const byLayout: { readonly name: string; readonly medianMs: number; readonly tookMs: readonly number[] }[] = [];
  for (const { name } of LAYOUTS) {
    const prompt = 'a fox and a bridge, "Bread and roses", "Sunday at ten, Town Hall"';
    const tookMs: number[] = [];
    for (let seed = 0; seed < ROUNDS; seed++) {
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
      const startedAtMs = performance.now();
      await draw({ request, trigger: "", initBytes: undefined, layout: name });
      tookMs.push(performance.now() - startedAtMs);
    }
    byLayout.push({ name, medianMs: quantile(tookMs, 0.5), tookMs });
  }
  const all = byLayout.flatMap(({ tookMs }) => tookMs);
  const slowest = byLayout.toSorted((a, b) => b.medianMs - a.medianMs)[0];
  return {
    medianMs: quantile(all, 0.5),
    p95Ms: quantile(all, 0.95),
    slowest: `${slowest?.name} ${slowest?.medianMs.toFixed(0)}`,
  };
}
