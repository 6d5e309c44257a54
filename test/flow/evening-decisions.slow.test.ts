import { expect, it } from "vitest";
import { backends } from "./deciding.ts";
import { type Chair, presses, reads, saidIn, threePlatforms } from "./three-platforms.ts";

type All = Awaited<ReturnType<typeof evening>>;

const MINUTE_MS = 60_000;

/** Three groups of one Placard: tenants on Telegram in German, printers on Discord, a strike at the web chat. */
async function evening() {
  const all = await threePlatforms({
    backends,
    installation: { votes: 3, allowance: { capacityGpuMs: 32_000, refillGpuMsPerHour: 0, resetMs: 864_000_000 } },
  });
  const person = (name: string) => all.telegram.person(name, { languageCode: "de", started: true });
  const [ann, bernd, cem, doro] = [person("Ann"), person("Bernd"), person("Cem"), person("Doro")];
  const tenants = all.telegram.supergroup("Mieter", { admins: [ann], members: [bernd, cem, doro] });
  const seat = (one: typeof ann) => all.onTelegram(one, tenants);
  const printers = all.discord.guild("Printers");
  const channel = printers.channel("posters");
  const member = (name: string) => all.onDiscord(printers.member(name), channel);
  return {
    ...all,
    restart: all.restart,
    idle: () => all.app.idle(),
    tenants: {
      ann: seat(ann),
      bernd: seat(bernd),
      cem: seat(cem),
      doro: seat(doro),
      annAlone: all.onTelegramAlone(ann),
    },
    votes: (one: "ann" | "bernd" | "doro", ...labels: readonly string[]) => {
      const there = { ann, bernd, doro }[one].in(tenants);
      const poll = there.fromBot().findLast(({ kind }) => kind === "poll");
      if (!poll) throw new Error("there is no poll");
      there.vote(poll, ...labels);
    },
    printers: {
      ada: all.onDiscord(printers.member("ada", { permissions: ["ManageGuild"] }), channel),
      ben: member("ben"),
      cleo: member("cleo"),
    },
    strikers: {
      ana: await all.atTheWeb("Ana"),
      bo: await all.atTheWeb("Bo"),
      cy: await all.atTheWeb("Cy"),
      di: await all.atTheWeb("Di"),
    },
  };
}

/** One human at three doors. */
async function link({ strikers: { ana }, tenants: { annAlone }, printers: { ada } }: All) {
  const codes: string[] = [];
  const code = async (): Promise<string> => {
    await ana.type("link");
    const fresh = async () =>
      (await saidIn(ana)).flatMap((text) => /code: (\S+)\./.exec(text)?.[1] ?? []).find((one) => !codes.includes(one));
    await expect.poll(fresh).toBeDefined();
    codes.push((await fresh()) ?? "");
    return codes.at(-1) ?? "";
  };
  await annAlone.type("link", { code: await code() });
  await reads(annAlone, /^Das bist jetzt alles du: Ann auf Telegram und Ana im Webchat\./);
  await ada.type("link", { code: await code() });
  await reads(ada, /^You are one person now: Ann on Telegram, Ana on the web chat, and ada on Discord\./);
}

