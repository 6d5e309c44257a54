import type { Style } from "../../domain/style.ts";
import type { Text } from "../../domain/text.ts";
import { styleOrder } from "../../features/draw/sample.ts";
import { estimate } from "../../jobs/estimate.ts";
import { cannotHonour, featuresFor } from "../../jobs/router/compatibility.ts";
import { SOURCE_LANGUAGE } from "../../messages/catalogue.ts";
import { render } from "../../messages/render.ts";
import type { Backend, Inspection } from "../../ports/backend.ts";
import type { FamilyFound } from "../../ports/backend-models.ts";
import { modelsOn } from "../../ports/backend-models.ts";
import { type BackendSentence, named } from "../../ports/backend-sentence.ts";
import type { PlatformInspection } from "../../ports/module.ts";
import type { Speed } from "../../ports/store.ts";

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
export async function examineBackend(
  backend: Backend,
  styles: readonly Style[],
  speed?: Speed | undefined,
): Promise<Finding> {
  const signal = AbortSignal.timeout(INSPECT_WITHIN_MS);
  try {
    const found = backend.inspect
      ? await backend.inspect(styles, signal)
      : { health: await backend.health(signal), models: [], loras: [], nextSteps: [] };
    return backendFinding(backend, found, styles, speed);
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

/** Why a style cannot be drawn there; `undefined` when it can. */
function lacksFor(backend: Backend, style: Style): BackendSentence | undefined {
  const order = styleOrder(style);
  return (
    cannotHonour(backend.name, featuresFor(backend, order.request, style), order, style) ??
    backend.lacks?.(order.request, style)
  );
}

/**
 * Which backend each style goes to while nobody else asks for anything, and with which model.
 * @param backends those that are up, in order of preference
 */
export function stylesFinding(backends: readonly Backend[], styles: readonly Style[]): Finding {
  const places = new Map<string, string[]>();
  for (const style of styles) {
    const backend = backends.find((each) => lacksFor(each, style) === undefined);
    const model = backend?.models?.(style)?.[0]?.title;
    const place = backend
      ? [inEnglish(backend.title), ...(model === undefined ? [] : [model])].join(", ")
      : "nothing that is there (why: see above)";
    places.set(place, [...(places.get(place) ?? []), style.id]);
  }
  return {
    title: "What each style would run on",
    ok: true,
    facts: [...places].map(([place, ids]) => `${place}: ${some(ids)}`),
    nextSteps: [],
  };
}

/** Of a picture in the first style that runs there. What is typeset takes no steps. */
function paceOf(backend: Backend, style: Style | undefined, speed: Speed | undefined): readonly string[] {
  if (!style || backend.typeset) return [];
  const order = styleOrder(style);
  const { ms } = estimate(order, backend, speed);
  const { widthPx, heightPx, steps } = order.request;
  const picture = `a picture of ${widthPx}×${heightPx} in ${steps} steps`;
  const seconds = `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  return [
    speed
      ? `${picture} takes about ${seconds}, as measured in ${speed.runs} ${speed.runs === 1 ? "job" : "jobs"}`
      : `${picture}: not measured yet, guessed at ${seconds}`,
  ];
}

/** Where a member has a choice. */
function choiceOn(backend: Backend, styles: readonly Style[]): readonly string[] {
  const titles = modelsOn([backend], styles).map(({ title }) => title);
  return titles.length > 1 ? [`models to choose from (model:): ${some(titles)}`] : [];
}

function backendFinding(
  backend: Backend,
  found: Inspection,
  styles: readonly Style[],
  speed: Speed | undefined,
): Finding {
  const up = found.health.up;
  const can = styles.map((style) => ({ id: style.id, lacks: lacksFor(backend, style) }));
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
      ...(found.families ?? []).flatMap(familyFacts),
      ...(up ? choiceOn(backend, styles) : []),
      ...(found.models.length > 0 ? [`models: ${some(found.models)}`] : []),
      ...(found.upscaler === undefined ? [] : [`makes pictures larger with ${found.upscaler}`]),
      ...(found.loras.length > 0 ? [`LoRAs: ${some(found.loras)}`] : []),
      ...(up && runs.length > 0 ? [`styles that run here: ${runs.join(", ")}`] : []),
      ...(up
        ? paceOf(
            backend,
            styles.find(({ id }) => id === runs[0]),
            speed,
          )
        : []),
      ...(up && fails.length > 0 ? [`styles that do not: ${fails.join("; ")}`] : []),
    ],
    nextSteps: found.nextSteps,
  };
}

/** What was chosen and why, which styles get it, and what its licence is. */
const familyFacts = ({ family, what, files, licence, styles }: FamilyFound): readonly string[] => [
  `draws with ${what} (family "${family}")`,
  `  files: ${files.join(", ")}`,
  `  styles: ${styles.length === 0 ? "none draws with it" : some(styles)}`,
  `  licence: ${licence}`,
];

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

/**
 * For a terminal: a mark, the title, what was found, and an arrow before each next step.
 * @param columns where a line ends at the latest, but for a word that is longer; default: no line is broken
 */
export function findingText(finding: Finding, columns = Number.POSITIVE_INFINITY): string {
  return [
    `${finding.ok ? "✓" : "✗"} ${finding.title}`,
    ...finding.facts.flatMap((fact) => wrapped(`    ${fact}`, columns)),
    ...finding.nextSteps.flatMap((step) => wrapped(`    → ${step}`, columns)),
  ].join("\n");
}

/** What goes on stands two columns further in. */
function wrapped(line: string, columns: number): readonly string[] {
  const indent = `${/^[\s→]*/u.exec(line)?.[0].replaceAll("→", " ") ?? ""}  `;
  const lines: string[] = [];
  let rest = line;
  while (rest.length > columns) {
    const first = rest.search(/\S/u) + 1;
    const at = rest.lastIndexOf(" ", columns);
    const end = at > first ? at : rest.indexOf(" ", Math.max(columns, first));
    if (end < 0) break;
    lines.push(rest.slice(0, end));
    rest = indent + rest.slice(end + 1);
  }
  return [...lines, rest];
}
