import { describe, expect, it } from "vitest";
import { z } from "zod";
import { loadStyles } from "../../src/app/style-gallery.ts";
import { decodePress } from "../../src/domain/press-token.ts";
import { styleSchema } from "../../src/domain/style.ts";
import { withoutUnseen } from "../../src/lib/unseen.ts";
import { LANGUAGES } from "../../src/messages/catalogue.ts";
import { render } from "../../src/messages/render.ts";
import { parseArgs, specOf } from "../../src/ports/args.ts";
import { GALLERY_TILES, LIST_TILES, type ShownButton, type ShownForm, type ShownView } from "../../src/ports/view.ts";
import { english } from "../words.ts";
import { KEY, rca, worldOf } from "./context.ts";
import { everythingShown, manyWorld } from "./everything.ts";
import { buttonFiles, commandsIn } from "./parts.ts";

const { styles } = await loadStyles("styles.json");
const commands = commandsIn(worldOf({ styles }));
const named = commands.map((command) => [command.name, command] as const);

describe("every command", () => {
  it("is found", () => {
    const names = named.map(([name]) => name);
    expect(names).toEqual(expect.arrayContaining(["rca", "imagine", "show", "settings", "guide"]));
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(named)("/%s has a name both platforms take, and a summary that fits", (name, command) => {
    const summary = render(command.summary, "en");
    expect(name).toMatch(/^[a-z][a-z0-9_]{0,31}$/);
    expect(summary.length).toBeGreaterThan(10);
    expect(summary.length).toBeLessThanOrEqual(100);
  });

  it.each(named)("/%s has an example that its own options take, with nothing to remark", (name, command) => {
    for (const language of LANGUAGES) {
      // Isolated where the sentence runs from right to left; what is typed or pasted loses the marks before it is read.
      const example = withoutUnseen(render(command.example, language));
      expect(example, language).toMatch(new RegExp(`^/${name}(?: |$)`));
      const text = example.slice(name.length + 1).trim();
      expect(parseArgs(command, { text }, []), language).toMatchObject({ ok: true, value: { notes: [] } });
    }
  });

  it.each(named)("/%s describes each option in a line that fits", (_name, command) => {
    for (const { name, summary } of english(specOf(command)).options) {
      expect(summary, name).not.toBe(name);
      expect(summary.length, name).toBeGreaterThan(5);
      expect(summary.length, name).toBeLessThanOrEqual(100);
    }
  });

  it("keeps only the settings, letting in and shutting out for admins", () =>
    expect(commands.filter(({ adminOnly }) => adminOnly).map(({ name }) => name)).toEqual([
      "approve",
      "block",
      "brand",
      "handover",
      "settings",
      "unblock",
    ]));

  it("answers only to help and letting in where nobody has let it in", () =>
    expect(commands.filter(({ beforeApproval }) => beforeApproval).map(({ name }) => name)).toEqual([
      "approve",
      "help",
    ]));

  it("answers whoever is blocked only about what is theirs", () =>
    expect(commands.filter(({ evenBlocked }) => evenBlocked).map(({ name }) => name)).toEqual([
      "export",
      "forget",
      "privacy",
    ]));
});

describe("what a style's command takes when an option is left out", () => {
  const fallbacks = (name: string) => {
    const command = commandsIn(worldOf({ styles: [rca, odd] })).find((each) => each.name === name);
    if (!command) throw new Error(`no /${name}`);
    return Object.fromEntries(english(specOf(command)).options.map((option) => [option.name, option.fallback]));
  };
  const odd = styleSchema.parse({
    id: "odd",
    title: "Odd",
    defaults: { cfg: 2.5, steps: 4, scale: 0, width: 640, height: 960 },
  });

  it("is told with the option", () =>
    expect(fallbacks("rca")).toMatchObject({
      cfg: "3",
      steps: "28",
      scale: "0.9",
      size: "Poster, or what this chat has chosen",
      count: "1",
    }));

  it("tells scale 0, and a size without a name in pixels", () =>
    expect(fallbacks("odd")).toMatchObject({
      cfg: "2.5",
      steps: "4",
      scale: "0",
      size: "640×960, or what this chat has chosen",
    }));

  it("is not told where it depends on the style chosen", () => {
    const { cfg, steps, scale, size } = fallbacks("imagine");
    expect([cfg, steps, scale, size]).toEqual([undefined, undefined, undefined, undefined]);
  });
});

describe("every button file", () => {
  it("is found", () => expect(buttonFiles.length).toBeGreaterThan(15));

  it.each(buttonFiles.map(({ file, found }) => [file, found.verb]))("%s answers its own name", (file, verb) => {
    expect(verb).toBe(file);
    expect(verb).toMatch(/^[a-z]{2,8}$/);
  });
});

describe("every button that is offered", async () => {
  const shown: readonly (ShownView | ShownForm)[] = english(await everythingShown());
  const buttons = shown.flatMap((one): readonly ShownButton[] =>
    "token" in one
      ? [{ label: one.submitLabel, token: one.token }]
      : [
          ...(one.buttons ?? []).flat(),
          ...(one.offers ?? []).map(({ title, token }) => ({ label: title, token })),
          ...(one.tiles ?? []).flatMap((tile) => tile.buttons ?? []),
          ...(one.selects ?? []).map(({ label, token }) => ({ label, token })),
        ],
  );

  it("has an action of the right kind", () => {
    for (const { label, token } of buttons) {
      const pressed = decodePress(KEY, token);
      const action = buttonFiles.find(({ file }) => file === pressed?.verb)?.found;
      expect(action, label).toBeDefined();
      expect(action?.about, label).toBe(pressed?.subject === "chat" ? "chat" : "job");
      expect((action?.arg ?? z.strictObject({})).safeParse(pressed?.arg).success, label).toBe(true);
    }
  });

  it("has a label that fits everywhere", () => {
    for (const { label } of buttons) expect(label).toMatch(/^.{1,24}$/u);
  });

  it("and no action waits for a button that nobody sees", () => {
    const offered = new Set(buttons.map(({ token }) => decodePress(KEY, token)?.verb));
    expect(buttonFiles.map(({ file }) => file).filter((verb) => !offered.has(verb))).toEqual([]);
  });

  it("stands beside no more tiles than fit into one message", () => {
    for (const one of shown) {
      const tiles = ("tiles" in one && one.tiles) || [];
      expect(tiles.length).toBeLessThanOrEqual(tiles.some(({ image }) => image) ? GALLERY_TILES : LIST_TILES);
    }
  });

  it("names commands that exist, in every text", () => {
    const names = new Set(commandsIn(manyWorld).map(({ name }) => name));
    const texts = shown.flatMap((one) =>
      "text" in one ? [one.text, ...(one.tiles ?? []).map(({ text }) => text)] : [],
    );
    const mentioned = texts.flatMap((text) =>
      [...text.matchAll(/(?<![\w/.:])\/([a-z][a-z_]+)/g)].map(([, name]) => name),
    );
    expect(mentioned.length).toBeGreaterThan(10);
    for (const name of mentioned) expect(names).toContain(name);
  });
});
