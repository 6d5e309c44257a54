import { randomBytes } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { openPostgresStore } from "../../src/stores/postgres/open.ts";
import { recordedLog } from "../fakes/module-services.ts";
import { ask as askDocument } from "./contract/documents.ts";
import { idOf, STOPPED, sampleOrder, shown, T0, voteInput } from "./contract/inputs.ts";
import { startInput } from "./contract/meetings.ts";
import { linked } from "./contract/persons.ts";
import { give } from "./contract/pots.ts";
import { asked, databaseAt, serverForTests } from "./postgres-engine.ts";

const url = await serverForTests("being forgotten in PostgreSQL");

if (url !== undefined)
  test("leaves no cell of any table with a member's id, name or words", async () => {
    const { address, drop } = await databaseAt(url, `forget_${randomBytes(4).toString("hex")}`);
    onTestFinished(async () => void (await drop()));
    const { log, logged } = recordedLog();
    const options = { address, directAddress: address, named: false, log, notices: { say: () => undefined } };
    const { store, groupLog } = await openPostgresStore(options);
    onTestFinished(() => store.close());
    const chat = await groupLog();
    const joined = await chat.join("Zenobia", "zenobia", undefined);
    if (!("member" in joined)) throw new Error("the name was taken");
    const { member } = joined;
    await chat.enter("room", "Room", member.id);
    const said = { id: "m1", group: "room", authorId: member.id, authorName: "Zenobia", nonce: "n1" };
    await chat.add({ ...said, body: { text: "chatterbox" } });
    const told = { id: "m2", group: "room", forName: "Zenobia", nonce: "n2" };
    await chat.add({ ...told, body: { view: { text: "“xylophonedawn” by Zenobia" } } });

    const own = { memberId: member.id, memberName: "Zenobia" };
    const order = sampleOrder();
    await shown(store, "a", {
      job: { ...own, order: { ...order, request: { ...order.request, prompt: "xylophonedawn" } } },
    });
    await shown(store, "b", { job: { memberId: "web:ben" } });
    await store.vote({ ...voteInput(idOf("b"), "ana", "u1"), member: { memberId: member.id, name: "Zenobia" } });
    await linked(store, member.id, "telegram:7");
    await give(store, "u2", "ana", 1, { member: { memberId: member.id, name: "Zenobia" } });
    await askDocument(store, "deck", { askedBy: { id: member.id, name: "Zenobia" } });
    await store.startMeeting(startInput("start", { startedBy: { id: member.id, name: "Zenobia" } }));

    const tables = await asked<{ readonly name: string }>(
      address,
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()",
    );
    const cells = tables.map(({ name }) => `SELECT '${name}' AS name, CAST(t AS TEXT) AS row FROM "${name}" t`);
    const holding = async (needle: string): Promise<readonly string[]> => {
      const text = `SELECT DISTINCT name FROM (${cells.join(" UNION ALL ")}) all_rows WHERE strpos(row, '${needle}') > 0`;
      return (await asked<{ readonly name: string }>(address, text)).map(({ name }) => name);
    };
    const needles = [member.id, "telegram:7", "Zenobia", "zenobia", "xylophonedawn", "chatterbox"];
    for (const needle of needles) expect([needle, await holding(needle)]).not.toEqual([needle, []]);

    const { plan } = await store.beginForgetting({ memberId: member.id, name: "Zenobia", problem: STOPPED, nowMs: T0 });
    await chat.forget({ ...plan, words: ["xylophonedawn"] }, (ids) => store.owedMessages("web", ids));
    await store.forgetRows(plan, T0);
    await store.endForgetting(plan.forgettingId);
    for (const needle of needles) expect([needle, await holding(needle)]).toEqual([needle, []]);
    expect(logged.filter((line) => line.includes("not_vacuumed"))).toEqual([]);
    expect((await store.job(idOf("b")))?.memberId).toBe("web:ben");
  });
