/** What happens next in virtual time: entries in the order of their instants, and of their making where those are equal. */
export interface Agenda {
  add(at: number, run: () => Promise<unknown>): void;
  /** Takes out what comes next; undefined: nothing does. */
  next(): { at: number; run: () => Promise<unknown> } | undefined;
}

interface Entry {
  at: number;
  order: number;
  run: () => Promise<unknown>;
}

export function openAgenda(): Agenda {
  const entries: Entry[] = [];
  let count = 0;
  return {
    add(at, run) {
      const entry = { at, order: count++, run };
      // A store has some fifty entries at a time: a plain list is fast enough.
      const place = entries.findLastIndex((one) => one.at < at || (one.at === at && one.order < entry.order)) + 1;
      entries.splice(place, 0, entry);
    },
    next: () => entries.shift(),
  };
}
