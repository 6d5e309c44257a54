import { describe, expect, it } from "vitest";
import { discordCapabilities } from "../../adapters/discord/limits.ts";
import { loopback } from "../../adapters/loopback.ts";
import { capabilities as telegramCapabilities } from "../../adapters/telegram/limits.ts";
import { webCapabilities } from "../../adapters/web/limits.ts";
import { shellAdapter } from "../../src/cli/shell-adapter.ts";
import { createDispatcher } from "../../src/dispatch/dispatcher.ts";
import { createExecutor } from "../../src/dispatch/executor.ts";
import { createReplies } from "../../src/dispatch/replies.ts";
import { whereOf } from "../../src/dispatch/terms.ts";
import { jobIdOf } from "../../src/domain/ids.ts";
import type { Member } from "../../src/domain/place.ts";
import { verbatim } from "../../src/domain/text.ts";
import { group } from "../flow/harness.ts";

const PLACE = { platform: "loopback", chatId: "c1", group: true };
const ANA: Member = { id: "loopback:ana", name: "ana", admin: true };
const BO: Member = { id: "loopback:bo", name: "bo", admin: false };

/** A group with a picture of ana's, and a second dispatcher over its services whose reads of chat settings are counted. */
async function counted() {
  const { app, chat, picture } = await group();
  const pictureJobId = jobIdOf(await chat.type("ana", "/rca a red fox"));
  const { view } = await picture();
  const reroll = view.buttons?.flat().find(({ label }) => label === "Reroll")?.token ?? "";
  let reads = 0;
  const services = {
    ...app.services,
    memory: {
      ...app.services.memory,
      settings(key: string) {
        reads += 1;
        return app.services.memory.settings(key);
      },
    },
  };
  const replies = createReplies(services);
  const { invoked, pressed } = createDispatcher(
    services,
    replies,
    createExecutor({
      services,
      replies,
      worker: { kick: () => undefined, cancel: async () => true },
      card: async () => ({ text: verbatim("card") }),
      relay: { kick: () => undefined },
      documents: { kick: () => undefined, cancel: async () => true },
      forgetting: { kick: () => undefined },
      deferred: { kick: () => undefined },
    }),
  );
  const readsOf = async (work: () => Promise<void>) => {
    reads = 0;
    await work();
    return reads;
  };
  const about = (member: Member) => ({ member, target: { place: PLACE, memberId: member.id } });
  return {
    services,
    pictureJobId,
    typed: (updateId: string, member: Member, commandName: string, text: string) =>
      readsOf(() => invoked({ updateId, commandName, raw: { text }, attachments: [], ...about(member) })),
    rerolled: (updateId: string, member: Member) =>
      readsOf(() => pressed({ updateId, token: reroll, ...about(member) })),
  };
}

describe("a chat's settings are read once", () => {
  it("for a command that orders", async () => {
    const { services, typed } = await counted();
    expect(await typed("u1", ANA, "rca", "a red fox")).toBe(1);
    expect(await services.store.job(jobIdOf("u1"))).toBeDefined();
  });

  it("for a press that orders", async () => {
    const { services, rerolled } = await counted();
    expect(await rerolled("u1", ANA)).toBe(1);
    expect(await services.store.job(jobIdOf("u1"))).toBeDefined();
  });

  it("for a vote", async () => {
    const { services, rerolled, pictureJobId } = await counted();
    expect(await rerolled("u1", BO)).toBe(1);
    expect((await services.store.decisionAbout("reroll", pictureJobId, services.nowMs()))?.votes).toHaveLength(1);
  });

  it("for a change of them", async () => {
    const { services, typed } = await counted();
    expect(await typed("u1", ANA, "settings", "votes:2")).toBe(1);
    expect(await services.memory.settings("loopback:c1")).toEqual({ votes: 2 });
  });
});

describe("which platforms are the installation's own", () => {
  it.each([
    ["the web chat", "web", webCapabilities, true],
    ["the shell", "shell", shellAdapter(() => undefined).capabilities, true],
    ["the chat in memory", "loopback", loopback().capabilities, true],
    ["one that stands for Discord", "discord", loopback({ platform: "discord" }).capabilities, false],
    ["Discord", "discord", discordCapabilities, false],
    ["Telegram", "telegram", telegramCapabilities, false],
  ])("%s", (_what, platform, capabilities, ownPlatform) => {
    const adapters = new Map([[platform, { ...loopback(), platform, capabilities }]]);
    expect(whereOf({ adapters }, { ...PLACE, platform })).toMatchObject({ ownPlatform });
  });

  it("not one that is off", () =>
    expect(whereOf({ adapters: new Map() }, { ...PLACE, platform: "web" })).toMatchObject({ ownPlatform: false }));
});
