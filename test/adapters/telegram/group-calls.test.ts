import { describe, expect, it } from "vitest";
import { inAGroup, picture, said } from "./app.ts";
import { eventually } from "./world.ts";

describe("a command in a group", () => {
  it("is answered by the first call, and costs three: placeholder, buttons, picture", async () => {
    const { fake, bot, bobs } = await inAGroup();
    await eventually(() => bot.logged.some((line) => line.includes("profile_registered"))).toBe(true);
    const before = fake.calls.length;
    bobs.say("/rca a red fox");
    await picture(bobs, "a red fox");
    const methods = fake.calls.slice(before).flatMap(({ method }) => (method === "getUpdates" ? [] : [method]));
    expect(methods[0]).toBe("sendMessage");
    expect(methods.at(-1)).toBe("editMessageMedia");
    expect(methods.slice(1, -1).filter((method) => method !== "editMessageText")).toEqual([]);
    expect(methods.length).toBeLessThanOrEqual(4);
    fake.expectNoComplaints();
  });

  it("asks who runs the group where only its admins may draw", async () => {
    const { fake, anns, bobs } = await inAGroup();
    anns.say("/settings generate:admins");
    await said(anns, "changed the settings");
    bobs.say("/rca a red fox");
    await said(bobs, "only the admins make pictures");
    anns.say("/rca a blue fox");
    await picture(anns, "a blue fox");
    expect(fake.callsOf("getChatAdministrators")).toHaveLength(1);
    fake.expectNoComplaints();
  });

  it("refuses admins, too, when Telegram does not tell who they are", async () => {
    const { fake, anns } = await inAGroup();
    fake.fault({
      methods: "getChatAdministrators",
      applied: false,
      times: 9,
      failure: { kind: "status", status: 400, description: "Bad Request: no" },
    });
    anns.say("/settings generate:admins");
    await said(anns, "/settings is for the admins of this chat");
  });
});
