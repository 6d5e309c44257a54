import { randomInt } from "node:crypto";
import { expect, it } from "vitest";
import { createLinkCodes } from "../../src/dispatch/link-codes.ts";
import { shortCodeIn, shownShortCode } from "../../src/domain/short-code.ts";
import { keyValuesInMemory } from "../fakes/module-services.ts";
import { englishWords } from "../words.ts";

const T0 = 1_760_000_000_000;
const MIN_MS = 60_000;
const WRONG = "That code is wrong, used, or older than 10 minutes. Ask for a new one where you are already known.";

function codes(keyValues = keyValuesInMemory()) {
  let nowMs = T0;
  const open = () => createLinkCodes({ keyValues, nowMs: () => nowMs, below: randomInt });
  let links = open();
  const problem = async (typed: string, by: string | undefined) => {
    const found = await links.redeem(typed, by);
    return found.ok ? undefined : found.problem;
  };
  return {
    issue: (id: string) => links.issue({ id, name: id.slice(4) }),
    problem,
    async redeem(typed: string, by: string | undefined = "x") {
      const found = await links.redeem(typed, by);
      return found.ok ? found.value.id : englishWords(found.problem.text);
    },
    after: (ms: number) => (nowMs += ms),
    restart: () => (links = open()),
  };
}

it("says once whose it is, however it was typed", async () => {
  const { issue, redeem } = codes();
  for (const written of [
    (code: string) => code,
    shownShortCode,
    (code: string) => ` ${code.toLowerCase().slice(0, 4)} ${code.toLowerCase().slice(4)}\u200e`,
    (code: string) => code.replace(/[2-9]/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
  ]) {
    const { code, untilMs } = await issue("web:ada");
    expect(code).toMatch(/^[2-9B-DF-HJ-NP-TV-Z]{8}$/);
    expect(untilMs).toBe(T0 + 10 * MIN_MS);
    expect(await redeem(written(code), written.name + code)).toBe("web:ada");
    expect(await redeem(code, code)).toBe(WRONG);
  }
});

it("stays good where whose it is types it where they asked for it", async () => {
  const keyValues = keyValuesInMemory();
  const links = createLinkCodes({ keyValues, nowMs: () => T0, below: randomInt });
  const { code } = await links.issue({ id: "web:ada", name: "ada" });
  expect(await links.redeem(code, "x", "web:ada")).toMatchObject({ ok: true, value: { id: "web:ada" } });
  expect(await links.redeem(code, "x", "web:ben")).toMatchObject({ ok: true, value: { id: "web:ada" } });
  expect((await links.redeem(code, "x", "web:cy")).ok).toBe(false);
});

it("is good for one of many who type it at once", async () => {
  const { issue, redeem } = codes();
  const { code } = await issue("web:ada");
  const answers = await Promise.all(["a", "b", "c", "d"].map((by) => redeem(code, by)));
  expect(answers.filter((answer) => answer === "web:ada")).toHaveLength(1);
});

it.each([
  ["one with a letter too few", (code: string) => code.slice(1)],
  ["one with a letter too many", (code: string) => `${code}2`],
  ["letters that no code has", () => "AEIOU011"],
  ["nothing", () => ""],
  ["a megabyte", () => "2".repeat(1_000_000)],
])("does not take %s", async (_, change) => {
  const { issue, redeem } = codes();
  expect(await redeem(change((await issue("web:ada")).code))).toBe(WRONG);
});

it("holds for ten minutes, and until its member gets another", async () => {
  const { issue, redeem, after } = codes();
  const first = (await issue("web:ada")).code;
  const second = (await issue("web:ada")).code;
  const bo = (await issue("web:bo")).code;
  expect(await redeem(first)).toBe(WRONG);
  after(10 * MIN_MS - 1);
  expect(await redeem(second)).toBe("web:ada");
  after(1);
  expect(await redeem(bo)).toBe(WRONG);
});

it("survives a restart, and so do wrong tries; of a code its hash alone is kept, and nothing once it is over", async () => {
  const keyValues = keyValuesInMemory();
  const { issue, redeem, after, restart } = codes(keyValues);
  const kept = async () => {
    const storage = keyValues();
    const found: string[] = [];
    for (const namespace of ["link-codes", "link-codes.own", "link-codes.tries"])
      for await (const entry of storage.iterator(namespace)) found.push(entry.join(" "));
    return found;
  };
  const { code } = await issue("web:ada");
  for (let tried = 1; tried <= 4; tried += 1) await redeem("22222222");
  restart();
  expect((await kept()).length).toBe(3);
  expect((await kept()).join(" ")).not.toContain(code);
  await redeem("22222222");
  expect(await redeem(code)).toContain("Too many wrong codes.");
  expect(await redeem(code, "y")).toBe("web:ada");
  after(11 * MIN_MS);
  await issue("web:bo");
  expect((await kept()).map((entry) => entry.includes("web:bo"))).toEqual([true, true]);
});

it("makes whoever typed five wrong ones wait until ten minutes after the first, and nobody else", async () => {
  const { issue, redeem, problem, after } = codes();
  const { code } = await issue("web:ada");
  for (let tried = 1; tried <= 5; tried += 1) {
    expect(await redeem("22222222")).toBe(WRONG);
    after(MIN_MS);
  }
  expect(await redeem(code)).toBe("Too many wrong codes. Wait 5 min, then try again.");
  expect(await problem(code, "x")).toMatchObject({ retryAtMs: T0 + 10 * MIN_MS });
  expect(await redeem(code, "y")).toBe("web:ada");
  after(5 * MIN_MS);
  expect(await redeem((await issue("web:ada")).code)).toBe("web:ada");
});

it("counts tries that come at once", async () => {
  const { issue, redeem } = codes();
  const { code } = await issue("web:ada");
  await Promise.all(Array.from({ length: 5 }, () => redeem("22222222")));
  expect(await redeem(code)).toContain("Too many wrong codes.");
});

it("bounds all together of whom nobody can be told from another", async () => {
  const { issue, redeem, problem } = codes();
  const { code } = await issue("web:ada");
  for (let tried = 1; tried <= 100; tried += 1) await problem("22222222", undefined);
  expect(await problem(code, undefined)).toMatchObject({ code: "not_allowed" });
  expect(await redeem(code, "y")).toBe("web:ada");
});

it("keeps nobody out, and no code alive, when the clock goes back", async () => {
  const { issue, redeem, after } = codes();
  const { code } = await issue("web:ada");
  for (let tried = 1; tried <= 5; tried += 1) await redeem("22222222");
  after(-60 * MIN_MS);
  expect(await redeem(code)).toBe(WRONG);
  expect(await redeem((await issue("web:ada")).code)).toBe("web:ada");
});

it("reads nothing out of other words", () => {
  expect([shortCodeIn("BCDF-2345"), shortCodeIn("bcdf 2345"), shortCodeIn("BCDF-234O")]).toEqual([
    "BCDF2345",
    "BCDF2345",
    undefined,
  ]);
});
