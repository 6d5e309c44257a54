import { describe, expect, it } from "vitest";
import type { Place } from "../../src/domain/place.ts";
import { createReaderLanguage } from "../../src/jobs/reader-language.ts";

function reading() {
  const kept = new Map<string, string>();
  return createReaderLanguage({
    memory: {
      settings: async () => ({}),
      language: async (key) => kept.get(key),
      speak: async (key, language) => void (language === undefined ? kept.delete(key) : kept.set(key, language)),
    },
    fallback: undefined,
  });
}
const group: Place = { platform: "discord", chatId: "c1", communityId: "g1", group: true };
const member = (languages: readonly string[], admin = false) => ({ id: "discord:1", languages, admin });

describe("the language of a group", () => {
  it("is what the platform says of the place, whoever comes first", async () => {
    const languages = reading();
    await languages.heard({ ...group, language: "es-ES" }, member(["de"]));
    expect(await languages.ofChat(group)).toBe("es");
    await languages.heard({ ...group, language: "fr" }, member(["fr"], true));
    expect(await languages.ofChat(group)).toBe("es");
  });

  it("is else that of its first admin; other members' apps say nothing about it", async () => {
    const languages = reading();
    await languages.heard({ ...group, language: "xx" }, member(["fr"]));
    expect(await languages.ofChat(group)).toBe("en");
    await languages.heard({ ...group, language: "xx" }, member(["xx", "de-AT"], true));
    expect(await languages.ofChat(group)).toBe("de");
  });

  it("is not what one member reads alone", async () => {
    const languages = reading();
    await languages.heard({ ...group, language: "de" }, member(["es-419"]));
    expect(await languages.ofMember(group, member(["es-419"]))).toBe("es");
    expect(await languages.ofMember(group, { id: "discord:2" })).toBe("de");
  });
});
