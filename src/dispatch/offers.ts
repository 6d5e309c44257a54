import { DEFERRED_MAX, type Job } from "../domain/job.ts";
import { availableAtMs, type SpendWindow } from "../domain/ledger.ts";
import { OFFERS_MAX, type Offer } from "../domain/offer.ts";
import { potProblem } from "../domain/permissions.ts";
import { type Order, SIDE_MIN_PX, SIDE_STEP_PX } from "../domain/recipe.ts";
import type { RouteRules } from "../domain/route-rules.ts";
import type { Terms } from "../domain/terms.ts";
import { withoutModel } from "../jobs/router/model-names.ts";
import { byRules } from "../jobs/router/route-rules.ts";
import type { AllowanceRefusal } from "../ports/payment.ts";
import { type Price, priceOf } from "./price.ts";
import type { Services } from "./services.ts";

type Market = Parameters<typeof priceOf>[0];

/** Below these parts of what was asked for it is another picture, not a cheaper one. */
const STEPS_LEAST = { part: 0.35, steps: 4 };
const SIDES_LEAST = 0.5;

/**
 * What a member can have instead of an order that is short of allowance, each priced as it would be charged: the free sketch,
 * what would fit, and the same as soon as there is enough.
 */
export async function offersFor(
  services: Market,
  order: Order,
  { terms, short }: { readonly terms: Terms; readonly short: AllowanceRefusal },
): Promise<readonly Offer[]> {
  const { route } = terms.rules;
  if (order.enlarge) return enlargingOffers(services, order, { terms, short });
  const leftGpuMs = leftOf(short);
  const fits = async (cheaper: Order): Promise<Price | undefined> => {
    const price = await priceOf(services, cheaper, route);
    return price.ok && price.value.estimateGpuMs <= leftGpuMs ? price.value : undefined;
  };
  const [sketch, pot, fewer, steps, size, later] = await Promise.all([
    sketchOffer(services, order, route),
    potOffer(services, order, terms, short),
    countOffer(order, fits),
    stepsOffer(order, fits),
    sizeOffer(order, fits),
    laterOffer(services, order, terms, short),
  ]);
  const always = [sketch, pot, later].filter((offer) => offer !== undefined);
  const fitting = [fewer, steps, size].filter((offer) => offer !== undefined).slice(0, OFFERS_MAX - always.length);
  return [sketch, pot, ...fitting, later].filter((offer) => offer !== undefined);
}

/** No smaller one is what was asked for: without the model, or paid otherwise. */
async function enlargingOffers(
  services: Market,
  order: Order,
  { terms, short }: { readonly terms: Terms; readonly short: AllowanceRefusal },
): Promise<readonly Offer[]> {
  const offers = await Promise.all([
    potOffer(services, order, terms, short),
    laterOffer(services, order, terms, short),
  ]);
  const free: Offer[] = order.enlarge
    ? [{ kind: "resample", order: { ...order, enlarge: { ...order.enlarge, free: true } }, gpuMs: 0 }]
    : [];
  return [...free, ...offers.filter((offer) => offer !== undefined)];
}

type Fits = (cheaper: Order) => Promise<Price | undefined>;

const leftOf = (short: AllowanceRefusal): number =>
  Math.max(0, short.code === "quota_used" ? short.account.bucket.balanceGpuMs : short.leftGpuMs);

/** Where pictures are set in type and cost nothing, within the rules of the chat; `undefined`: nowhere. */
export function freeRoute({ router }: Pick<Services, "router">, route: RouteRules): RouteRules | undefined {
  const free = byRules(router.backends, route).filter(
    ({ costWeight, drawnBy }) => costWeight === 0 && drawnBy === "program",
  );
  return free.length === 0 ? undefined : { ...route, backends: free.map(({ name }) => name) };
}

/** What failed elsewhere could be set in type. */
export function canSketch(
  { router, styles }: Pick<Services, "router" | "styles">,
  { order, lane }: Pick<Job, "order" | "lane">,
  route: RouteRules,
): boolean {
  const free = freeRoute({ router }, route);
  const style = styles.get(order.request.styleId);
  // Where it was to be set in type, there is nothing else to try.
  if (!free || !style || order.lettersOver !== undefined || order.enlarge || free.backends?.includes(lane))
    return false;
  return router.plan(withoutModel(order), style, free).candidates.length > 0;
}

async function sketchOffer(services: Market, order: Order, route: RouteRules): Promise<Offer | undefined> {
  const free = freeRoute(services, route);
  // What is set in type has no model: the one that was named is the picture's.
  const sketched = withoutModel(order);
  const price = free && (await priceOf(services, sketched, free));
  return price?.ok && price.value.estimateGpuMs === 0 ? { kind: "sketch", order: sketched, gpuMs: 0 } : undefined;
}

