import type { Forgetting } from "../../ports/forgetting.ts";
import type { Engine } from "../../ports/sql.ts";
import type { Changes } from "../key-values.ts";
import type { Transactions } from "../transaction.ts";
import { recordsOf } from "./export.ts";
import { forgettableFiles, heldOf } from "./held.ts";
import { begin, clearPlan, plans, removePlan } from "./plans.ts";
import { forgetRows, owedMessages } from "./rows.ts";

/** See `Forgetting`. */
export function forgettingOver(
  transactions: Transactions,
  engine: Pick<Engine, "erase">,
  changes: Pick<Changes, "by">,
): Forgetting {
  const { act, look } = transactions;
  return {
    heldOf: (memberId) => look((tx) => heldOf(tx, memberId)),
    recordsOf: (memberId) => look((tx) => recordsOf(tx, memberId)),
    beginForgetting: (input) => act((tx) => begin(tx, input)),
    forgettings: () => look(plans),
    forgettableFiles: (plan) => look((tx) => forgettableFiles(tx, plan)),
    // Whoever remembers small values reads them anew.
    forgetRows: (plan, nowMs) => changes.by(undefined, () => forgetRows(transactions, plan, nowMs)),
    owedMessages: (platform, messageIds) => look((tx) => owedMessages(tx, platform, messageIds)),
    async endForgetting(forgettingId) {
      // Whom it was about goes before what is deleted is made unreadable; after a crash in between, only that is done again.
      await act(async (tx) => clearPlan(tx, forgettingId));
      await engine.erase?.();
      await act(async (tx) => removePlan(tx, forgettingId));
    },
  };
}
