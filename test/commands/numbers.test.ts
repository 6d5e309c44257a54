import { expect, it } from "vitest";
import { coreEnv, readSettings } from "../../src/app/settings.ts";
import { parseFakeBackend } from "../../src/backends/fake/options.ts";
import type { Result } from "../../src/domain/problem.ts";
import { roleFactorsIn } from "../../src/domain/roles.ts";
import { sizeOf } from "../../src/domain/size.ts";
import { UNSPOKEN } from "../../src/domain/spoken.ts";
import { editFromForm } from "../../src/features/derive/edit-form.ts";
import { englishWords } from "../words.ts";
import { contextWith, jobWith, pictureOf, root } from "./context.ts";
import { pressInChat, typed } from "./parts.ts";

const admin = () => contextWith({ member: root });
const textOf = (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown));
const said = (result: Result<unknown>) => (result.ok ? result.value : englishWords(result.problem.text));

const PARENT = { picture: pictureOf(jobWith()), count: 1 };

/** What a door makes of a whole number as somebody wrote it: the number, or the sentence that refuses it. */
const DOORS: Readonly<Record<string, (written: string) => unknown>> = {
  "a typed setting": async (written) => {
    const outcome = await typed(`/settings daily_cap_seconds:"${written}"`, admin());
    return outcome.do === "configure" ? outcome.settings.daily_cap_seconds : JSON.stringify(outcome);
  },
  "a typed option": async (written) => {
    const outcome = await typed(`/rca a fox seed:"${written}"`, admin());
    return outcome.do === "draw" ? outcome.order.request.seed : JSON.stringify(outcome);
  },
  "the form of /settings": async (written) => {
    const outcome = await pressInChat("settings", admin(), { page: "3" }, { daily_cap_seconds: written });
    return outcome.do === "configure" ? outcome.settings.daily_cap_seconds : JSON.stringify(outcome);
  },
  "the form of Edit": (written) => {
    const edit = editFromForm({ prompt: "a fox", seed: written }, { parent: PARENT, spoken: UNSPOKEN });
    return edit.ok ? edit.value.edit.seed : englishWords(edit.problem.text);
  },
  "a setting in .env": (written) => {
    try {
      return readSettings("Placard", coreEnv, { QUOTA_CAPACITY_SECONDS: written }).QUOTA_CAPACITY_SECONDS;
    } catch (thrown) {
      return textOf(thrown);
    }
  },
};

it.each(
  Object.keys(DOORS).flatMap((door) => [
    { door, written: "12000", read: 12_000 },
    { door, written: "12 000", read: 12_000 },
    { door, written: "12’000", read: 12_000 },
    { door, written: "١٢٠٠٠", read: 12_000 },
    { door, written: "१२०००", read: 12_000 },
    { door, written: "１２０００", read: 12_000 },
    { door, written: "12.000", read: /whole number|12000 or 12/u },
    { door, written: "12,000", read: /whole number|12000 or 12/u },
    { door, written: "12.0", read: /whole number/u },
    { door, written: "1e4", read: /whole number/u },
    { door, written: "0x2710", read: /whole number/u },
  ]),
)("$door: $written", async ({ door, written, read }) => {
  const got = await DOORS[door]?.(written);
  if (typeof read === "number") expect(got).toBe(read);
  else expect(got).toMatch(read);
});

it("says what to write where a whole number could mean two", async () => {
  expect(JSON.stringify(await typed("/settings retention_days:1,000", admin()))).toContain(
    "retention_days: a whole number from 0 to 3650, or default. You wrote “1,000”. Write 1000 or 1, whichever you mean",
  );
  expect(JSON.stringify(await typed("/settings votes:2.5", admin()))).toContain(
    "You wrote “2.5”. Write it without points and commas",
  );
});

it("tells that a group of digits was left in the prompt", async () => {
  const outcome = await typed("/rca seed:12 000 a fox");
  expect(outcome).toMatchObject({ do: "draw", order: { request: { seed: 12, prompt: "000 a fox" } } });
});

it("reads other scripts' digits in sizes, factors and pictures' numbers", async () => {
  expect(said(sizeOf("８３２×１２１６"))).toEqual({ widthPx: 832, heightPx: 1216 });
  expect(said(roleFactorsIn("Artists١=٢"))).toEqual([{ role: "Artists١", factor: 2 }]);
  const picture = pictureOf(jobWith());
  const reads = { pictureByNumber: async (number: number) => (number === 12 ? picture : undefined) };
  expect(await typed("/info #١٢", contextWith({ reads }))).toMatchObject({ do: "reply" });
  expect(() => parseFakeBackend("delay:1.000")).toThrow(/delay must be a whole number/u);
});
