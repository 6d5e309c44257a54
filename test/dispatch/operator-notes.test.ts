import { expect, it } from "vitest";
import { group } from "../flow/harness.ts";

it("tells those who run the installation what is wrong with it, and nobody else", async () => {
  const { chat, app } = await group({ installation: { admins: ["loopback:root"] } });
  app.services.notices.say("telegram", "Telegram: another program receives this bot's messages.");
  const queueOf = async (name: string) => {
    await chat.type(name, "/queue");
    return chat.visibleTo(name).at(-1)?.view.text ?? "";
  };
  expect(await queueOf("root")).toContain("another program receives");
  expect(await queueOf("ana")).not.toContain("another program");
  app.services.notices.say("telegram", undefined);
  expect(await queueOf("root")).not.toContain("another program");
});
