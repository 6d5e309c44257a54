import { expect, it } from "vitest";
import { hasTrigger, switchedOffNote, withoutTrigger, withTrigger } from "../../src/domain/trigger.ts";
import { english } from "../words.ts";

const start = { trigger: "RCA style", position: "start", scale: 1 } as const;

it.each([
  ["goes first", "a red fox", start, "RCA style, a red fox"],
  ["goes last", "a red fox, ", { ...start, position: "end" }, "a red fox, RCA style"],
  ["is not doubled, whatever its case", "a fox in rca  STYLE", start, "a fox in rca  STYLE"],
  ["sees whole words only", "an orca stylebook", start, "RCA style, an orca stylebook"],
  ["knows letters beyond ASCII", "éRCA style", start, "RCA style, éRCA style"],
  ["is left out at scale 0", "a red fox", { ...start, scale: 0 }, "a red fox"],
  ["stays at scale 0 when typed", "RCA style fox", { ...start, scale: 0 }, "RCA style fox"],
  ["is taken literally", "fox", { ...start, trigger: "a.b (c)" }, "a.b (c), fox"],
  ["may be empty", "fox", { ...start, trigger: " " }, "fox"],
] as const)("the trigger %s", (_why, prompt, rule, sent) => expect(withTrigger(prompt, rule)).toBe(sent));

it("is taken away again", () => {
  expect(withoutTrigger("RCA style, a red fox", "RCA style")).toBe("a red fox");
  expect(withoutTrigger("a red fox, RCA style", "RCA style")).toBe("a red fox");
  expect(hasTrigger("x", "")).toBe(false);
});

it("is told about where the style is switched off", () => {
  const told = (prompt: string, trigger: string = start.trigger) => english(switchedOffNote(prompt, trigger));
  expect(told("fox")).toBe("At scale 0 the style is off, so its word “RCA style” was not added.");
  expect(told("RCA style fox")).toBe("“RCA style” was typed, so it stays, but at scale 0 the style is off.");
  expect(told("fox", " ")).toBeUndefined();
});

it("puts each word of several in, in their order, at either end, and none twice", () => {
  const trigger = ["RCA style", "ink wash"];
  const at = (position: "start" | "end", prompt: string) => withTrigger(prompt, { trigger, position, scale: 1 });
  expect(at("start", "a fox")).toBe("RCA style, ink wash, a fox");
  expect(at("end", "a fox")).toBe("a fox, RCA style, ink wash");
  expect(at("start", "a fox in ink wash")).toBe("RCA style, a fox in ink wash");
  expect(at("end", at("end", "a fox"))).toBe(at("end", "a fox"));
  expect(withTrigger("a fox", { trigger, position: "start", scale: 0 })).toBe("a fox");
});
