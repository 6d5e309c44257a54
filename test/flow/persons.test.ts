import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { Loopback } from "../../adapters/loopback/shape.ts";
import { loopback } from "../../adapters/loopback.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import type { Installation } from "../../src/dispatch/services.ts";
import { appOver } from "../fakes/app.ts";
import { createTestClock } from "../fakes/clock.ts";

const last = (chat: Loopback, name: string, chatId?: string) => chat.visibleTo(name, chatId).at(-1)?.view.text ?? "";

/** A chat that keeps what is private, and one of another platform that may say it to all. A picture costs 30 s of the 60 s that each has. */
async function twoPlatforms(installation: Partial<Installation> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "placard-flow-"));
  const here = loopback({ capabilities: { editMinIntervalMs: 0, privateOnly: true } });
  const there = loopback({ platform: "telegram", capabilities: { editMinIntervalMs: 0 } });
  const clock = createTestClock();
  const app = await appOver(folder, {
    adapters: [here, there],
    backends: [fakeBackend({ usedMs: 100_000, facts: { costWeight: 1 } })],
    installation: {
      allowance: { capacityGpuMs: 60_000, refillGpuMsPerHour: 0, resetMs: 86_400_000 },
      ...installation,
    },
    clock,
  });
  await app.start();
  onTestFinished(async () => {
    await app.stop();
    clock.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const codeFor = async (name: string): Promise<string> => {
    await here.type(name, "/link");
    return /code: (\S+)\./.exec(last(here, name))?.[1] ?? "";
  };
  return { here, there, app, clock, codeFor };
}

it("a code on one platform makes the account on another the same person: allowance, picture, lock; and they part again", async () => {
  const { here, there, app, codeFor } = await twoPlatforms();
  const code = await codeFor("ana");
  expect(
    here
      .visibleTo("bo")
      .map(({ view }) => view.text)
      .join(),
  ).not.toContain(code);
  await there.type("ana2", "/rca a red fox");
  await app.idle();
  await there.type("ana2", `/link ${code.toLowerCase()}`);
  expect(last(there, "ana2")).toMatch(/^You are one person now: ana on loopback and ana2 on Telegram\./);
  await here.type("ana", "/quota");
  const quota = here.visibleTo("ana").at(-1)?.view;
  expect(quota?.text).toMatch(/^You have 30 s of /);
  expect(quota?.fields).toContainEqual({ name: "You are", value: "ana on loopback and ana2 on Telegram" });
  await there.type("bo", `/link ${code}`);
  expect(last(there, "bo")).toMatch(/^That code is wrong, used, or older/);
  await there.type("ana2", "/unlink");
  const asked = there.visibleTo("ana2").at(-1);
  expect(asked?.view.text).toMatch(/^Part this account from ana on loopback\?\nWhat parts: .+\nWhat stays: /);
  await there.press("ana2", asked?.ref.messageId ?? "", "Part this account");
  expect(last(there, "ana2")).toMatch(/^This account is by itself again, apart from ana on loopback\./);
  await there.type("ana2", "/unlink");
  expect(last(there, "ana2")).toMatch(/^This account is joined with no other one\./);
});

it("no code where others could read it, none for whom nobody knows, and none typed by who runs Placard", async () => {
  const { here, there, codeFor } = await twoPlatforms({ admins: ["telegram:root"] });
  await there.type("ana2", "/link");
  expect(last(there, "ana2")).toBe("Others could read your code here. Send /link to me in a direct chat.");
  const code = await codeFor("eve");
  await there.type("root", `/link ${code}`);
  expect(last(there, "root")).toMatch(/^You run this Placard, so the other account would run it, too\./);
  const own = await codeFor("ana");
  await here.type("ana", `/link ${own}`);
  expect(last(here, "ana")).toBe("That code is from this account. Type it on your other one.");
});

it("a pot is filled by gifts, and pays for whoever has run out, with a line on the card", async () => {
  const { here, app } = await twoPlatforms();
  await here.type("bo", "/pot give seconds:61");
  expect(last(here, "bo")).toMatch(/^You have 60 s to give/);
  await here.type("bo", "/pot give 40");
  expect(last(here, "ana")).toMatch(/^bo gave 40 s to the pot\. It holds 40 s now\.$/);
  for (let drawn = 0; drawn < 2; drawn += 1) await here.type("ana", `/rca fox ${drawn}`);
  await app.idle();
  await here.type("ana", "/rca one more fox");
  const offered = here.visibleTo("ana").at(-1);
  expect(offered?.view.text).toContain("the pot here holds");
  await here.press("ana", offered?.ref.messageId ?? "", "From the pot");
  await app.idle();
  const paid = [...here.messages.values()].find(
    ({ view }) => view.text.includes("one more fox") && view.tone === "good",
  );
  expect(paid?.view.text).toMatch(/Paid by the pot: /);
  await here.type("ana", "/pot");
  const pot = here.visibleTo("ana").at(-1)?.view;
  expect(pot?.text).toMatch(/^The pot holds /);
  expect(pot?.fields?.find(({ name }) => name === "Given in the last 30 days")?.value).toMatch(/^bo: /);
  expect(pot?.fields?.find(({ name }) => name === "Paid by the pot lately")?.value).toContain("one more fox");
});
