import { describe, expect, it } from "vitest";
import { group } from "./harness.ts";

describe("/language", () => {
  it("is answered to who asked, alone", async () => {
    const { chat } = await group();
    await chat.type("ana", "/language english");
    expect(chat.visibleTo("ana").at(-1)?.view.text).toBe("Placard answers you in English now.");
    await chat.type("ana", "/language deutsch");
    expect(chat.visibleTo("ana").at(-1)?.view.text).toContain("Deutsch");
    expect(chat.visibleTo("bo")).toEqual([]);
  });

  it("in a direct chat goes before what was chosen in the settings there", async () => {
    const { chat } = await group();
    const alone = { chatId: "dm", group: false, admin: true } as const;
    await chat.type("ana", "/settings language:en", alone);
    await chat.type("ana", "/language default", alone);
    await chat.type("ana", "/settings", alone);
    expect(chat.visibleTo("ana", "dm").at(-1)?.view.fields).toContainEqual({
      name: "Language of this chat",
      value: "what the admins’ apps speak (default)",
    });
  });
});
