import type { Order } from "../../domain/recipe.ts";
import type { RouteRules } from "../../domain/route-rules.ts";
import type { Style } from "../../domain/style.ts";
import { type Text, text } from "../../domain/text.ts";
import { duration } from "../../domain/time-words.ts";
import type { Backend } from "../../ports/backend.ts";
import { named } from "../../ports/backend-sentence.ts";
import type { Circuits } from "./circuits.ts";
import { cannotHonour, featuresFor, lacksModel } from "./compatibility.ts";
import { bestPrepared } from "./preparation.ts";
import { againstRules, byRules } from "./route-rules.ts";
import { asImageToImage } from "./variation.ts";

export interface Plan {
  /** In the order to try. */
  readonly candidates: readonly Backend[];
  /** One sentence for each backend that comes before the first candidate by preference but is passed over. */
  readonly passedOver: readonly Text[];
  /** When a resting backend that could do it wakes, Unix ms; only where there is no candidate. */
  readonly retryAtMs?: number;
}

/** A shorter queue elsewhere is worth another backend from this much waiting on. */
const WAIT_WORTH_MOVING_MS = 120_000;

/** Who can do all of an order, those that rest left out. */
export function planFor(
  order: Order,
  style: Style,
  among: {
    /** In order of preference. */
    readonly backends: readonly Backend[];
    readonly restOf: Circuits["restOf"];
    readonly rules: RouteRules;
    readonly waitsMs: ReadonlyMap<string, number>;
    /** The operator put them into this order: default. */
    readonly isOperators?: boolean;
  },
): Plan {
  const candidates: Backend[] = [];
  const passedOver: Text[] = [];
  const wakes: number[] = [];
  const note = (sentence: Text) => candidates.length === 0 && passedOver.push(sentence);
  const allowed = byRules(among.backends, among.rules);
  if (allowed.length === 0) note(text("route.nothing-allowed"));
  for (const backend of allowed) {
    const lacks =
      againstRules(backend, among.rules) ??
      lacksModel(backend, order.request, style) ??
      cannotHonour(
        backend.name,
        featuresFor(backend, order.request, style),
        askedFor(order, backend, allowed),
        style,
      ) ??
      backend.lacks?.(asImageToImage(order.request, backend, order), style);
    if (lacks !== undefined) {
      note(named(lacks, backend.title));
      continue;
    }
    const rest = among.restOf(backend);
    if (rest) {
      note(named(rest.reason, backend.title));
      wakes.push(rest.untilMs);
    } else candidates.push(backend);
  }
  const retryAtMs = candidates.length === 0 && wakes.length > 0 ? Math.min(...wakes) : undefined;
  const quicker = withShorterQueue(bestPrepared(candidates, order.request, style, among), among.waitsMs);
  return {
    candidates: quicker.candidates,
    passedOver: [...passedOver, ...quicker.passedOver],
    ...(retryAtMs === undefined ? {} : { retryAtMs }),
  };
}

/** Where there is a model, it is told that it cannot, and the member chooses: a program's picture is another kind of picture. */
function askedFor(order: Order, { features }: Backend, allowed: readonly Backend[]): Order {
  const without: readonly string[] = allowed.some(({ drawnBy }) => drawnBy === "model")
    ? []
    : (features.doesWithout ?? []);
  return { ...order, asked: order.asked.filter((option) => !without.includes(option)) };
}

/**
 * A model with a far shorter queue goes first, where it costs no more, members or whoever pays. The sketch never does: it is
 * another kind of picture.
 */
function withShorterQueue(
  candidates: readonly Backend[],
  waitsMs: ReadonlyMap<string, number>,
): Pick<Plan, "candidates" | "passedOver"> {
  const [first, ...others] = candidates;
  const waitOf = (backend: Backend) => waitsMs.get(backend.name) ?? 0;
  const quicker =
    first &&
    others.find(
      (other) =>
        other.where !== "here" &&
        other.costWeight <= first.costWeight &&
        (other.paid !== true || first.paid === true) &&
        waitOf(first) - waitOf(other) >= WAIT_WORTH_MOVING_MS,
    );
  if (!first || !quicker) return { candidates, passedOver: [] };
  return {
    candidates: [quicker, ...candidates.filter((each) => each !== quicker)],
    passedOver: [text("route.queue", { place: first.title, wait: duration(waitOf(first)) })],
  };
}
