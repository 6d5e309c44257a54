import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseEnv } from "node:util";
import { parse } from "yaml";
import { z } from "zod";

const COMPOSE_FILE = join(import.meta.dirname, "../../start/compose.yaml");

const words = z.array(z.string());
const build = z.strictObject({ context: z.string(), dockerfile: z.string() });
const serviceSchema = z.strictObject({
  image: z.string(),
  build: build.optional(),
  profiles: words.optional(),
  env_file: z.string().optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number().transform(String)])).default({}),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.literal("service_healthy") })).default({}),
  volumes: words.default([]),
  ports: words.default([]),
  extra_hosts: words.default([]),
  healthcheck: z
    .strictObject({
      test: z.tuple([z.literal("CMD")], z.string()),
      interval: z.string(),
      timeout: z.string(),
      start_period: z.string(),
      retries: z.number(),
    })
    .transform(({ timeout, ...rest }) => ({ ...rest, timeoutMs: durationMs(timeout) }))
    .optional(),
  deploy: z.strictObject({ replicas: z.number().int() }).default({ replicas: 1 }),
  restart: z.literal("unless-stopped"),
  stop_grace_period: z.string().default("10s"),
  init: z.boolean().default(false),
  read_only: z.boolean().default(false),
  tmpfs: words.default([]),
  cap_drop: words.default([]),
  security_opt: words.default([]),
});
const fileSchema = z.object({
  name: z.string(),
  services: z.record(z.string(), serviceSchema),
  volumes: z.record(z.string(), z.null()),
});
const environmentSchema = z.record(z.string(), z.string());
type Written = z.output<typeof serviceSchema>;

/** A service as an engine would start it. */
export interface Service extends Omit<Written, "environment" | "env_file" | "stop_grace_period"> {
  /** Of the file that it names, and over that its own. */
  readonly environment: Readonly<Record<string, string>>;
  readonly stopWithinMs: number;
}

/**
 * Reads `start/compose.yaml` as `docker compose --env-file <envFile>` does.
 *
 * @param envFile stands for Placard's `.env`
 * @throws Error as it does for a variable that has to be there, and for what this reader does not understand
 */
export function composeWith(envFile: string): ReadonlyMap<string, Service> {
  const given = environmentSchema.parse(parseEnv(readFileSync(envFile, "utf8")));
  const { services, volumes } = fileSchema.parse(
    filledIn(parse(readFileSync(COMPOSE_FILE, "utf8"), { merge: true }), given),
  );
  const named = (service: Written) =>
    service.volumes.map((one) => one.split(":")[0] ?? "").filter((name) => !(name in volumes));
  return new Map(
    Object.entries(services).map(([name, service]) => {
      const absent = [...named(service), ...Object.keys(service.depends_on).filter((other) => !(other in services))];
      if (absent.length > 0) throw new Error(`${name} names what is not there: ${absent.join(", ")}`);
      if (service.env_file !== undefined && service.env_file !== "../.env")
        throw new Error(`${name} reads its settings from ${service.env_file}, which is not Placard's .env`);
      const { environment, env_file, stop_grace_period, ...rest } = service;
      return [
        name,
        {
          ...rest,
          environment: { ...(env_file === undefined ? {} : given), ...environment },
          stopWithinMs: durationMs(stop_grace_period),
        },
      ];
    }),
  );
}

/** The file that a service is built from, and the folder it is given. */
export const builtFrom = ({ context, dockerfile }: z.output<typeof build>) => {
  const folder = join(dirname(COMPOSE_FILE), context);
  return { folder, file: join(folder, dockerfile) };
};

/** `${NAME}`, `${NAME:-otherwise}`, `${NAME:?why it has to be there}`, `$$`; in values, not in names. */
function filledIn(value: unknown, given: Readonly<Record<string, string | undefined>>): unknown {
  if (Array.isArray(value)) return value.map((one) => filledIn(one, given));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, inside]) => [name, filledIn(inside, given)]));
  if (typeof value !== "string") return value;
  return value.replace(
    /\$(?:(\$)|\{(\w+)(?::([-?])([^}]*))?\}|)/g,
    (
      all,
      dollar: string | undefined,
      name: string | undefined,
      kind: string | undefined,
      words: string | undefined,
    ) => {
      if (dollar !== undefined) return "$";
      if (name === undefined) throw new Error(`this reader does not understand ${all} in ${value}`);
      const known = given[name] ?? "";
      if (known !== "") return known;
      if (kind === "?") throw new Error(`${name}: ${words}`);
      return kind === "-" ? (words ?? "") : "";
    },
  );
}

function durationMs(text: string): number {
  const [, count, unit] = /^(\d+)(s|m)$/.exec(text) ?? [];
  if (count === undefined) throw new Error(`this reader does not understand the time ${text}`);
  return Number(count) * (unit === "m" ? 60_000 : 1000);
}
