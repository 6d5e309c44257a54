import { expect, test } from "vitest";
import type { Connecting } from "../../src/app/connecting.ts";
import { createLed } from "../../src/app/led.ts";
import type { ChatAdapter } from "../../src/ports/chat.ts";
import { recordedLog } from "../fakes/module-services.ts";

/** Platforms whose start lasts until it is let go on, and everything that happened. */
function world() {
  const happened: string[] = [];
  const starts: PromiseWithResolvers<string>[] = [];
  const adapter = {
    platform: "discord",
    async stop(how?: "now") {
      happened.push(`stop ${how ?? "in peace"}`);
      await stopping.gate;
    },
  } as ChatAdapter;
  const platforms = new Map([["discord", adapter]]);
  const { log, logged } = recordedLog();
  const stopping = { gate: Promise.resolve() };
  const led = createLed({
    adapters: [adapter],
    platforms,
    connecting: (isStart): Connecting => ({
      async connect() {
        happened.push(`connect${isStart ? " at the start" : ""}`);
        const start = Promise.withResolvers<string>();
        starts.push(start);
        return start.promise;
      },
      stop: () => void happened.push("tries no more"),
    }),
    loops: {
      start: () => void happened.push("loops"),
      stop: async (how) => void happened.push(`loops stop ${how ?? "in peace"}`),
      kick: () => void happened.push("kick"),
    },
    log,
  });
  return { led, happened, starts, platforms, logged, stopping, take: () => happened.splice(0) };
}
const turns = () => new Promise(setImmediate);

test("sends elsewhere while a platform is only being started, and there as soon as it is", async () => {
  const { led, take, starts } = world();
  const began = led.begin("start");
  await turns();
  expect(take()).toEqual(["loops", "connect at the start"]);
  expect([led.isOpen("discord"), led.isOpen("web")]).toEqual([false, true]);
  starts[0]?.resolve("Discord: ready");
  expect(await began).toEqual(new Map([["discord", "Discord: ready"]]));
  expect([led.isOpen("discord"), take()]).toEqual([true, ["kick"]]);
});

test("at a loss all stops in the same moment, also what only begins, and begins again after that", async () => {
  const { led, take, starts } = world();
  const first = led.begin();
  await turns();
  take();
  led.endNow();
  expect(take()).toEqual(["tries no more", "loops stop now", "stop now"]);
  const second = led.begin();
  await turns();
  expect(take()).toEqual([]);
  starts[0]?.reject(new Error("stopped"));
  await expect(first).rejects.toThrow("stopped");
  await turns();
  expect(take()).toEqual(["kick", "loops", "connect"]);
  starts[1]?.resolve("Discord: ready");
  expect([...(await second).values()]).toEqual(["Discord: ready"]);
});

test("begins again only when all that ended has ended", async () => {
  const { led, take, stopping } = world();
  const gate = Promise.withResolvers<void>();
  stopping.gate = gate.promise;
  led.endNow();
  void led.begin();
  await turns();
  expect(take()).toEqual(["loops stop now", "stop now"]);
  gate.resolve();
  await turns();
  expect(take()).toEqual(["loops", "connect"]);
});

test("what was gained and lost at once never begins", async () => {
  const { led, take } = world();
  const began = led.begin();
  led.endNow();
  expect(await began).toEqual(new Map());
  expect(take()).toEqual(["loops stop now", "stop now"]);
});

test("ends in peace: what is being sent goes before the platforms do", async () => {
  const { led, take, starts } = world();
  const began = led.begin();
  await turns();
  starts[0]?.resolve("Discord: ready");
  await began;
  take();
  await led.end();
  expect(take()).toEqual(["tries no more", "loops stop in peace", "stop in peace"]);
  // Whoever comes to lead in that moment does nothing about it.
  expect([await led.begin(), take()]).toEqual([new Map(), []]);
});

test("leaves out a platform whose token was refused, and tells why a start came to nothing", async () => {
  const { led, take, starts, platforms } = world();
  const began = led.begin();
  await turns();
  starts[0]?.reject(new Error("a mistake of ours"));
  await expect(began).rejects.toThrow("a mistake of ours");
  platforms.delete("discord");
  take();
  led.endNow();
  expect(await led.begin()).toEqual(new Map());
  expect(take()).toEqual(["tries no more", "loops stop now", "stop now", "loops"]);
});
