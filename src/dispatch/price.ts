import { isDeepStrictEqual } from "node:util";
import type { NewJob } from "../domain/job.ts";
import { ok, type Result, refuse } from "../domain/problem.ts";
import type { Order } from "../domain/recipe.ts";
import type { RouteRules } from "../domain/route-rules.ts";
import { sentences, type Text, text } from "../domain/text.ts";
import { duration } from "../domain/time-words.ts";
import { ENLARGING } from "../jobs/enlarging/lane.ts";
import { estimate, loadMsOf, megapixelStepsOf, speedNameOf } from "../jobs/estimate.ts";
import { styleOfPicture } from "../jobs/job-plan.ts";
import { LETTERING } from "../jobs/lettering/lane.ts";
import { withModelTitle, withoutModel } from "../jobs/router/model-names.ts";
import { byRules } from "../jobs/router/route-rules.ts";
import { recentLoads } from "./recent-loads.ts";
import type { Services } from "./services.ts";

/** Where an order goes and what it costs. */
export type Price = Pick<NewJob, "order" | "lane" | "passedOver" | "estimateGpuMs" | "estimateMs" | "policy">;

type Market = Pick<Services, "styles" | "router" | "store" | "nowMs">;

/** Chooses where an order would go and what it would cost, by the rules of the chat. Nothing is spent yet. */
export async function priceOf(services: Market, asked: Order, policy: RouteRules): Promise<Result<Price>> {
  if (asked.lettersOver !== undefined) return ok(letteringPrice(asked, policy));
  const style = services.styles.get(asked.request.styleId) ?? styleOfPicture(asked);
  if (!style)
    return refuse({
      code: "not_found",
      text: text("problem.style-gone", { style: asked.request.styleId }),
    });
  const order = withModelTitle(asked, style, byRules(services.router.backends, policy));
  const plan = services.router.plan(order, style, policy, await waitsMs(services));
  const [backend] = plan.candidates;
  if (!backend && order.enlarge) return ok(resamplingPrice(order, policy, plan.passedOver));
  if (!backend) {
    if (order.modelFrom !== undefined) return withoutUsualModel(services, order, policy, plan.passedOver);
    const { retryAtMs } = plan;
    if (retryAtMs === undefined)
      return refuse({
        code: "cannot_honour",
        text: sentences(text("problem.nothing-can"), ...plan.passedOver, text("problem.nothing-can.next")),
      });
    return refuse({
      code: "no_backend",
      text: sentences(
        text("problem.nothing-can-now"),
        ...plan.passedOver,
        text("problem.try-in", { wait: duration(retryAtMs - services.nowMs()) }),
      ),
      retryAtMs,
    });
  }
  const cost = estimate(
    order,
    backend,
    await services.store.speed(speedNameOf(order, backend)),
    order.enlarge ? 0 : loadMsOf(backend, order, style),
  );
  const { passedOver } = plan;
  const foreseen = order.enlarge ? [] : (backend.foresees?.(order.request, style) ?? []);
  return ok({
    order: withForeseen(order, foreseen),
    policy,
    lane: backend.name,
    passedOver,
    estimateGpuMs: cost.gpuMs,
    estimateMs: cost.ms,
  });
}

/** The chat's usual model is away, which is said: nobody asked for it by name. */
async function withoutUsualModel(
  services: Market,
  order: Order,
  policy: RouteRules,
  why: readonly Text[],
): Promise<Result<Price>> {
  const price = await priceOf(services, withoutModel(order), policy);
  if (!price.ok) return price;
  const { order: priced, passedOver = [] } = price.value;
  const news = why.filter((reason) => !passedOver.some((said) => isDeepStrictEqual(said, reason)));
  return ok({ ...price.value, order: { ...priced, advice: [...priced.advice, ...news] } });
}

/** Nothing is made, so it goes nowhere: wherever the chat allows pictures to be made, and where nothing is up. */
const letteringPrice = (order: Order, policy: RouteRules): Price => ({
  order,
  policy,
  lane: LETTERING.name,
  passedOver: [],
  estimateGpuMs: 0,
  estimateMs: LETTERING.firstGuess.overheadMs,
});

/** No model makes it larger, here or now. */
const resamplingPrice = (order: Order, policy: RouteRules, passedOver: readonly Text[]): Price => ({
  order,
  policy,
  lane: ENLARGING.name,
  passedOver,
  estimateGpuMs: 0,
  estimateMs: Math.ceil(
    ENLARGING.firstGuess.overheadMs + megapixelStepsOf(order) * ENLARGING.firstGuess.perMegapixelStepMs,
  ),
});

/** Of the backend it goes to now, whatever the order went to before. */
function withForeseen({ foreseen: _before, ...order }: Order, foreseen: readonly Text[]): Order {
  return foreseen.length === 0 ? order : { ...order, foreseen: [...foreseen] };
}

/** What each backend still has to do, from its own queue here. One model has no other to compare with. */
async function waitsMs({ router, store, nowMs }: Market): Promise<ReadonlyMap<string, number>> {
  const models = router.backends.filter(({ where }) => where !== "here");
  if (models.length < 2) return new Map();
  const loads = await recentLoads(store, nowMs());
  return new Map(models.map(({ name, concurrency }) => [name, (loads.get(name) ?? 0) / concurrency]));
}
