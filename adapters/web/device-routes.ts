import type { Hono } from "hono";
import { shownShortCode } from "../../src/domain/short-code.ts";
import { text } from "../../src/domain/text.ts";
import { addressKeyOf } from "./address.ts";
import { RATES } from "./limits.ts";
import { qrShape } from "./qr.ts";
import { Refusal } from "./refusal.ts";
import { bodyOf, memberOf, slowDown } from "./request.ts";
import type { RatedServices } from "./services.ts";
import { Throttle } from "./throttle.ts";
import { deviceBody, deviceCodeBody } from "./wire.ts";

/** One member on several devices: a code on the first says on the second who it is. Whose it is and how often one may err, the core says. */
export function deviceRoutes(app: Hono, services: RatedServices): void {
  const { log, nowMs, reads, addressOf, core } = services;
  const joins = new Throttle(RATES.join, nowMs);

  app.post("/api/device-code", async (c) => {
    const member = await memberOf(c, log);
    // The page knows best under which address the other device finds it.
    const { address } = await bodyOf(c, deviceCodeBody);
    slowDown(reads, member.id, text("web.much.at-once"));
    const { code, untilMs } = await core.linkCode({ id: member.id, name: member.name });
    return c.json({ code: shownShortCode(code), untilMs, qr: await qrShape(`${address}/#device=${code}`) });
  });

  app.post("/api/device", async (c) => {
    const { code } = await bodyOf(c, deviceBody);
    const address = addressOf(c);
    slowDown(joins, address ?? "all", text("web.much.joined"));
    const redeemed = await core.redeemLinkCode(code, address && `web:${addressKeyOf(address, log.salt)}`);
    if (!redeemed.ok) {
      const { problem } = redeemed;
      const retryAfterMs = problem.retryAtMs === undefined ? 0 : problem.retryAtMs - nowMs();
      throw new Refusal(retryAfterMs > 0 ? 429 : 403, problem.text, { retryAfterMs });
    }
    const device = await log.addDevice(redeemed.value.id);
    // A member of another platform: it has its own ways to be somebody there.
    if (!device) throw new Refusal(403, text("link.wrong"));
    return c.json({ ...device, rooms: await log.groups(device.member.id) });
  });
}
