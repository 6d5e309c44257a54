import { isSubject, type Press, stagesOf } from "./presses.ts";

const OUTSTANDING = 12;
const REPEATED = 0.3;

/** Who presses what and when: a press is delivered again, to each new process, until it is confirmed. */
export function createPressing(updates: number, isMade: (subject: number) => boolean, chance: () => number) {
  const subjects = Array.from({ length: updates }, (_, update) => update).filter(isSubject);
  const confirmed = new Set<string>();
  let delivered = new Set<string>();
  const byId = new Map(subjects.flatMap((subject) => stagesOf(subject).flat()).map((press) => [press.id, press]));
  /** Delivered once more though they were confirmed: the confirmation came too late. */
  let repeats: Press[] = [];
  const left = new Map(subjects.map((subject) => [subject, stagesOf(subject)]));
  /** Those of its first stage that is not all confirmed. */
  function open(subject: number): readonly Press[] {
    const stages = (left.get(subject) ?? []).filter((stage) => stage.some(({ id }) => !confirmed.has(id)));
    if (stages.length === 0) left.delete(subject);
    else left.set(subject, stages);
    return (stages[0] ?? []).filter(({ id }) => !confirmed.has(id));
  }
  return {
    subjects: subjects as readonly number[],
    /** Another process. */
    forget() {
      delivered = new Set();
    },
    confirmed(id: string) {
      const press = byId.get(id);
      if (press && !confirmed.has(id) && chance() < REPEATED) repeats.push(press);
      confirmed.add(id);
      delivered.delete(id);
    },
    /** To be delivered now. */
    due(): readonly Press[] {
      const found = repeats;
      repeats = [];
      for (const subject of [...left.keys()].filter(isMade))
        for (const press of open(subject)) {
          if (delivered.size >= OUTSTANDING) return found;
          if (delivered.has(press.id)) continue;
          delivered.add(press.id);
          found.push(press);
        }
      return found;
    },
  };
}
