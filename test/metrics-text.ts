/**
 * Reads Prometheus' text format 0.0.4, and refuses what its specification refuses or leaves open:
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-format-details
 */
export interface ReadFamily {
  readonly type: string;
  readonly help: string;
  /** By the sample's name with its labels, in the order of the text: `x_bucket{le="1"}`. */
  readonly samples: ReadonlyMap<string, number>;
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const HELP = new RegExp(`^# HELP (${NAME}) ((?:[^\\\\]|\\\\\\\\|\\\\n)*)$`);
const TYPE = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram|summary|untyped)$`);
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\]|\\\\["\\\\n])*"';
const SAMPLE = new RegExp(`^(${NAME})(\\{${LABEL}(?:,${LABEL})*\\})? (\\S+)$`);
const NUMBER = /^(?:[+-]Inf|NaN|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)$/;

const numberIn = (text: string): number => {
  if (!NUMBER.test(text)) throw new Error(`no number: ${text}`);
  return Number(text.replace("Inf", "Infinity"));
};

export function readMetrics(text: string): ReadonlyMap<string, ReadFamily> {
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  const families = new Map<string, { type: string; help: string; samples: Map<string, number> }>();
  let open = "";
  for (const line of text.slice(0, -1).split("\n")) {
    const [, helped, help = ""] = HELP.exec(line) ?? [];
    const [, typed, type = ""] = TYPE.exec(line) ?? [];
    if (helped !== undefined) {
      if (families.has(helped)) throw new Error(`${helped} stands in two places`);
      families.set(helped, { type: "", help, samples: new Map() });
      open = helped;
    } else if (typed !== undefined) {
      const family = families.get(typed);
      if (typed !== open || !family || family.type !== "" || family.samples.size > 0)
        throw new Error(`the type of ${typed} is not at its head`);
      family.type = type;
    } else {
      const [, name = "", labels = "", value = ""] = SAMPLE.exec(line) ?? [];
      const family = families.get(open);
      if (name === "" || !family) throw new Error(`no line of the format: ${line}`);
      const suffixes = family.type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
      if (!suffixes.some((suffix) => name === open + suffix)) throw new Error(`${name} stands below ${open}`);
      if (family.samples.has(name + labels)) throw new Error(`${name}${labels} is there twice`);
      family.samples.set(name + labels, numberIn(value));
    }
  }
  for (const [name, family] of families) if (family.type === "histogram") checkHistogram(name, family.samples);
  return families;
}

/** Buckets grow with their bound, and the last, which is unbounded, is the count. */
function checkHistogram(name: string, samples: ReadonlyMap<string, number>): void {
  const series = new Map<string, { bounds: number[]; counts: number[] }>();
  for (const [key, value] of samples) {
    const [, before = "", bound = ""] = /^\w+_bucket\{(?:(.*),)?le="([^"]+)"\}$/.exec(key) ?? [];
    if (bound === "") continue;
    const one = series.get(before) ?? { bounds: [], counts: [] };
    one.bounds.push(numberIn(bound));
    one.counts.push(value);
    series.set(before, one);
  }
  for (const [labels, { bounds, counts }] of series) {
    const shown = labels === "" ? "" : `{${labels}}`;
    const grows = (numbers: readonly number[], least: number) =>
      numbers.every((number, at) => at === 0 || number - (numbers[at - 1] ?? 0) >= least);
    if (!grows(bounds, Number.MIN_VALUE) || bounds.at(-1) !== Number.POSITIVE_INFINITY)
      throw new Error(`the bounds of ${name}${shown} are in disorder`);
    if (!grows(counts, 0) || counts.at(-1) !== samples.get(`${name}_count${shown}`))
      throw new Error(`the buckets of ${name}${shown} do not add up`);
    if (!samples.has(`${name}_sum${shown}`)) throw new Error(`${name}${shown} has no sum`);
  }
}
