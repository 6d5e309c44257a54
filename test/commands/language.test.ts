import { describe, expect, it } from "vitest";
import { contextWith, PLACE, root } from "./context.ts";
import { pressInChat, refusal, typed, viewOf } from "./parts.ts";

const alone = contextWith({ place: { ...PLACE, group: false } });

describe("/language", () => {
  it.each([
    ["its tag", "es"],
    ["its tag in capitals", "ES"],
    ["a tag of one country", "es-419"],
    ["its own name", "español"],
    ["its own name without the accent", "Espanol"],
    ["its English name", "spanish"],
  ])("knows a language by %s", async (_why, word) =>
    expect(await typed(`/language ${word}`)).toEqual({
      do: "speak",
      language: "es",
      said: "Placard answers you in Español now.",
    }),
  );

  it("says that a draft is one", async () =>
    expect(await typed("/language português")).toMatchObject({ do: "speak", said: expect.stringMatching(/machine/) }));

  it("goes back to what the app speaks", async () =>
    expect(await typed("/language default")).toMatchObject({ do: "speak", language: undefined }));

  it("refuses what nobody here speaks, and lists what is spoken", async () =>
    expect(await typed("/language klingon")).toMatchObject(
      refusal("not_found", /“klingon” yet\. It speaks English, Español, and Português \(Brasil\)\./),
    ));

  it("lists the languages by their own names, to choose one", async () => {
    const { text, selects } = viewOf(await typed("/language", alone));
    expect(text).not.toContain("/settings");
    expect(selects?.[0]?.choices).toEqual([
      { value: "en", label: "English" },
      { value: "es", label: "Español" },
      { value: "pt-BR", label: "Português (Brasil) (machine draft)" },
      { value: "default", label: "As my app" },
    ]);
    expect(await pressInChat("language", alone, {}, { choice: "es" })).toMatchObject({ do: "speak", language: "es" });
    expect(viewOf(await pressInChat("language", alone)).selects).toEqual(selects);
    expect(await pressInChat("language", alone, {}, { choice: "tlh" })).toMatchObject(refusal("not_found", /tlh/));
  });

  it.each([
    ["admins of a group", contextWith({ member: root }), true],
    ["other members", contextWith(), false],
    ["somebody alone with it", contextWith({ member: root, place: { ...PLACE, group: false } }), false],
  ])("tells %s where the chat's own language is chosen: %s", async (_who, context, told) => {
    const outcome = await typed("/language es", context);
    expect(outcome.do === "speak" && outcome.said.includes("/settings")).toBe(told);
    expect(viewOf(await typed("/language", context)).text.includes("/settings")).toBe(told);
  });
});
