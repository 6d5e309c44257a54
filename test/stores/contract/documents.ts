import { describe, expect, test } from "vitest";
import { DOCUMENTS_MAX_OPEN, type NewDocument } from "../../../src/domain/document-order.ts";
import { documentIdOf } from "../../../src/domain/ids.ts";
import type { Store } from "../../../src/ports/store.ts";
import {
  accept,
  CHAT,
  claimed,
  finish,
  HOUR_MS,
  type OpenStore,
  ownerIn,
  PLENTY,
  STOPPED,
  shownAs,
  T0,
} from "./inputs.ts";
import { opened } from "./opened.ts";

const LEASE_MS = 60_000;
const FILE = {
  name: "march.pdf",
  mime: "application/pdf",
  sizeBytes: 2_100_000,
  pages: 3,
  pictures: 2,
  gone: 1,
} as const;

const documentOf = (name: string, over: Partial<NewDocument> = {}): NewDocument => ({
  documentId: documentIdOf(name),
  kind: "deck",
  of: { imageIds: ["a---------------.0"], chosen: "named" },
  target: { place: CHAT, memberId: "web:ana", replyToken: "t" },
  askedBy: { id: "web:ana", name: "ana" },
  askedAtMs: T0,
  language: "en",
  ...over,
});
/** Asks for one, as a member of a chat does. */
export const ask = (store: Store, name: string, over: Partial<NewDocument> = {}) =>
  store.askDocument({
    updateId: name,
    document: documentOf(name, over),
    maxOpen: DOCUMENTS_MAX_OPEN,
    nowMs: over.askedAtMs ?? T0,
  });
const claim = async (store: Store, nowMs = T0) => {
  const found = await store.claimDocument(nowMs, LEASE_MS);
  if (!found) throw new Error("nothing to claim");
  return found;
};
const owed = async (store: Store) =>
  (await store.due(T0, 50, { platform: "web" })).map((row) => `${ownerIn(row)} ${shownAs(row)} ${row.revision}`);
const by = (name: string) => ({ askedBy: { id: `web:${name}`, name } });
const [ONE, TWO] = [documentIdOf("one"), documentIdOf("two")];

