import { z } from "zod";
import { brandSchema, NO_BRAND } from "../../domain/brand.ts";
import { chatSettingsSchema } from "../../domain/chat-settings.ts";
import { daysKept, graceAfter, retentionGraceSchema } from "../../domain/retention.ts";
import { type SeedScope, seedLockSchema } from "../../domain/seed.ts";
import { approvalSchema, type ChatMemory } from "../../ports/chat-memory.ts";
import type { KeyValues } from "../../ports/key-values.ts";
import { openValues } from "../../ports/values.ts";

const SETTINGS = "chat-settings";
const LOCKS = "seed-locks";
const APPROVALS = "chat-approvals";
const GRACES = "retention-graces";
const LANGUAGES = "languages";
const BRANDS = "chat-brands";
const LOGOS = "chat-logos";

const NOTHING_SET = chatSettingsSchema.parse({});

const keptLogoSchema = z.strictObject({ sinceMs: z.int() });

/** A BCP 47 tag. */
const languageSchema = z.string().max(35);

export function createChatMemory(keyValues: KeyValues): ChatMemory {
  // What cannot be read is an error: settings that are taken for none would open what a group has closed.
  const open = <S extends z.ZodType>(namespace: string, schema: S) =>
    openValues({ storage: keyValues(), namespace, read: (value) => schema.parse(value) });
  const settings = open(SETTINGS, chatSettingsSchema);
  const locks = open(LOCKS, seedLockSchema);
  const approvals = open(APPROVALS, approvalSchema);
  const graces = open(GRACES, retentionGraceSchema);
  const languages = open(LANGUAGES, languageSchema);
  const brands = open(BRANDS, brandSchema);
  const logos = open(LOGOS, keptLogoSchema);
  // Ids have no slash, so the last one ends whose it is.
  const logoKey = (settingsKey: string, logoId: string) => `${settingsKey}/${logoId}`;
  const lockKey = (chatKey: string, memberId: string, scope: SeedScope) =>
    `${chatKey}/${scope === "me" ? memberId : "everyone"}`;
  const settingsOf = async (chatKey: string) => (await settings.get(chatKey)) ?? NOTHING_SET;

  return {
    settings: settingsOf,
    async configure(chatKey, changed, nowMs) {
      const days = { before: (await settingsOf(chatKey)).retention_days ?? 0, after: changed.retention_days ?? 0 };
      const grace = graceAfter(days, await graces.get(chatKey), nowMs);
      // Before the rule itself: a kill between the two must not leave the rule without its grace.
      if (grace) await graces.set(chatKey, grace);
      await settings.set(chatKey, chatSettingsSchema.parse(changed));
      if (!grace) await graces.delete(chatKey);
    },
    async retention(nowMs) {
      const found = await Promise.all(
        (await settings.entries()).map(async ([settingsKey, { retention_days }]) => ({
          settingsKey,
          days: daysKept(retention_days ?? 0, await graces.get(settingsKey), nowMs),
        })),
      );
      return found.filter(({ days }) => days > 0);
    },
    async seedLock(chatKey, accountIds) {
      for (const memberId of accountIds) {
        const own = await locks.get(lockKey(chatKey, memberId, "me"));
        if (own) return own;
      }
      return locks.get(lockKey(chatKey, "", "everyone"));
    },
    lockSeed: (chatKey, lock) => locks.set(lockKey(chatKey, lock.byMemberId, lock.scope), lock),
    language: (key) => languages.get(key),
    async speak(key, language) {
      if (language === undefined) await languages.delete(key);
      else await languages.set(key, language);
    },
    brand: async (settingsKey) => (await brands.get(settingsKey)) ?? NO_BRAND,
    async setBrand(settingsKey, brand) {
      if (Object.keys(brand).length === 0) await brands.delete(settingsKey);
      else await brands.set(settingsKey, brandSchema.parse(brand));
    },
    logos: async () =>
      (await logos.entries()).map(([key, { sinceMs }]) => {
        const slash = key.lastIndexOf("/");
        return { settingsKey: key.slice(0, slash), logoId: key.slice(slash + 1), sinceMs };
      }),
    noteLogo: ({ settingsKey, logoId, sinceMs }) => logos.set(logoKey(settingsKey, logoId), { sinceMs }),
    async forgetLogo({ settingsKey, logoId }) {
      await logos.delete(logoKey(settingsKey, logoId));
    },
    approval: (settingsKey) => approvals.get(settingsKey),
    approve: (settingsKey, approval) => approvals.set(settingsKey, approval),
    disapprove: (settingsKey) => approvals.delete(settingsKey),
    moves: (from, to) => [
      { namespace: APPROVALS, from, to, prefix: false },
      { namespace: GRACES, from, to, prefix: false },
      { namespace: LANGUAGES, from: `heard/${from}`, to: `heard/${to}`, prefix: false },
      { namespace: SETTINGS, from, to, prefix: false },
      { namespace: BRANDS, from, to, prefix: false },
      { namespace: LOCKS, from: `${from}/`, to: `${to}/`, prefix: true },
      { namespace: LOGOS, from: `${from}/`, to: `${to}/`, prefix: true },
    ],
    unlockSeed: (chatKey, memberId, scope) => locks.delete(lockKey(chatKey, memberId, scope)),
  };
}
