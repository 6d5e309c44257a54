import { type Clock, every } from "../../lib/clock.ts";
import { createHistogram, type MetricFamily } from "../../lib/metrics.ts";

const EVERY_MS = 250;
const LAG_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** How late what is due comes to its turn: whatever holds the event loop up holds everybody up. */
export function watchLag(clock: Pick<Clock, "steadyMs" | "after">) {
  const lag = createHistogram(LAG_SECONDS, [{}]);
  let dueAtMs = clock.steadyMs() + EVERY_MS;
  const stop = every(clock, EVERY_MS, () => {
    const nowMs = clock.steadyMs();
    lag.observe({}, Math.max(0, nowMs - dueAtMs) / 1000);
    dueAtMs = nowMs + EVERY_MS;
  });
  return {
    stop,
    family: (): MetricFamily => ({
      name: "placard_event_loop_lag_seconds",
      help: `How late a timer came that is set every ${EVERY_MS} ms.`,
      type: "histogram",
      samples: lag.samples(),
    }),
  };
}
