import { expect, it } from "vitest";
import { createReaderLanguage } from "../../src/jobs/reader-language.ts";

const GROUP = { platform: "web", chatId: "room", group: true };
const ALONE = { platform: "web", chatId: "ana", group: false };

function setup() {
  const spoken = new Map<string, string>();
  const languages = createReaderLanguage({
    memory: {
      settings: async () => ({}),
      language: async (key) => spoken.get(key),
      speak: async (key, language) => void (language === undefined ? spoken.delete(key) : spoken.set(key, language)),
    },
    fallback: undefined,
  });
  return { spoken, languages };
}

it("what a member chose holds for them alone in a group", async () => {
  const { spoken, languages } = setup();
  await languages.choose(GROUP, { id: "web:ana" }, "es");
  expect([...spoken]).toEqual([["member/web:ana", "es"]]);
  await languages.choose(GROUP, { id: "web:ana" }, undefined);
  expect([...spoken]).toEqual([]);
});

it("and for the whole of a direct chat, until they want their app's again", async () => {
  const { spoken, languages } = setup();
  await languages.choose(ALONE, { id: "web:ana" }, "es");
  expect([...spoken]).toEqual([
    ["member/web:ana", "es"],
    ["heard/web:ana", "es"],
  ]);
  await languages.choose(ALONE, { id: "web:ana", languages: ["tlh", "de-AT"] }, undefined);
  expect([...spoken]).toEqual([["heard/web:ana", "de"]]);
  await languages.choose(ALONE, { id: "web:ana" }, undefined);
  expect([...spoken]).toEqual([]);
});
