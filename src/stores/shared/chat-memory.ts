import { EventEmitter } from "node:events";
import { Keyv, type KeyvStoreAdapter } from "keyv";
import { z } from "zod";
import { chatSettingsSchema } from "../../domain/chat-settings.ts";
import { daysKept, graceAfter, retentionGraceSchema } from "../../domain/retention.ts";
import { type SeedScope, seedLockSchema } from "../../domain/seed.ts";
import { approvalSchema, type ChatMemory } from "../../ports/chat-memory.ts";
import type { KeyValues } from "../../ports/key-values.ts";

/** Keyv's namespaces; its adapters want a-z, 0-9, "." and "-" only. */
const SETTINGS = "chat-settings";
const LOCKS = "seed-locks";
const APPROVALS = "chat-approvals";
const GRACES = "retention-graces";
const LANGUAGES = "languages";

/** A BCP 47 tag. */
const languageSchema = z.string().max(35);

/** Keyv over the store's own file, so that one backup holds everything. Errors are thrown, not swallowed. */
class StoreAdapter extends EventEmitter implements KeyvStoreAdapter {
  opts = { dialect: "sqlite" };
  namespace?: string | undefined;
  readonly #values: KeyValues;

  constructor(values: KeyValues) {
    super();
    this.#values = values;
  }
  async get<Value>(key: string): Promise<Value | undefined> {
    // The border to Keyv: it stores and reads back its own serialised text.
    return (await this.#values.get(key)) as Value | undefined;
  }
  async set(key: string, value: unknown): Promise<boolean> {
    await this.#values.set(key, String(value));
    return true;
  }
  async delete(key: string): Promise<boolean> {
    return this.#values.delete(key);
  }
  async clear(): Promise<void> {
    for (const [key] of await this.#values.entries(`${this.namespace ?? ""}:`)) await this.#values.delete(key);
  }
}

export function createChatMemory(values: KeyValues): ChatMemory {
  const open = (namespace: string) => {
    const keyv = new Keyv<unknown>({ store: new StoreAdapter(values), namespace, throwOnErrors: true });
    // Without a listener Keyv's error event would end the process; the calls themselves reject as well.
    keyv.on("error", () => undefined);
    return keyv;
  };
  const settings = open(SETTINGS);
  const locks = open(LOCKS);
  const approvals = open(APPROVALS);
  const graces = open(GRACES);
  const languages = open(LANGUAGES);
  const lockKey = (chatKey: string, memberId: string, scope: SeedScope) =>
    `${chatKey}/${scope === "me" ? memberId : "everyone"}`;
  const lockOf = async (key: string) => {
    const stored = await locks.get(key);
    return stored === undefined ? undefined : seedLockSchema.parse(stored);
  };
  const settingsOf = async (chatKey: string) => chatSettingsSchema.parse((await settings.get(chatKey)) ?? {});
  const graceOf = async (chatKey: string) => {
    const stored = await graces.get(chatKey);
    return stored === undefined ? undefined : retentionGraceSchema.parse(stored);
  };

  return {
    settings: settingsOf,
    async configure(chatKey, changed, nowMs) {
      const days = { before: (await settingsOf(chatKey)).retention_days ?? 0, after: changed.retention_days ?? 0 };
      const grace = graceAfter(days, await graceOf(chatKey), nowMs);
      // Before the rule itself: a kill between the two must not leave the rule without its grace.
      if (grace) await graces.set(chatKey, grace);
      await settings.set(chatKey, chatSettingsSchema.parse(changed));
      if (!grace) await graces.delete(chatKey);
    },
    async retention(nowMs) {
      const keys = (await values.entries(`${SETTINGS}:`)).map(([key]) => key.slice(SETTINGS.length + 1));
      const found = await Promise.all(
        keys.map(async (settingsKey) => ({
          settingsKey,
          days: daysKept((await settingsOf(settingsKey)).retention_days ?? 0, await graceOf(settingsKey), nowMs),
        })),
      );
      return found.filter(({ days }) => days > 0);
    },
    async seedLock(chatKey, memberId) {
      return (await lockOf(lockKey(chatKey, memberId, "me"))) ?? (await lockOf(lockKey(chatKey, memberId, "everyone")));
    },
    async lockSeed(chatKey, lock) {
      await locks.set(lockKey(chatKey, lock.byMemberId, lock.scope), lock);
    },
    async language(key) {
      const stored = await languages.get(key);
      return stored === undefined ? undefined : languageSchema.parse(stored);
    },
    async speak(key, language) {
      if (language === undefined) await languages.delete(key);
      else await languages.set(key, language);
    },
    async approval(settingsKey) {
      const stored = await approvals.get(settingsKey);
      return stored === undefined ? undefined : approvalSchema.parse(stored);
    },
    async approve(settingsKey, approval) {
      await approvals.set(settingsKey, approval);
    },
    disapprove: (settingsKey) => approvals.delete(settingsKey),
    moves: (from, to) => [
      { from: `${APPROVALS}:${from}`, to: `${APPROVALS}:${to}`, prefix: false },
      { from: `${GRACES}:${from}`, to: `${GRACES}:${to}`, prefix: false },
      { from: `${LANGUAGES}:heard/${from}`, to: `${LANGUAGES}:heard/${to}`, prefix: false },
      { from: `${SETTINGS}:${from}`, to: `${SETTINGS}:${to}`, prefix: false },
      { from: `${LOCKS}:${from}/`, to: `${LOCKS}:${to}/`, prefix: true },
    ],
    unlockSeed: (chatKey, memberId, scope) => locks.delete(lockKey(chatKey, memberId, scope)),
  };
}
