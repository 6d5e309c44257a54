import { z } from "zod";

const advisory = z.object({ title: z.string(), url: z.string() });
/** Of `npm audit --json`, version 2. What npm writes where it reached nobody has neither of the two. */
const reportSchema = z.object({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(
    z.string(),
    z.object({
      name: z.string(),
      severity: z.enum(["info", "low", "moderate", "high", "critical"]),
      range: z.string(),
      via: z.array(z.union([z.string(), advisory])),
      fixAvailable: z.union([z.boolean(), z.object({ name: z.string(), version: z.string() })]),
    }),
  ),
});

export interface Fault {
  readonly name: string;
  readonly severity: string;
  readonly range: string;
  /** What is the matter and where it is told; empty: it only contains another that is here. */
  readonly about: readonly string[];
  readonly mended: boolean;
}

const GRAVEST_FIRST = ["critical", "high", "moderate", "low", "info"];

/** @returns `undefined`: npm's list was not reached, or its answer is none */
export function faultsIn(json: string): readonly Fault[] | undefined {
  const read = reportSchema.safeParse(parsed(json));
  if (!read.success) return undefined;
  return Object.values(read.data.vulnerabilities)
    .map(({ name, severity, range, via, fixAvailable }) => ({
      ...{ name, severity, range },
      about: via.flatMap((one) => (typeof one === "string" ? [] : [`${one.title} (${one.url})`])),
      mended: fixAvailable !== false,
    }))
    .toSorted((a, b) => GRAVEST_FIRST.indexOf(a.severity) - GRAVEST_FIRST.indexOf(b.severity));
}

export function faultsText(what: string, faults: readonly Fault[] | undefined): readonly string[] {
  if (faults === undefined)
    return [
      "npm's list of known faults could not be reached: nothing is known. Try again when this machine is online.",
    ];
  if (faults.length === 0) return [`${what}: no known faults.`];
  return [
    `${what}: ${faults.length} with known faults.`,
    ...faults.map(({ name, severity, range, about, mended }) => {
      const why = about.length === 0 ? "it contains one of the others" : about.join("; ");
      return `  ${severity}: ${name} ${range}: ${why}. ${mended ? "A version without it is there." : "No version without it is there yet."}`;
    }),
  ];
}

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      license: z.string().optional(),
      dev: z.boolean().optional(),
      devOptional: z.boolean().optional(),
    }),
  ),
});

/** They ask for their text and names to be kept, and for nothing else. */
const PLAIN =
  /^(?:MIT|MIT-0|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0|CC0-1\.0|Unlicense|Zlib|OFL-1\.1|Python-2\.0)$/;

/** All that it asks for at once is plain, by one of the ways that it leaves open. */
const isPlain = (license: string): boolean =>
  license
    .replaceAll(/[()]/g, "")
    .split(" AND ")
    .every((part) => part.split(" OR ").some((one) => PLAIN.test(one)));

/** @param lock text of a `package-lock.json`, version 3 */
export function licencesText(lock: string): readonly string[] {
  const running = Object.entries(lockSchema.parse(JSON.parse(lock)).packages).flatMap(
    ([path, { license = "none named", dev, devOptional }]) =>
      path === "" || dev === true || devOptional === true
        ? []
        : [{ name: path.replace(/^.*node_modules\//, ""), license }],
  );
  const counts = new Map<string, number>();
  for (const { license } of running) counts.set(license, (counts.get(license) ?? 0) + 1);
  const listed = [...counts].toSorted((a, b) => b[1] - a[1]).map(([license, count]) => `${count} ${license}`);
  const others = running.filter(({ license }) => !isPlain(license));
  return [
    `Licences of the ${running.length} packages that Placard runs with: ${listed.join(", ")}.`,
    ...(others.length === 0 ? [] : ["Whoever passes Placard on should read these:"]),
    ...others.map(({ name, license }) => `  ${name}: ${license}`),
  ];
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
