/** Work that nobody waits for: done a little at a time between other things, or all of it when somebody asks. */
export interface Later {
  add(work: () => void): void;
  doAll(): void;
}

const AT_ONCE = 4;

export function createLater(): Later {
  const queue: (() => void)[] = [];
  let scheduled = false;
  const some = () => {
    for (const work of queue.splice(0, AT_ONCE)) work();
    scheduled = queue.length > 0;
    if (scheduled) setImmediate(some);
  };
  return {
    add(work) {
      queue.push(work);
      if (scheduled) return;
      scheduled = true;
      setImmediate(some);
    },
    doAll() {
      for (const work of queue.splice(0)) work();
    },
  };
}
