// Numbers as Prometheus reads them: its text format, version 0.0.4.
// https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format

export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

type Labels = Readonly<Record<string, string>>;

interface Sample {
  /** Behind the family's name. */
  readonly suffix?: "_bucket" | "_sum" | "_count";
  readonly labels?: Labels;
  readonly value: number;
}

export interface MetricFamily {
  readonly name: string;
  /** One line for people. */
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly samples: readonly Sample[];
}

/** Only grows, from 0 at the start of the process. */
export interface Counter {
  add(labels: Labels, by?: number): void;
  readonly samples: () => readonly Sample[];
}

/** @param first series that are there before anything happened: rates need a 0 to begin from */
export function createCounter(first: readonly Labels[] = []): Counter {
  const series = new Map(first.map((labels) => [JSON.stringify(labels), { labels, value: 0 }]));
  return {
    add(labels, by = 1) {
      const key = JSON.stringify(labels);
      const one = series.get(key) ?? { labels, value: 0 };
      one.value += by;
      series.set(key, one);
    },
    samples: () => [...series.values()],
  };
}

/** How often something was at most as large as each bound. */
export interface Histogram {
  observe(labels: Labels, value: number): void;
  readonly samples: () => readonly Sample[];
}

/** @param bounds ascending */
export function createHistogram(bounds: readonly number[], first: readonly Labels[] = []): Histogram {
  const empty = (labels: Labels) => ({ labels, counts: bounds.map(() => 0), sum: 0, count: 0 });
  const series = new Map(first.map((labels) => [JSON.stringify(labels), empty(labels)]));
  return {
    observe(labels, value) {
      const key = JSON.stringify(labels);
      const one = series.get(key) ?? empty(labels);
      for (const [at, bound] of bounds.entries()) if (value <= bound) one.counts[at] = (one.counts[at] ?? 0) + 1;
      one.sum += value;
      one.count += 1;
      series.set(key, one);
    },
    samples: () =>
      [...series.values()].flatMap(({ labels, counts, sum, count }): readonly Sample[] => [
        ...bounds.map((bound, at) => ({
          suffix: "_bucket" as const,
          labels: { ...labels, le: numberText(bound) },
          value: counts[at] ?? 0,
        })),
        { suffix: "_bucket", labels: { ...labels, le: "+Inf" }, value: count },
        { suffix: "_sum", labels, value: sum },
        { suffix: "_count", labels, value: count },
      ]),
  };
}

/** Families without a sample are left out. */
export const metricsText = (families: readonly MetricFamily[]): string =>
  families
    .filter(({ samples }) => samples.length > 0)
    .flatMap(({ name, help, type, samples }) => [
      `# HELP ${name} ${help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}`,
      `# TYPE ${name} ${type}`,
      ...samples.map(
        ({ suffix = "", labels = {}, value }) => `${name}${suffix}${labelsText(labels)} ${numberText(value)}`,
      ),
    ])
    .map((line) => `${line}\n`)
    .join("");

function labelsText(labels: Labels): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`,
  );
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

const numberText = (value: number): string =>
  value === Number.POSITIVE_INFINITY ? "+Inf" : value === Number.NEGATIVE_INFINITY ? "-Inf" : String(value);