/** What files were asked for, and what came of it. */
export function documentContract(open: OpenStore): void {
  describe("documents", () => {
    test("are asked for once an update, at most three of a person at a time, and each owes one message", async () => {
      const store = await opened(open);
      expect(await ask(store, "one")).toEqual({
        status: "asked",
        document: { ...documentOf("one"), state: "queued", attempt: 0, losses: 0 },
      });
      expect((await ask(store, "one")).status).toBe("known");
      await store.link({
        members: [
          { id: "web:ana", name: "ana" },
          { id: "web:bo", name: "bo" },
        ],
        personId: "person:ana bo",
        allowance: PLENTY,
        nowMs: T0,
      });
      const results = await Promise.all(
        ["two", "three", "four", "five"].map((name) => ask(store, name, by(name === "two" ? "bo" : "ana"))),
      );
      // Which of them came first is the database's to say.
      expect(results.map(({ status }) => status).toSorted()).toEqual(["asked", "asked", "too_many", "too_many"]);
      expect(results.find(({ status }) => status === "too_many")).toEqual({ status: "too_many", open: 3 });
      expect((await ask(store, "bens", by("ben"))).status).toBe("asked");
      expect(await owed(store)).toHaveLength(4);
      expect(await owed(store)).toContain(`${ONE} document 1`);
    });

    test("are made one after the other, in their order; a lease that ends gives the next one to another attempt", async () => {
      const store = await opened(open);
      for (const name of ["one", "two"]) await ask(store, name, by(name));
      expect(await claim(store)).toMatchObject({ documentId: ONE, state: "running", attempt: 1 });
      expect((await store.openDocuments(9)).map(({ documentId, state }) => [documentId, state])).toEqual([
        [ONE, "running"],
        [TWO, "queued"],
      ]);
      expect((await claim(store)).documentId).toBe(TWO);
      expect(await store.claimDocument(T0, LEASE_MS)).toBeUndefined();
      expect(await store.keepDocument(TWO, 1, T0 + LEASE_MS - 1, LEASE_MS)).toBe(true);
      expect(await claim(store, T0 + LEASE_MS)).toMatchObject({ documentId: ONE, attempt: 2, losses: 1 });
      expect(await store.keepDocument(ONE, 1, T0 + LEASE_MS, LEASE_MS)).toBe(false);
      expect(await store.finishDocument(ONE, 1, FILE, T0)).toBe(false);
      expect(await store.finishDocument(ONE, 2, FILE, T0 + 5)).toBe(true);
      expect(await store.finishDocument(ONE, 2, FILE, T0 + 6)).toBe(false);
      expect(await store.document(ONE)).toMatchObject({ state: "done", file: FILE, endedAtMs: T0 + 5 });
      expect(await owed(store)).toEqual([`${ONE} document 2`, `${TWO} document 1`]);
    });

    test("end once: failed with a reason, cancelled wherever they are, or given back to be made later", async () => {
      const store = await opened(open);
      for (const name of ["one", "two", "three"]) await ask(store, name);
      await claim(store);
      expect(await store.failDocument(ONE, 1, STOPPED, T0)).toBe(true);
      expect(await store.cancelDocument(ONE, STOPPED, T0)).toBe(false);
      expect(await store.document(ONE)).toMatchObject({ state: "failed", problem: STOPPED });
      await claim(store);
      expect(await store.giveBackDocument(TWO, 1)).toBe(true);
      expect(await store.giveBackDocument(TWO, 1)).toBe(false);
      expect(await claim(store)).toMatchObject({ documentId: TWO, attempt: 2, losses: 0 });
      expect(await store.recoverDocuments()).toBe(1);
      expect(await claim(store)).toMatchObject({ documentId: TWO, attempt: 3, losses: 1 });
      expect(await store.cancelDocument(TWO, STOPPED, T0)).toBe(true);
      expect(await store.finishDocument(TWO, 3, FILE, T0)).toBe(false);
      expect(await store.cancelDocument(documentIdOf("three"), STOPPED, T0)).toBe(true);
      expect(await store.claimDocument(T0, LEASE_MS)).toBeUndefined();
      // Their places are free again.
      expect((await ask(store, "six")).status).toBe("asked");
    });

    test("keep their file for a while; then the message is told, and at last the row goes", async () => {
      const store = await opened(open);
      for (const name of ["one", "two"]) {
        await ask(store, name);
        const { documentId } = await claim(store);
        await store.finishDocument(documentId, 1, FILE, name === "one" ? T0 : T0 + HOUR_MS);
        await store.posted({ documentId, kind: "document" }, 2, { place: CHAT, messageId: name });
      }
      expect(await store.document(ONE)).toMatchObject({ message: { messageId: "one" } });
      expect(await store.jobByMessage(CHAT, "one")).toBeUndefined();
      expect(await store.expiredDocuments(T0 + 1, 9)).toEqual([ONE]);
      expect(await store.sweepDocuments(T0 + 2 * HOUR_MS)).toBe(0);
      await store.forgetDocumentFile(ONE);
      await store.forgetDocumentFile(ONE);
      expect(await owed(store)).toEqual([`${ONE} document 3`]);
      expect(await store.document(ONE)).toMatchObject({ file: FILE, forgotten: true });
      expect(await store.expiredDocuments(T0 + 1, 9)).toEqual([]);
      expect(await store.sweepDocuments(T0 + 2 * HOUR_MS)).toBe(1);
      expect(await store.document(ONE)).toBeUndefined();
      expect(await owed(store)).toEqual([]);
    });

    test("move with their chat: what is open is shown anew there, what ended stays where it was", async () => {
      const store = await opened(open);
      await accept(store, "a");
      await finish(store, await claimed(store));
      for (const name of ["one", "two"]) await ask(store, name);
      await store.finishDocument((await claim(store)).documentId, 1, FILE, T0);
      for (const [documentId, revision] of [
        [ONE, 2],
        [TWO, 1],
      ] as const)
        await store.posted({ documentId, kind: "document" }, revision, { place: CHAT, messageId: documentId });
      await store.moveChat({ platform: "web", fromChatId: "room", toChatId: "hall", values: [] });
      expect(await store.document(TWO)).toMatchObject({ target: { place: { chatId: "hall" } } });
      expect((await store.document(TWO))?.message).toBeUndefined();
      expect(await owed(store)).toContain(`${TWO} document 1`);
      expect(await owed(store)).not.toContain(`${ONE} document 2`);
    });
  });
}
