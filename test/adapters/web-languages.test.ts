import { describe, expect, it, onTestFinished } from "vitest";
import { STREAMS_PER_MEMBER } from "../../adapters/web/limits.ts";
import { text } from "../../src/domain/text.ts";
import { addCatalogue, type Catalogue, catalogueOf } from "../../src/messages/catalogue.ts";
import { isolated } from "../../src/messages/direction.ts";
import type { CommandSpec } from "../../src/ports/option.ts";
import { as, ask, joinAs, NotingCore, nextId, say, Tab } from "./web-client.ts";
import { freshFolder, webIn } from "./web-world.ts";

const GERMAN: Catalogue = {
  ...catalogueOf("en"),
  messages: new Map([
    ["page.door.name", "Dein Name"],
    ["web.access.needed", "Gib erst den Zugangscode ein: Lade diese Seite neu."],
    ["web.message.empty", "Schreib erst eine Nachricht."],
    ["web.much.at-once", "Das war viel auf einmal."],
    ["web.name.empty", "Gib erst einen Namen ein."],
    ["web.nothing-here", "Unter dieser Adresse ist nichts."],
    [
      "web.tabs.paused",
      "{n, plural, one {Dieser Chat ist noch # Mal offen.} other {Dieser Chat ist noch # Mal offen.}}",
    ],
    ["web.wait", "Warte {duration}, dann versuch es noch einmal."],
  ]),
};
const SPECS: readonly CommandSpec[] = [{ name: "odd", summary: text("web.name.empty"), options: [], adminOnly: false }];
const IN_GERMAN = { "accept-language": "de-AT, en;q=0.5" };

async function started(settings: Parameters<typeof webIn>[1] = {}) {
  onTestFinished(addCatalogue("de", GERMAN));
  const core = new NotingCore();
  const folder = freshFolder();
  const web = webIn(folder, settings);
  onTestFinished(() => web.stop());
  await web.start(SPECS, core);
  return { web, core, folder };
}
const refusal = async (response: Response | Promise<Response>) =>
  (await (await response).json()) as { error: string; code?: string };

describe("a refusal", () => {
  it("is in the browser's language where nobody knows the member yet", async () => {
    const { web } = await started();
    const join = { body: { name: " ", room: "x" } };
    expect((await refusal(ask(web, "/api/join", { ...join, headers: IN_GERMAN }))).error).toBe(
      "Gib erst einen Namen ein.",
    );
    const odd = { "accept-language": "x-klingon, *, tlh;q=0.9" };
    expect((await refusal(ask(web, "/api/join", { ...join, headers: odd }))).error).toMatch(/^Type a name first/);
    expect((await refusal(ask(web, "/nowhere", { headers: IN_GERMAN }))).error).toBe(
      "Unter dieser Adresse ist nichts.",
    );
  });

  it("is in the language a member reads, whatever their browser asks for", async () => {
    const { web, core } = await started();
    const ada = await joinAs(web, "Ada");
    const asked: unknown[] = [];
    core.language = async (place, member) => {
      asked.push([place.chatId, member]);
      return "de";
    };
    const headers = { ...as(ada), "accept-language": "fr" };
    const empty = (room: string) => ask(web, "/api/messages", { body: { id: nextId(), room, text: "" }, headers });
    expect((await refusal(empty(ada.room))).error).toBe("Schreib erst eine Nachricht.");
    // What another group reads is not told to whoever is not in it.
    await empty("someone-elses");
    const member = { id: ada.id, languages: ["fr"] };
    expect(asked).toEqual([
      [ada.room, member],
      ["", member],
    ]);
  });

  it("arrives although nobody can look up what a member reads", async () => {
    const { web, core } = await started();
    const ada = await joinAs(web, "Ada");
    core.language = async () => {
      throw new Error("the store is away");
    };
    const headers = { ...as(ada), ...IN_GERMAN };
    const response = await ask(web, "/api/messages", { body: { id: nextId(), room: ada.room, text: "" }, headers });
    expect([response.status, (await refusal(response)).error]).toEqual([400, "Schreib erst eine Nachricht."]);
  });

  it("counts the wait in its reader's words", async () => {
    const { web, core } = await started();
    const ada = await joinAs(web, "Ada");
    core.language = async () => "de";
    const answers = await Promise.all(Array.from({ length: 62 }, () => ask(web, "/api/rooms", { headers: as(ada) })));
    const late = answers.find(({ status }) => status === 429);
    expect(late && (await refusal(late)).error).toBe(
      "Das war viel auf einmal. Warte 1 s, dann versuch es noch einmal.",
    );
  });

  it("says by a code that the access code is missing: the page cannot read every language", async () => {
    const { web } = await started({ WEB_TOKEN: "the meeting code" });
    const said = (headers: Record<string, string>) => refusal(ask(web, "/api/rooms", { headers }));
    expect(await said(IN_GERMAN)).toMatchObject({ code: "access", error: expect.stringMatching(/^Gib erst den Zug/) });
    expect(await said({})).toMatchObject({ code: "access", error: expect.stringMatching(/^Type the access code/) });
    const wrong = await refusal(ask(web, "/api/access", { body: { code: "a wrong one" } }));
    expect(wrong.code).toBeUndefined();
  });
});