/** Where the rules let this member draw on the pot, and neither it nor what may be spent here is short. */
async function potOffer(
  { store, nowMs }: Market,
  order: Order,
  terms: Terms,
  short: AllowanceRefusal,
): Promise<Offer | undefined> {
  if (short.code !== "quota_used" || potProblem(terms)) return undefined;
  const { settingsKey, spendCapGpuMs, addressCeiling } = terms;
  const { neededGpuMs } = short;
  const { balanceGpuMs } = await store.pot(settingsKey, nowMs());
  const isWithin = (cap: number | undefined, { heldGpuMs, usedGpuMs }: SpendWindow) =>
    cap === undefined || heldGpuMs + usedGpuMs + neededGpuMs <= cap;
  const fits =
    neededGpuMs <= balanceGpuMs &&
    isWithin(spendCapGpuMs, await store.spendWindow(settingsKey, nowMs())) &&
    (!addressCeiling ||
      isWithin(addressCeiling.capGpuMs, await store.addressWindow(addressCeiling.addressKey, nowMs())));
  return fits ? { kind: "pot", order, gpuMs: neededGpuMs, leftGpuMs: balanceGpuMs } : undefined;
}

async function countOffer(order: Order, fits: Fits): Promise<Offer | undefined> {
  const found = await largest(1, order.count - 1, (count) => fits({ ...order, count }));
  return found && { kind: "count", ...priced(order, found.price, { count: found.at }), insteadOf: order.count };
}

async function stepsOffer(order: Order, fits: Fits): Promise<Offer | undefined> {
  const insteadOf = order.request.steps;
  const least = Math.max(STEPS_LEAST.steps, Math.ceil(insteadOf * STEPS_LEAST.part));
  const withSteps = (steps: number): Order => ({ ...order, request: { ...order.request, steps } });
  const found = await largest(least, insteadOf - 1, (steps) => fits(withSteps(steps)));
  return found && { kind: "steps", ...priced(withSteps(found.at), found.price), insteadOf };
}

async function sizeOffer(order: Order, fits: Fits): Promise<Offer | undefined> {
  const { widthPx, heightPx } = order.request;
  const longest = Math.max(widthPx, heightPx) / SIDE_STEP_PX;
  const sides = (at: number) => ({
    widthPx: steppedPx((widthPx * at) / longest),
    heightPx: steppedPx((heightPx * at) / longest),
  });
  const withSides = (at: number): Order => ({ ...order, request: { ...order.request, ...sides(at) } });
  const found = await largest(Math.ceil(longest * SIDES_LEAST), longest - 1, (at) => fits(withSides(at)));
  return found && { kind: "size", ...priced(withSides(found.at), found.price), insteadOf: { widthPx, heightPx } };
}

const steppedPx = (px: number): number => Math.max(SIDE_MIN_PX, Math.round(px / SIDE_STEP_PX) * SIDE_STEP_PX);

const priced = (order: Order, price: Price, over: Partial<Order> = {}) => ({
  order: { ...order, ...over },
  gpuMs: price.estimateGpuMs,
});

/** The largest number within bounds that fits: what costs more never fits where less does not. */
async function largest(
  least: number,
  most: number,
  fits: (at: number) => Promise<Price | undefined>,
): Promise<{ readonly at: number; readonly price: Price } | undefined> {
  let [low, high] = [least, most];
  let found: { readonly at: number; readonly price: Price } | undefined;
  while (low <= high) {
    const at = Math.floor((low + high) / 2);
    const price = await fits(at);
    if (price) {
      found = { at, price };
      low = at + 1;
    } else high = at - 1;
  }
  return found;
}

async function laterOffer(
  { store, nowMs }: Market,
  order: Order,
  terms: Terms,
  short: AllowanceRefusal,
): Promise<Offer | undefined> {
  const mine = await store.openJobs({ memberId: terms.member.id }, 1000);
  const waiting = mine.filter(({ state }) => state === "deferred");
  if (waiting.length >= DEFERRED_MAX) return undefined;
  const before = waiting.reduce((sum, { estimateGpuMs }) => sum + estimateGpuMs, 0);
  const atMs = enoughAtMs(short, terms, nowMs(), before);
  return atMs === undefined ? undefined : { kind: "later", order, gpuMs: short.neededGpuMs, atMs };
}

/**
 * When there will be enough, Unix ms; `undefined`: never, or nobody knows.
 *
 * @param beforeGpuMs what others that wait take first
 */
export function enoughAtMs(
  short: AllowanceRefusal,
  { allowance }: Pick<Terms, "allowance">,
  nowMs: number,
  beforeGpuMs = 0,
): number | undefined {
  if (short.code !== "quota_used") return short.retryAtMs;
  const { bucket } = short.account;
  const { neededGpuMs } = short;
  return (
    availableAtMs(bucket, neededGpuMs + beforeGpuMs, allowance, nowMs) ??
    availableAtMs(bucket, neededGpuMs, allowance, nowMs)
  );
}
