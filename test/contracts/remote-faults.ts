import { describe, expect } from "vitest";
import type { BackendError } from "../../src/ports/backend.ts";
import { CANARY, type FarEnd, farEndBench, SPOILT, size, WHERE } from "./far-end.ts";

const USUAL: Readonly<Record<number, BackendError["code"]>> = {
  401: "auth",
  402: "credits",
  404: "bad_response",
  413: "rejected",
  422: "rejected",
  429: "busy",
  500: "bad_response",
  503: "loading",
};

const STATUSES = [400, ...Object.keys(USUAL).map(Number), 403, 502] as const;

/** What the far end answers instead of what it should, at each exchange in its turn: no picture of it, no secret told. */
export function remoteFaultsContract(farEnd: FarEnd): void {
  const { name, options, opened, failureOf, clean, survives, check } = farEndBench(farEnd);

  describe(`far end faults: ${name}`, () => {
    for (const [status, usual] of Object.entries(USUAL))
      check(`takes status ${status} for what it is`, async () => {
        const rig = await opened("hurried");
        const exchange = rig.exchanges.find(({ kind }) => kind !== "picture") ?? rig.exchanges[0]!;
        rig.server.fail(exchange.name, { status: Number(status), body: `{"detail":"${CANARY} /srv/x"}` });
        const error = await failureOf(rig);
        expect(error.code).toBe(options.codes?.[Number(status)] ?? usual);
        clean(rig, error);
      });

    for (const fault of SPOILT)
      check(`survives ${fault} at ${WHERE[size()]}`, async () => {
        const refused = await survives(await opened("hurried"), fault);
        // Otherwise as it should be, so that nothing but this is refused.
        if (fault === "reaches_out") expect(refused).not.toEqual([]);
      });
  });
}

/**
 * The same for answers that are refused with a status.
 *
 * @param among where all of them take longer than a quick file may: a file for each part
 */
export function remoteStatusesContract(farEnd: FarEnd, among: (status: number) => boolean = () => true): void {
  const { name, opened, survives, check } = farEndBench(farEnd);

  describe(`far end statuses: ${name}`, () => {
    for (const status of STATUSES.filter(among))
      check(`survives status ${status} at ${WHERE[size()]}`, async () => {
        await survives(await opened("hurried"), { status, body: `{"detail":"${CANARY} /srv/x"}` });
      });
  });
}
