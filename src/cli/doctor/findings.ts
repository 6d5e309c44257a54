import type { Style } from "../../domain/style.ts";
import type { Text } from "../../domain/text.ts";
import { styleOrder } from "../../features/draw/sample.ts";
import { cannotHonour, featuresFor } from "../../jobs/router/compatibility.ts";
import { SOURCE_LANGUAGE } from "../../messages/catalogue.ts";
import { render } from "../../messages/render.ts";
import type { Backend, FamilyFound, Inspection } from "../../ports/backend.ts";
import { named } from "../../ports/backend-sentence.ts";
import type { PlatformInspection } from "../../ports/module.ts";

/** One part of an installation and how it is. */
export interface Finding {
  readonly title: string;
  readonly ok: boolean;
  /** As `PlatformInspection.refused`. */
  readonly refused?: boolean;
  readonly facts: readonly string[];
  readonly nextSteps: readonly string[];
}

const INSPECT_WITHIN_MS = 10_000;
const NAMES_SHOWN = 12;

/** Asks one backend for everything. Never rejects: a backend that breaks its promise is a finding too. */
export async function examineBackend(backend: Backend, styles: readonly Style[]): Promise<Finding> {
  const signal = AbortSignal.timeout(INSPECT_WITHIN_MS);
  try {
    const found = backend.inspect
      ? await backend.inspect(styles, signal)
      : { health: await backend.health(signal), models: [], loras: [], nextSteps: [] };
    return backendFinding(backend, found, styles);
  } catch {
    return broken(inEnglish(backend.title));
  }
}

/** As `examineBackend`, for a platform's module. `undefined`: it is off. */
export async function examinePlatform(
  title: string,
  inspect: (signal: AbortSignal) => Promise<PlatformInspection | undefined>,
): Promise<Finding | undefined> {
  try {
    const found = await inspect(AbortSignal.timeout(INSPECT_WITHIN_MS));
    return found && { title, ...found };
  } catch {
    return broken(title);
  }
}

const inEnglish = (text: Text): string => render(text, SOURCE_LANGUAGE);

const broken = (title: string): Finding => ({
  title,
  ok: false,
  facts: ["looking at it failed"],
  nextSteps: ["Update Placard; if it stays, report it with what stands in the log."],
});

function backendFinding(backend: Backend, found: Inspection, styles: readonly Style[]): Finding {
  const up = found.health.up;
  const can = styles.map((style) => {
    const order = styleOrder(style);
    return {
      id: style.id,
      lacks:
        cannotHonour(backend.name, featuresFor(backend, order.request, style), order, style) ??
        backend.lacks?.(order.request, style),
    };
  });
  const runs = can.filter(({ lacks }) => lacks === undefined).map(({ id }) => id);
  const fails = can.flatMap(({ id, lacks }) =>
    lacks === undefined ? [] : [`${id} (${inEnglish(named(lacks, backend.title)).replace(/\.$/u, "")})`],
  );
  return {
    title: inEnglish(backend.title),
    ok: up,
    facts: [
      [
        up ? (found.health.up && found.health.detail) || "answers" : `not usable: ${reasonOf(found, backend.title)}`,
        found.version ?? "",
        found.latencyMs === undefined ? "" : `${Math.round(found.latencyMs)} ms away`,
      ]
        .filter((part) => part !== "")
        .join(", "),
      `${WHERE[backend.where]}; ${costOf(backend)}`,
      ...(found.families ?? []).map(familyText),
      ...(found.models.length > 0 ? [`models: ${some(found.models)}`] : []),
      ...(found.loras.length > 0 ? [`LoRAs: ${some(found.loras)}`] : []),
      ...(up && runs.length > 0 ? [`styles that run here: ${runs.join(", ")}`] : []),
      ...(up && fails.length > 0 ? [`styles that do not: ${fails.join("; ")}`] : []),
    ],
    nextSteps: found.nextSteps,
  };
}

/** What was chosen and why, which styles get it, and what its licence is. */
const familyText = ({ family, what, files, licence, styles }: FamilyFound): string =>
  [
    `draws with ${what}: ${files.join(", ")}`,
    `family "${family}"`,
    styles.length === 0 ? "no style draws with it" : `for ${some(styles)}`,
    `licence ${licence}`,
  ].join("; ");

const WHERE: Readonly<Record<Backend["where"], string>> = {
  here: "in this program",
  local: "in your own network",
  remote: "outside: prompts leave your own network",
};

/** Members are told whose turn it is; here the operator is the one who reads. */
function reasonOf({ health }: Inspection, title: Text): string {
  if (health.up) return "";
  const { reason } = health;
  const { more: _, ...about } = reason;
  return inEnglish(named(about, title)).replace(/\.$/u, "");
}

const costOf = ({ costWeight, paid }: Backend): string => {
  const members =
    costWeight === 0 ? "free for members" : `a second there costs members ${costWeight} s of their allowance`;
  return paid === true ? `costs money; ${members}` : members;
};

const some = (names: readonly string[]): string =>
  names.length <= NAMES_SHOWN
    ? names.join(", ")
    : `${names.slice(0, NAMES_SHOWN).join(", ")} and ${names.length - NAMES_SHOWN} more`;

/** For a terminal: a mark, the title, what was found, and an arrow before each next step. */
export function findingText(finding: Finding): string {
  return [
    `${finding.ok ? "✓" : "✗"} ${finding.title}`,
    ...finding.facts.map((fact) => `    ${fact}`),
    ...finding.nextSteps.map((step) => `    → ${step}`),
  ].join("\n");
}
