import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished } from "vitest";
import { generatePicture } from "../../src/jobs/generate-picture.ts";
import { type BackendEvent, STOPPING } from "../../src/ports/backend.ts";
import { exchangesOf, expectNoCanary, type FarEnd, farEndBench, pictureDeps, SPOILT, size, WHERE } from "./far-end.ts";

/** From the far end's headers to the program that waits for them. */
const HEADERS_ARRIVE_MS = 5;

/** What every backend with a far end must stand, besides `remoteFaultsContract`. */
export function remoteBackendContract(farEnd: FarEnd): void {
  const { name, request, style, opened, make, failureOf, survives, check: checkAlways } = farEndBench(farEnd);

  describe(`far end contract: ${name}`, () => {
    const all = size() === "all";
    const check = (test: string, body: () => Promise<void>, inBoth?: "in both sizes") => {
      if (!all || inBoth) checkAlways(test, body);
    };

    check("makes the picture, and a second one", async () => {
      const rig = await opened();
      const first = await make(rig.backend);
      expect(first.recipe.request.seed).toBe(request.seed);
      await make(rig.backend);
      expectNoCanary(JSON.stringify([first.recipe, rig.backend]));
      expectNoCanary(Buffer.concat(first.original).toString("latin1"));
      expectNoCanary(rig.logged.join("\n"));
    });

    check(
      `survives huge at ${WHERE[size()]}`,
      async () => {
        const rig = await opened("hurried");
        await survives(rig, "huge");
      },
      "in both sizes",
    );

    for (const fault of ["hang", "hang_after_headers"] as const)
      check(
        `ends a ${fault} at the signal, at ${WHERE[size()]}`,
        async () => {
          const rig = await opened();
          for (const exchange of exchangesOf(rig)) {
            rig.server.fail(exchange.name, fault);
            const control = new AbortController();
            const reason = new Error("cancelled");
            const work = Array.fromAsync(rig.backend.generate({ request, style, signal: control.signal }));
            const ended = work.then(
              () => "a picture",
              (error: unknown) => error,
            );
            // A picture can be made without some exchanges.
            await Promise.race([ended, rig.server.struck(exchange.name).then(() => sleep(HEADERS_ARRIVE_MS))]);
            const startedAtMs = rig.clock.steadyMs();
            control.abort(reason);
            rig.clock.hurry();
            expect([reason, "a picture"], exchange.name).toContain(await ended);
            rig.clock.calm();
            expect(rig.clock.steadyMs() - startedAtMs).toBeLessThan(rig.backend.cancelWithinMs + 1000);
            rig.server.heal();
          }
          await make(rig.backend);
        },
        "in both sizes",
      );

    check("refuses a picture smaller than asked for", async () => {
      const rig = await opened();
      rig.wrongSize();
      expect((await failureOf(rig)).code).toBe("bad_response");
    });

    check("cancels its own running job, and nobody else's", async () => {
      const rig = await opened();
      rig.slow();
      const foreign = rig.foreign?.();
      const control = new AbortController();
      const reason = new Error("cancelled");
      const work = Array.fromAsync(rig.backend.generate({ request, style, signal: control.signal })).catch(
        (error: unknown) => error,
      );
      await expect.poll(() => rig.jobs().length, { timeout: 5000 }).toBeGreaterThan(0);
      if (!foreign) await expect.poll(() => rig.jobs()[0]?.state, { timeout: 5000 }).toBe("running");
      const startedAtMs = performance.now();
      control.abort(reason);
      expect(await work).toBe(reason);
      expect(performance.now() - startedAtMs).toBeLessThan(rig.backend.cancelWithinMs + 500);
      if (rig.backend.features.abortedRun === "stops" || foreign)
        await expect.poll(() => rig.jobs()[0]?.state, { timeout: 3000 }).toBe("cancelled");
      if (foreign) expect(["waiting", "running", "done"]).toContain(foreign.state());
    });

    check("stops what was cancelled also where it is closed at once", async () => {
      const rig = await opened();
      if (rig.backend.features.abortedRun !== "stops") return;
      rig.slow();
      const control = new AbortController();
      // Through the core, which goes on as soon as the signal is aborted.
      const work = make(rig.backend, control.signal);
      work.catch(() => {});
      await expect.poll(() => rig.jobs()[0]?.state, { timeout: 5000, interval: 5 }).toBe("running");
      const reason = new Error("cancelled");
      control.abort(reason);
      await expect(work).rejects.toBe(reason);
      await rig.backend.close();
      await expect.poll(() => rig.jobs()[0]?.state, { timeout: 3000 }).toBe("cancelled");
    });

    check("leaves its work to the next life of the program, which asks for it once only", async () => {
      const rig = await opened();
      if (!rig.again) return;
      rig.slow(400);
      const keys: string[] = [];
      const control = new AbortController();
      const watching = { attached: async (key: string) => void keys.push(key), happened: () => {} };
      const work = generatePicture(rig.backend, { request, style, signal: control.signal }, watching, pictureDeps);
      work.catch(() => {});
      await expect.poll(() => keys.length > 0 && rig.jobs()[0]?.state, { timeout: 5000, interval: 5 }).toBe("running");
      control.abort(STOPPING);
      await expect(work).rejects.toBe(STOPPING);
      await rig.backend.close();
      const next = rig.again();
      onTestFinished(() => next.close());
      const attachKey = keys.at(-1)!;
      const made = await generatePicture(
        next,
        { request, style, attachKey, signal: AbortSignal.timeout(15_000) },
        watching,
        pictureDeps,
      );
      expect(made.reattached).toBe(true);
      expect(rig.jobs().map(({ state }) => state)).toEqual(["done"]);
    });

    check("leaves its position in the far end's queue to the next life too", async () => {
      const rig = await opened();
      if (!rig.again || !rig.foreign) return;
      rig.foreign();
      let attached = false;
      const control = new AbortController();
      // Not through the core, which waits for no ending: a cancel would be told before this rejects.
      const work = (async () => {
        for await (const event of rig.backend.generate({ request, style, signal: control.signal }))
          attached ||= event.type === "waiting";
      })();
      work.catch(() => {});
      await expect.poll(() => attached && rig.jobs()[0]?.state, { timeout: 5000, interval: 5 }).toBe("waiting");
      control.abort(STOPPING);
      await expect(work).rejects.toBe(STOPPING);
      await rig.backend.close();
      expect(rig.jobs().map(({ state }) => state)).toEqual(["waiting"]);
    });

    check("offline is an error the router understands, and health says so", async () => {
      const rig = await opened();
      await rig.server.close();
      expect((await failureOf(rig)).code).toBe("offline");
      expect(await rig.backend.health(AbortSignal.timeout(2000))).toMatchObject({ up: false });
    });

    check(
      `answers about its health whatever the far end says${all ? ", huge too" : ""}`,
      async () => {
        const rig = await opened();
        expect(await rig.backend.health(AbortSignal.timeout(2000))).toMatchObject({ up: true });
        rig.clock.hurry();
        const others = [...SPOILT, "hang", "hang_after_headers", { status: 500 }, { status: 401 }] as const;
        for (const fault of all ? (["huge"] as const) : others) {
          for (const exchange of [...rig.exchanges, { name: "health" }]) rig.server.fail(exchange.name, fault);
          const startedAtMs = rig.clock.steadyMs();
          const health = await rig.backend.health(rig.clock.deadline(1500));
          expect(typeof health.up).toBe("boolean");
          expectNoCanary(JSON.stringify(health));
          expect(rig.clock.steadyMs() - startedAtMs).toBeLessThan(2000);
          rig.server.heal();
        }
      },
      "in both sizes",
    );

    check("tells the operator what it found, and what to do where nothing answers", async () => {
      const rig = await opened();
      const found = await rig.backend.inspect?.([style], AbortSignal.timeout(10_000));
      expect(found?.health).toMatchObject({ up: true });
      expect(found?.latencyMs).toBeGreaterThanOrEqual(0);
      for (const fault of ["html", "wrong_shape", "cut", { status: 401 }] as const) {
        for (const exchange of [...rig.exchanges, { name: "health" }]) rig.server.fail(exchange.name, fault);
        expectNoCanary(JSON.stringify(await rig.backend.inspect?.([style], AbortSignal.timeout(10_000))) ?? "");
        rig.server.heal();
      }
      await rig.server.close();
      const lost = await rig.backend.inspect?.([style], AbortSignal.timeout(10_000));
      expect(lost?.health).toMatchObject({ up: false });
      expect(lost?.nextSteps.join("\n").length).toBeGreaterThan(0);
    });

    check("leaves nothing open after close", async () => {
      const rig = await opened();
      await make(rig.backend);
      await rig.backend.health(AbortSignal.timeout(2000));
      await rig.backend.close();
      await rig.backend.close();
      await expect.poll(() => rig.server.connections(), { timeout: 3000 }).toBe(0);
    });

    check("leaves nothing open where it is closed in the middle of a picture", async () => {
      const rig = await opened();
      rig.slow(60_000);
      const work = Array.fromAsync(rig.backend.generate({ request, style, signal: AbortSignal.timeout(15_000) }));
      work.catch(() => {});
      await expect.poll(() => rig.jobs().length, { timeout: 5000 }).toBeGreaterThan(0);
      rig.clock.hurry();
      const startedAtMs = rig.clock.steadyMs();
      await rig.backend.close();
      expect(rig.clock.steadyMs() - startedAtMs).toBeLessThan(2500);
      await expect.poll(() => rig.server.connections(), { timeout: 3000 }).toBe(0);
      await expect(work).rejects.toThrow();
    });

    check("never falls back in its progress and says at most what is true", async () => {
      const rig = await opened();
      const events: BackendEvent[] = await Array.fromAsync(
        rig.backend.generate({ request, style, signal: AbortSignal.timeout(15_000) }),
      );
      const fractions = events.flatMap((event) => (event.type === "progress" ? [event.fraction] : []));
      expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
      if (rig.backend.features.progress) expect(fractions.length).toBeGreaterThan(0);
      expect(events.at(-1)?.type).toBe("image");
      for (const event of events) if (event.type === "waiting") expect(event.position ?? 0).toBeGreaterThanOrEqual(0);
    });
  });
}
