import type { Person } from "../domain/block.ts";
import type { FrontHearer, Fronts } from "../ports/fronts.ts";

/** Of one process that has the log for itself. */
export function frontsHere(): Fronts {
  const hearers = new Set<FrontHearer>();
  const here = new Map<string, readonly Person[]>();
  return {
    async say(word) {
      for (const hearer of [...hearers]) hearer.said(word);
    },
    hear(hearer) {
      hearers.add(hearer);
      return () => void hearers.delete(hearer);
    },
    async attend(group, members) {
      if (members.length === 0) here.delete(group);
      else here.set(group, members);
      for (const hearer of [...hearers]) hearer.presence(group);
    },
    present: async (group) => here.get(group) ?? [],
  };
}