describe("a tab", () => {
  it("learns at its start what its member reads, and again when that changes; nobody else does", async () => {
    const { web, core } = await started();
    const [ada, bo] = [await joinAs(web, "Ada"), await joinAs(web, "Bo")];
    const reads = new Map<string | undefined, string>([[ada.id, "en"]]);
    core.language = async (_place, member) => reads.get(member?.id) ?? "en";
    const [tab, other] = [await Tab.open(web, ada), await Tab.open(web, bo)];
    expect((await tab.next("start")).language).toBe("en");
    reads.set(ada.id, "de");
    await say(web, ada, "/language Deutsch");
    expect(await tab.next("language")).toEqual({ type: "language", language: "de" });
    await ask(web, "/api/press", { body: { id: nextId(), room: ada.room, token: "t" }, headers: as(ada) });
    await say(web, ada, "the end");
    for (const each of [tab, other])
      for (let message = await each.next("message"); message.message.text !== "the end"; )
        message = await each.next("message");
    expect([...tab.events, ...other.events].filter(({ type }) => type === "language")).toEqual([]);
  });

  it("is paused in the language of its member", async () => {
    const { web, core } = await started();
    const ada = await joinAs(web, "Ada");
    core.language = async () => "de";
    const tab = await Tab.open(web, ada);
    for (let more = 0; more < STREAMS_PER_MEMBER; more += 1) await Tab.open(web, ada);
    expect((await tab.next("ended")).text).toBe(`Dieser Chat ist noch ${STREAMS_PER_MEMBER} Mal offen.`);
  });

  it("is closed in the language of its member", async () => {
    const { web, core } = await started();
    const ada = await joinAs(web, "Ada");
    core.language = async () => "de";
    const tab = await Tab.open(web, ada);
    await web.doors?.shutOut(ada.id, undefined, text("web.nothing-here"));
    expect((await tab.next("out")).text).toBe("Unter dieser Adresse ist nichts.");
  });

  it("is told the commands in what its member reads", async () => {
    const { web, core } = await started();
    const ada = await joinAs(web, "Ada");
    core.language = async ({ chatId }) => (chatId === ada.room ? "de" : "en");
    const summary = async (query: string) =>
      ((await (await ask(web, `/api/commands${query}`, { headers: as(ada) })).json()) as { commands: CommandSpec[] })
        .commands[0]?.summary;
    expect(await summary(`?room=${ada.room}`)).toBe("Gib erst einen Namen ein.");
    expect(await summary("")).toMatch(/^Type a name first/);
  });
});

it("tells the core what the member's browser asks for, also of what it hears after a restart", async () => {
  const { web, core, folder } = await started();
  const ada = await joinAs(web, "Ada");
  const underway = Promise.withResolvers<void>();
  core.whenInvoked = () => underway.promise;
  const headers = { ...as(ada), ...IN_GERMAN };
  await ask(web, "/api/messages", { body: { id: nextId(), room: ada.room, text: "/odd" }, headers });
  await ask(web, "/api/press", { body: { id: nextId(), room: ada.room, token: "t" }, headers });
  const languages = ["de-AT", "en"];
  expect(core.invocations).toMatchObject([{ member: { languages } }]);
  expect(core.presses).toMatchObject([{ member: { languages } }]);
  const again = webIn(folder);
  onTestFinished(() => again.stop());
  const core2 = new NotingCore();
  await again.start(SPECS, core2);
  await expect.poll(() => core2.invocations).toMatchObject([{ sent: { late: true }, member: { languages } }]);
  underway.resolve();
});

interface Words {
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly foreign: string;
  readonly messages: Readonly<Record<string, string>>;
}

describe("the page's words", () => {
  const wordsOf = async (web: Parameters<typeof ask>[0], query: string, headers: Record<string, string> = {}) => {
    const response = await ask(web, `/page/words${query}`, { headers });
    expect(response.headers.get("vary")).toBe("accept-language, accept-encoding");
    return (await response.json()) as Words;
  };

  it("come as asked for by name, else as the browser asks, else in English; English stands in for what lacks", async () => {
    const { web } = await started();
    const named = await wordsOf(web, "?language=de");
    expect([named.language, named.messages["page.door.name"]]).toEqual(["de", "Dein Name"]);
    expect(named.messages["page.door.join"]).toBe("Join");
    expect((await wordsOf(web, "", IN_GERMAN)).language).toBe("de");
    expect((await wordsOf(web, "?language=en", IN_GERMAN)).language).toBe("en");
    for (const odd of ["tlh", "../en", "constructor"])
      expect((await wordsOf(web, `?language=${odd}`, IN_GERMAN)).language).toBe("de");
    expect((await wordsOf(web, "")).language).toBe("en");
    // What the server says of its own is none of the page's business.
    expect(Object.keys(named.messages).filter((id) => !/^(?:page|wall)\./u.test(id))).toEqual([]);
  });

  it("isolate what the server isolates", async () => {
    const { web } = await started();
    onTestFinished(addCatalogue("ar", { ...GERMAN, direction: "rtl" }));
    const given = ["Ada", "ليلى", "Ада", "אדה", "愛", "7 · 8", "", "Ada ليلى", "!?"];
    for (const language of ["en", "ar"]) {
      const { direction, foreign } = await wordsOf(web, `?language=${language}`);
      const byThePage = given.filter((name) => new RegExp(foreign, "u").test(name));
      expect(byThePage).toEqual(given.filter((name) => isolated(name, direction) !== name));
      expect(byThePage).toContain(direction === "ltr" ? "ليلى" : "Ada");
    }
  });
});
