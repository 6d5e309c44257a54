import { EventEmitter } from "node:events";
import { Keyv, type KeyvStoreAdapter } from "keyv";
import { chatSettingsSchema } from "../../domain/chat-settings.ts";
import { type SeedScope, seedLockSchema } from "../../domain/seed.ts";
import { approvalSchema, type ChatMemory } from "../../ports/chat-memory.ts";
import type { KeyValues } from "../../ports/key-values.ts";

/** Keyv's namespaces; its adapters want a-z, 0-9, "." and "-" only. */
const SETTINGS = "chat-settings";
const LOCKS = "seed-locks";
const APPROVALS = "chat-approvals";

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
  const lockKey = (chatKey: string, memberId: string, scope: SeedScope) =>
    `${chatKey}/${scope === "me" ? memberId : "everyone"}`;
  const lockOf = async (key: string) => {
    const stored = await locks.get(key);
    return stored === undefined ? undefined : seedLockSchema.parse(stored);
  };
  const settingsOf = async (chatKey: string) => chatSettingsSchema.parse((await settings.get(chatKey)) ?? {});

  return {
    settings: settingsOf,
    async configure(chatKey, changed) {
      await settings.set(chatKey, chatSettingsSchema.parse(changed));
    },
    async retention() {
      const keys = (await values.entries(`${SETTINGS}:`)).map(([key]) => key.slice(SETTINGS.length + 1));
      const found = await Promise.all(
        keys.map(async (settingsKey) => ({
          settingsKey,
          days: (await settingsOf(settingsKey)).retention_days ?? 0,
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
      { from: `${SETTINGS}:${from}`, to: `${SETTINGS}:${to}`, prefix: false },
      { from: `${LOCKS}:${from}/`, to: `${LOCKS}:${to}/`, prefix: true },
    ],
    unlockSeed: (chatKey, memberId, scope) => locks.delete(lockKey(chatKey, memberId, scope)),
  };
}
