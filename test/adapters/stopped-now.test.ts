import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import type { ReplyTarget } from "../../src/domain/place.ts";
import type { ChatAdapter } from "../../src/ports/chat.ts";
import { valuesInMemory } from "../fakes/module-services.ts";
import { adapterTo, core, SOON, SPECS, serve } from "./discord/rig.ts";
import { openFake, telegramAt } from "./telegram/world.ts";

// Another process leads already: what was on its way is broken off, and the platform is told nothing that is the other's to tell.

/** How a send ends that the platform does not answer, once all stops. */
async function brokenOff(adapter: ChatAdapter, target: ReplyTarget, isThere: () => boolean): Promise<unknown> {
  const sending = adapter.post(target, { text: "late" }, { nonce: "n", visibility: "public" }).then(
    () => "sent",
    (error: unknown) => error,
  );
  await expect.poll(isThere).toBe(true);
  await adapter.stop("now");
  return sending;
}

test("Discord: a send that gets no answer is broken off, and the session is left so that it can be resumed", async () => {
  const { fake, channel } = await serve();
  const adapter = adapterTo(fake);
  onTestFinished(() => adapter.stop());
  await adapter.start([], core().events);
  fake.fails({ on: "create_message", fault: { kind: "hang" } });
  const place = { platform: "discord", chatId: channel.id, group: true };
  const end = await brokenOff(
    adapter,
    { place, memberId: "discord:1" },
    () => fake.callsOf("create_message").length > 0,
  );
  expect(end).toMatchObject({ name: "ChatError", code: "offline" });
  await expect.poll(() => fake.gateway.closes).toEqual([4200]);
});

test("Discord: what the next one has written of its session stays", async () => {
  const values = valuesInMemory();
  const { fake, guild, channel } = await serve();
  const adapter = adapterTo(fake, { values });
  onTestFinished(() => adapter.stop());
  const { events, invoked } = core();
  await adapter.start(SPECS, events);
  const stored = values("session", z.unknown());
  await expect.poll(() => stored.get("0"), SOON).toBeTruthy();
  // Of an event that is not written down yet.
  await guild.member("ann").slash(channel, "rca", { prompt: "a red fox" });
  await expect.poll(() => invoked.length, SOON).toBe(1);
  await stored.set("0", "of the next one");
  await adapter.stop("now");
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await stored.get("0")).toBe("of the next one");
});

/** A Telegram bot that asks for updates, and has got one. */
async function polling() {
  const fake = await openFake();
  const { adapter } = telegramAt(fake);
  onTestFinished(() => adapter.stop());
  const { events, invoked } = core();
  await adapter.start(SPECS, events);
  const bea = fake.person("Bea");
  const group = fake.supergroup("Rent strike", { members: [bea] });
  bea.in(group).say("/rca a red fox");
  await expect.poll(() => invoked.length, SOON).toBe(1);
  const confirmed = () => fake.callsOf("getUpdates").filter(({ params }) => params["limit"] === 1).length;
  return { fake, adapter, confirmed, place: { platform: "telegram", chatId: String(group.id), group: true } };
}

test("Telegram: a send that gets no answer is broken off, and no update is confirmed", async () => {
  const { fake, adapter, confirmed, place } = await polling();
  const hang = fake.fault({ methods: ["sendMessage"], failure: { kind: "hang" }, applied: false });
  const end = await brokenOff(adapter, { place, memberId: "telegram:1" }, () => hang.hits > 0);
  expect(end).toMatchObject({ name: "ChatError", code: "offline" });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(confirmed()).toBe(0);
});

test("Telegram: in peace it confirms what it has, for the next one", async () => {
  const { adapter, confirmed } = await polling();
  await adapter.stop();
  await expect.poll(confirmed, SOON).toBe(1);
});
