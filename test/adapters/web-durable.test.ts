import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { verbatim } from "../../src/domain/text.ts";
import { openGroupLog } from "../../src/stores/sqlite/group-log.ts";
import { heldSync, soFar } from "../fakes/held-sync.ts";
import { as, ask, joinAs, NotingCore, Tab } from "./web-client.ts";
import { freshFolder, webIn } from "./web-world.ts";

/** A web chat whose log is durable when the test says so. */
async function started() {
  const folder = freshFolder();
  const disk = heldSync();
  disk.endAll();
  const web = webIn(folder, {
    services: {
      groupLog: () =>
        openGroupLog(path.join(folder, "webchat.sqlite"), Date.now, { durability: "beside", sync: disk.sync }),
    },
  });
  const core = new NotingCore();
  onTestFinished(() => web.stop());
  await web.start([], core);
  const ana = await joinAs(web, "Ana");
  const tab = await Tab.open(web, ana);
  await tab.next("present");
  const { hold, endAll: letGo } = disk;
  hold();
  onTestFinished(letGo);
  const target = { place: { platform: "web", chatId: ana.room, group: true }, memberId: ana.id } as const;
  const say = (text: string, id: string) =>
    ask(web, "/api/messages", { body: { room: ana.room, id, text }, headers: as(ana) });
  return { web, core, ana, tab, disk, hold, letGo, target, say };
}

it("no answer, no event for a tab, and nothing for the core before it is durable; then all of it, in its order", async () => {
  const { web, core, tab, letGo, target, say } = await started();
  const line = say("/rca a red fox", "line000000000000");
  const posted = web.post(target, { text: "our answer" }, { nonce: "n", visibility: "public" });
  const talk = say("good evening", "talk000000000000");
  const event = tab.next("message");
  const all = [line, posted, talk, event];
  expect(await Promise.all(all.map((each) => soFar<unknown>(each)))).toEqual(all.map(() => "waits"));
  expect(core.invocations).toEqual([]);
  letGo();
  expect([(await line).status, (await talk).status]).toEqual([200, 200]);
  const { messageId } = await posted;
  const told = [await event, await tab.next("message"), await tab.next("message")];
  const ids = ["line000000000000", messageId, "talk000000000000"];
  expect(told.map(({ message }) => message.id).toSorted()).toEqual(ids.toSorted());
  const revs = told.map(({ rev }) => rev);
  expect(revs).toEqual(revs.toSorted((one, other) => one - other));
  expect(core.invocations).toHaveLength(1);
});

it("the core hears of an edit, and of who may come in, when it is durable", async () => {
  const { web, ana, hold, letGo, target } = await started();
  letGo();
  const { messageId } = await web.post(target, { text: "one" }, { nonce: "n", visibility: "public" });
  hold();
  const answers: readonly (Promise<unknown> | undefined)[] = [
    web.edit({ place: target.place, messageId }, { text: "two" }),
    web.doors?.shutOut(ana.id, target.place, verbatim("out")),
    web.doors?.letIn(ana.id, target.place),
    web.doors?.handOver(ana.id, target.place),
  ];
  expect(await Promise.all(answers.map((answer) => answer && soFar(answer)))).toEqual(answers.map(() => "waits"));
  letGo();
  await Promise.all(answers);
});

it("a disk that does not confirm: a sentence for the member, their tab ends, and the core hears nothing", async () => {
  const { web, core, tab, disk, say } = await started();
  const line = say("/rca a red fox", "line000000000000");
  await expect.poll(() => disk.begun).toBeGreaterThan(0);
  const failing = setInterval(() => {
    try {
      disk.end(new Error("EIO"));
    } catch {
      // Nothing waits just now.
    }
  }, 1);
  onTestFinished(() => clearInterval(failing));
  const answer = await line;
  expect(answer.status).toBe(500);
  expect(await answer.json()).toMatchObject({ error: expect.stringContaining("something wrong with the disk") });
  await expect(tab.next("message")).rejects.toThrow();
  expect(core.invocations).toEqual([]);
  expect(web.platform).toBe("web");
});
