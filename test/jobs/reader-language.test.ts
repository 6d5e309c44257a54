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

describe("the language of a chat", () => {
  function chat(setting?: string, fallback?: string) {
    const kept = new Map<string, string>();
    const languages = createReaderLanguage({
      memory: {
        settings: async () => (setting === undefined ? {} : { language: setting }),
        language: async (key) => kept.get(key),
        speak: async (key, language) => void (language === undefined ? kept.delete(key) : kept.set(key, language)),
      },
      fallback,
    });
    return languages;
  }
  const direct: Place = { platform: "telegram", chatId: "d1", group: false };

  it("is its setting's, whatever was heard there", async () => {
    const languages = chat("es", "fr");
    await languages.heard(group, member(["de"], true));
    expect(await languages.ofChat(group)).toBe("es");
  });
  it("is the installation's where nobody was heard", async () =>
    expect(await chat(undefined, "fr").ofChat(group)).toBe("fr"));
  it("stays what was heard first in a group", async () => {
    const languages = chat();
    await languages.heard(group, member(["de"], true));
    await languages.heard(group, member(["fr"], true));
    expect(await languages.ofChat(group)).toBe("de");
  });
  it("follows its member in a direct chat", async () => {
    const languages = chat();
    await languages.heard(direct, member(["de"]));
    expect(await languages.ofChat(direct)).toBe("de");
    await languages.heard(direct, member(["es-419"]));
    expect(await languages.ofChat(direct)).toBe("es");
  });
  it("is for a member what they chose, until they choose none", async () => {
    const languages = chat();
    await languages.heard(group, member(["de"], true));
    await languages.choose(group, member([]), "fr");
    expect(await languages.ofMember(group, member([]))).toBe("fr");
    await languages.choose(group, member([]), undefined);
    expect(await languages.ofMember(group, member([]))).toBe("de");
  });
});
