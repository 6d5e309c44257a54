import { describe, expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import { type GroupOptions, group } from "./harness.ts";
import { difference, keptOf, sketchBackend, wordsIn } from "./lettered.ts";

// What a poster says is what its card says, and Edit asks for it where it was filled in.

const POSTER = "/poster template:rally title:Rent strike when:Friday 18:00 where:Town Square link:example.org/rally";

async function poster(options: GroupOptions = {}) {
  const backend = fakeBackend();
  const made = await group({ backends: () => [backend], ...options });
  await made.chat.type("ana", POSTER);
  return { ...made, group: made, backend, first: await made.picture() };
}

const raw = /constructivist|QR code/u;

describe("a poster's words", () => {
  it("are what was filled in: on its card, in its description, in the history; its recipe has template and slots", async () => {
    const { first, chat, app } = await poster();
    expect(first.view.text).toContain("“Rent strike · Friday 18:00 · Town Square”");
    expect(first.view.image?.alt).toBe("AI picture: Rent strike · Friday 18:00 · Town Square · example.org/rally");
    const { row } = await keptOf(app, first);
    expect(row?.recipe.request.template).toEqual({
      id: "rally",
      art: "constructivist poster, red, raised fists and a flag",
      slots: { title: "Rent strike", when: "Friday 18:00", where: "Town Square", link: "example.org/rally" },
    });
    await chat.type("ana", "/history");
    const told = JSON.stringify([first.view, chat.visibleTo("ana").at(-1)?.view]);
    expect(told).toContain("Rent strike · Friday 18:00 · Town Square");
    expect(told).not.toMatch(raw);
    expect(chat.violations).toEqual([]);
  });

  it("are told by Info, and how the picture behind them is drawn", async () => {
    const { first, chat } = await poster();
    await chat.press("ana", first.ref.messageId, "Info");
    const fields = chat
      .visibleTo("ana")
      .at(-1)
      ?.view.fields?.map(({ name, value }) => [name, value]);
    expect(fields).toContainEqual(["Template", "Rally"]);
    expect(fields).toContainEqual(["Lettering", "Rent strike\nFriday 18:00\nTown Square\nexample.org/rally"]);
    expect(fields).toContainEqual(["Picture", "constructivist poster, red, raised fists and a flag"]);
    expect(fields?.find(([name]) => name === "Sent as")?.[1]).not.toContain("Friday");
  });
});

describe("Edit of a poster", () => {
  it("asks for its slots, and another date is other words over the same picture, at no cost", async () => {
    const { first, chat, picture, backend, group: made } = await poster();
    await chat.press("ana", first.ref.messageId, "Edit");
    const form = chat.forms.at(-1)?.form;
    expect(form?.title).toBe("Poster: Rally");
    expect(form?.fields.map(({ name, value }) => [name, value])).toEqual([
      ["title", "Rent strike"],
      ["when", "Friday 18:00"],
      ["where", "Town Square"],
      ["link", "example.org/rally"],
      ["size", "poster"],
      ["who", ""],
      ["subtitle", ""],
      ["brand", ""],
    ]);
    // As a small form sends it: what it had no room for stays.
    await chat.submit("ana", { title: "Rent strike", when: "Saturday 14:00", link: "example.org/new" });
    const second = await picture(2);
    expect(second.view.text).toContain("“Rent strike · Saturday 14:00 · Town Square”");
    expect(second.view.text).toContain("lettering changed");
    const [before, after] = [await keptOf(made.app, first), await keptOf(made.app, second)];
    expect(backend.calls).toHaveLength(1);
    expect(after.plain).toEqual(before.plain);
    expect(wordsIn(after.set)).toContain("Saturday 14:00");
    const { outside } = await difference(
      before.original,
      after.original,
      [before.set, after.set].filter((set) => set !== undefined),
    );
    expect(outside).toBe(0);
    expect(after.row?.recipe.request).toMatchObject({
      template: { slots: { when: "Saturday 14:00", where: "Town Square", link: "example.org/new" } },
      lettering: { link: "https://example.org/new" },
    });
    // Whatever is made of it is the same poster, and can be edited again.
    await chat.press("ana", second.ref.messageId, "Reroll");
    const third = await picture(3);
    await chat.press("ana", third.ref.messageId, "Vary subtle");
    const fourth = await picture(4);
    for (const each of [third, fourth]) {
      expect(each.view.text).toContain("“Rent strike · Saturday 14:00 · Town Square”");
      expect((await keptOf(made.app, each)).row?.recipe.request.template?.slots.when).toBe("Saturday 14:00");
    }
    await chat.type("ana", "/edit picture:4");
    expect(chat.forms.at(-1)?.form.fields[1]).toMatchObject({ name: "when", value: "Saturday 14:00" });
    expect(chat.violations).toEqual([]);
  });

  it("of a sketch draws it anew with the same seed, free", async () => {
    const sketch = sketchBackend();
    const { first, chat, picture } = await poster({ backends: () => [sketch] });
    await chat.press("bo", first.ref.messageId, "Edit");
    await chat.submit("bo", { title: "Rent strike", when: "", where: "Town Square" });
    const second = await picture(2);
    expect(second.view.text).toContain("“Rent strike · Town Square”");
    expect(sketch.calls[1]?.request.seed).toBe(sketch.calls[0]?.request.seed);
    expect(sketch.calls[1]?.request.prompt).not.toContain("Friday");
  });

  it("says what is wrong: nothing changed, a title that was taken out", async () => {
    const { first, chat } = await poster();
    const edited = async (values: Readonly<Record<string, string>>) => {
      await chat.press("ana", first.ref.messageId, "Edit");
      await chat.submit("ana", values);
      return chat.visibleTo("ana").at(-1)?.view.text;
    };
    expect(await edited({ title: "Rent strike" })).toContain("Nothing was changed");
    expect(await edited({ title: "" })).toContain("title is missing");
  });

  it("by a prompt of one's own is a picture like any other; moved words are still the poster's", async () => {
    const { chat, picture, app } = await poster();
    await chat.type("ana", '/edit a raised fist "Rent strike" picture:1');
    const own = await picture(2);
    expect(own.view.text).toContain('a raised fist "Rent strike"');
    expect((await keptOf(app, own)).row?.recipe.request.template).toBeUndefined();
    const { row } = await keptOf(app, own);
    expect(row?.order.request.template).toBeUndefined();
    await chat.type("ana", "/caption No eviction picture:1");
    expect((await keptOf(app, await picture(3))).row?.recipe.request.template).toBeUndefined();
    await chat.type("ana", "/caption Rent strike\nFriday 18:00 · Town Square picture:1 place:top");
    const moved = await keptOf(app, await picture(4));
    expect(moved.set?.place).toBe("top");
    expect(moved.row?.recipe.request.template?.slots.where).toBe("Town Square");
  });
});