/** Voted on where it scrolled away, reminded of once, and passed from there after a restart: one job. */
async function anotherTake({ tenants: { ann, bernd, cem, doro }, clock, restart, idle }: All) {
  await ann.type("settings", { language: "de", polls: "native" });
  await ann.type("rca", { prompt: "a red fox", count: 3 });
  await presses(bernd, /^„a red fox“ · Ann\n/, "Neu würfeln");
  await reads(cem, /^Bernd möchte #1 bis #3 noch einmal anders · 1 von 3 · offen bis /);
  for (let at = 0; at < 4; at += 1) await doro.talk(`und noch etwas, ${at}`);
  await presses(cem, /noch einmal anders · 1 von 3/, "Dafür");
  await reads(doro, /noch einmal anders · 2 von 3/);
  clock.advanceMs(46 * MINUTE_MS);
  await reads(doro, /\nDie Abstimmung endet bald\. Wer noch nicht abgestimmt hat, kann es jetzt noch tun\.$/);
  await restart();
  clock.advanceMs(MINUTE_MS);
  await idle();
  const about = async () => (await saidIn(doro)).filter((text) => text.includes("noch einmal anders"));
  expect(await about()).toHaveLength(2);
  await presses(doro, /endet bald/, "Dafür");
  await reads(
    doro,
    /^#1 bis #3 noch einmal anders: angenommen, 3 von 3\nBernd, Cem und Doro zahlen zu gleichen Teilen\.$/,
  );
  await reads(doro, /^Diese Abstimmung ist vorbei\.$/);
  await reads(
    doro,
    /gehört der Gruppe, durch Abstimmung von Bernd, Cem und Doro\n.*\nper Abstimmung neu gewürfelt aus #1: neuer Seed\nBezahlt von Bernd \(4 s\), Cem \(4 s\) und Doro \(4 s\)\.$/,
  );
  await idle();
  expect((await saidIn(doro)).filter((text) => text.includes("gehört der Gruppe"))).toHaveLength(1);
  expect(await about()).toHaveLength(1);
}

/** Telegram's own poll; its voters and its message survive a restart, and whoever opened it ends it in two presses. */
async function poll({ tenants: { ann, cem }, votes, restart, idle }: All) {
  await presses(cem, /^„a red fox“ · Ann\n/, "Abstimmen");
  const asked = await reads(ann, /^Cem fragt: welches davon\?\n.*\n#1\n#2\n#3\nKeins davon$/);
  expect([asked.pictures, asked.labels]).toEqual([3, ["Abstimmung beenden"]]);
  votes("ann", "#1", "#2");
  votes("bernd", "#2");
  await idle();
  await restart();
  votes("doro", "#2", "#3");
  await idle();
  await presses(cem, /^Cem fragt/, "Abstimmung beenden");
  await presses(cem, /^Abstimmung beenden\n/, "Eine Zeile dazu");
  await reads(cem, /^Cem: Eine Zeile dazu: /);
  await cem.answer({ note: "für die Titelseite" });
  await reads(cem, /^Abstimmung beenden\nEine Zeile dazu: für die Titelseite/);
  await presses(cem, /^Abstimmung beenden\n/, "Abstimmung beenden");
  await reads(ann, /^#2: 3 von 3 sind dafür \(danach: 1\)\.\nBeendet von Cem\.\nAnmerkung: für die Titelseite$/);
  expect((await saidIn(ann)).filter((text) => text.startsWith("Cem fragt"))).toHaveLength(1);
}

/** A reason is asked for by what it is about; a vote is ended without a line, too. */
async function veto({ tenants: { ann, bernd, cem } }: All) {
  await cem.type("vote", { question: "Wir treffen uns am Kanal" });
  await presses(bernd, /^Cem schlägt vor: Wir treffen/, "Veto");
  await reads(bernd, /^Bernd: Warum legst du ein Veto ein\?\nAntworte mit deinen Worten: deine Stimme zählt schon;/);
  await bernd.answer({ reason: "kein Aufzug" });
  await reads(ann, /\nVeto von Bernd: kein Aufzug$/);
  await presses(cem, /^Cem schlägt vor/, "Abstimmung beenden");
  await presses(cem, /^Abstimmung beenden\n/, "Abstimmung beenden");
  await reads(
    ann,
    /^Nicht angenommen: „Wir treffen uns am Kanal“\. 0 dafür.*\nBeendet von Cem\.\nVeto von Bernd: kein Aufzug$/,
  );
  // The vote itself is the answer to whoever typed for it: others would read both.
  expect((await saidIn(ann)).join("\n")).not.toContain("Die Abstimmung ist offen");
}

/** Hidden, a tie, a run-off, a tie, and whoever keeps order decides: all of it in one gallery. */
async function pick({ printers: { ada, ben, cleo }, clock, idle }: All) {
  await ada.type("rca", { prompt: "a red fox", count: 3 });
  await reads(ada, /seeds/);
  await ben.type("vote", { pictures: "1-3", visibility: "hidden", minutes: 10 });
  const asked = await reads(cleo, /^ben asks: which of these\? · 0 have voted · open until /);
  expect([asked.pictures, asked.labels]).toEqual([3, ["#1", "#2", "#3", "None of these", "Close the vote"]]);
  await presses(ada, /^ben asks/, "#1");
  await presses(cleo, /^ben asks/, "#3");
  expect((await reads(cleo, /2 have voted/)).labels).toEqual(asked.labels);
  await presses(cleo, /^ben asks/, "Close the vote");
  await reads(cleo, /^Only ben, who opened this vote/);
  clock.advanceMs(11 * MINUTE_MS);
  expect((await reads(ben, /A tie, so once more among these\./)).labels).toEqual(["#1", "#3", "Close the vote"]);
  await presses(ada, /once more/, "#1");
  await presses(cleo, /once more/, "#3");
  await idle();
  clock.advanceMs(6 * MINUTE_MS);
  await presses(ada, /^A tie between #1 and #3: 1 each/, "Choose #3");
  const over = await reads(cleo, /^#3: 1 of 2 approve \(next: 1\)\.\nada decided\.\n/);
  expect([over.id, over.labels]).toEqual([asked.id, ["Print"]]);
}

/** Agreed against a block, which is answered; and in secret, of which nobody's name is left. */
async function proposals({ strikers: { ana, bo, cy, di }, idle }: All) {
  await cy.type("vote", { question: "We march on May Day" });
  await presses(bo, /May Day/, "Block");
  await bo.answer({ reason: "no lifts there" });
  for (const one of [ana, di, cy]) await presses(one, /^Cy proposes: We march on May Day · /, "Agree");
  await presses(cy, /· 4 have voted/, "Close the vote");
  await cy.answer({ note: "we look for lifts" });
  await reads(
    ana,
    /^Agreed: “We march on May Day”\. 3 agree, 0 abstain, 0 disagree, 1 block\.\nClosed by Cy\.\nBo blocks: no lifts there\nNote: we look for lifts$/,
  );
  await cy.type("vote", { question: "Red or black", visibility: "secret" });
  await presses(bo, /Red or black/, "Disagree");
  await presses(ana, /Red or black/, "Agree");
  expect((await reads(di, /Red or black · 2 have voted/)).labels.slice(0, 4)).toEqual([
    "Agree",
    "Abstain",
    "Disagree",
    "Block",
  ]);
  await cy.type("vote", { close: "yes" });
  await reads(di, /^Not agreed: “Red or black”\. 1 agree, 0 abstain, 1 disagree, 0 block\.\nClosed by Cy\.$/);
  await idle();
}

/** Bo has nothing left: the pot pays his part while it can, and then his vote does not count. */
async function spending({ strikers: { ana, bo, cy, di }, restart, idle }: All) {
  for (const prompt of ["all he has", "and the rest"]) {
    await bo.type("rca", { prompt, count: 4 });
    await reads(bo, new RegExp(`^“${prompt}” · Bo\\n#.*gpu`));
  }
  await ana.type("settings", { spend: "free_first", vote_on: "batch" });
  await di.type("pot", { do: "give", seconds: 5 });
  await bo.type("rca", { prompt: "a green hill", count: 2 });
  await presses(di, /^Bo wants to have 2 pictures made: “a green hill” · 1 of 3/, "Vote");
  await restart();
  await presses(cy, /“a green hill” · 2 of 3/, "Vote");
  await reads(
    ana,
    /^“a green hill” · the group’s, by vote of Bo, Di, and Cy\n.*\nPaid by Di \(2\.7 s\), Cy \(2\.7 s\), and the pot \(2\.7 s\)\.$/,
  );
  await reads(bo, /^Bo had not enough, and the pot pays that part\.$/);
  await reads(
    ana,
    /^The vote passed \(3 of 3\), so it is made: “a green hill”\nDi and Cy pay in equal parts\. The pot pays for Bo\.$/,
  );
  expect((await saidIn(ana)).filter((text) => text.startsWith("“a green hill”"))).toHaveLength(2);
  await bo.type("rca", { prompt: "a high tower", count: 4 });
  await presses(di, /“a high tower” · 1 of 3/, "Vote");
  await presses(cy, /“a high tower” · 2 of 3/, "Vote");
  await reads(ana, /^The vote had enough ballots, but Bo cannot pay a part now/);
  await presses(bo, /“a high tower” · 2 of 3/, "Withdraw");
  await reads(ana, /^Withdrawn by Bo, so it is not made: “a high tower”\nThe draft stays\.$/);
  await idle();
  expect((await saidIn(ana)).filter((text) => text.startsWith("“a high tower”"))).toHaveLength(1);
}

/** What is left of 32 s after 24 s on two platforms is common, and halved by parting. */
async function part({ strikers: { ana }, printers: { ada } }: All) {
  const left = async (one: Chair, words: RegExp) => {
    await one.type("quota");
    return reads(one, words);
  };
  await left(ana, /^You have 8 s of/);
  await ada.type("unlink");
  await presses(ada, /^Part this account from Ann on Telegram and Ana on the web chat\?/, "Part this account");
  await reads(ada, /^This account is by itself again/);
  await left(ada, /^You have 4 s of/);
  expect((await left(ana, /^You have 4 s of/)).text).toContain("You are: Ann on Telegram and Ana on the web chat");
}

it("one evening of three groups on three platforms, with restarts in the middle", { timeout: 120_000 }, async () => {
  const all = await evening();
  await link(all);
  await anotherTake(all);
  await poll(all);
  await veto(all);
  await pick(all);
  await proposals(all);
  await spending(all);
  await part(all);
  expect(all.logged.filter((line) => /"level":"error"/.test(line))).toEqual([]);
});
