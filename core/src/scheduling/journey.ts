/**
 * Whoever has come to a mail of a journey gets it: one message a person, step and occurrence, at her own hour of the days that
 * follow. The same zones, quiet hours and draws as a campaign's; run again at once it adds nothing.
 */
import type { Store } from '../accounts/index.ts';
import type { Engine } from '../engine.ts';
import { fail } from '../errors.ts';
import { hourName } from '../journeys/index.ts';
import { uuidOf } from '../random.ts';
import { holidaysOf } from './holidays.ts';
import { hoursOf, type HoursOf } from './hours.ts';
import { addStepMails, openRuns, waitingPeople, type Run, type StepMail, type Waiting } from './journey.store.ts';
import { drawsOf, pickMoment } from './moment.ts';
import { loadVariants } from './schedule.store.ts';
import type { Window } from './slot.ts';
import { pickVariant, type VariantWords } from './variant.ts';
import { withOrders } from './whereabouts.store.ts';
import { zoneOf } from './zone.ts';

/** People in one transaction. */
const PAGE = 5000;
const DAY = 86_400_000;

/** Gives how many messages were planned, those that can never go included. */
export async function scheduleJourneys(engine: Engine, store: Store): Promise<number> {
  let planned = 0;
  const holidays = await holidaysOf(store);
  for (const run of await engine.database.inStore(store.id, openRuns)) {
    const now = engine.clock.now();
    const window = journeyWindow(now, run.sendDays);
    const hours = hoursOf<Run>(store, holidays, () => ({ window, name: '' }));
    for (;;) {
      const { found, added } = await engine.database.inStore(store.id, async (tx) => {
        const waiting = await withOrders(tx, await waitingPeople(tx, run.id, PAGE));
        if (waiting.length === 0) return { found: 0, added: 0 };
        const variants = await loadVariants(tx, run.id);
        const mails = waiting.map((person) => mailFor(person, { store, run, variants, hours }));
        return { found: waiting.length, added: await addStepMails(tx, run.id, now, mails) };
      });
      planned += added;
      engine.progress?.({ stage: 'scheduling', done: planned });
      if (found < PAGE) break;
    }
  }
  return planned;
}

/** When a mail that a person came to at `plannedAt` may go. */
export function journeyWindow(plannedAt: Date, sendDays: number): Window {
  return { from: plannedAt, until: new Date(plannedAt.getTime() + sendDays * DAY) };
}

interface Planning {
  store: Store;
  run: Run;
  variants: (VariantWords & { step: string })[];
  hours: HoursOf<Run>;
}

function mailFor(person: Waiting, { store, run, variants, hours }: Planning): StepMail {
  const { customerId, occurrence, step, key } = person;
  const words = pickVariant(
    variants.filter((one) => one.step === step),
    person,
    store.language,
  );
  if (!words)
    throw fail('wrong_state', `The journey ${run.key} is on and its step ${step} has no words; write it first.`);
  const { zone, source: zoneSource } = zoneOf(person, store.timeZone);
  const mail = {
    id: uuidOf('message', store.id, run.id, step, customerId, String(occurrence)),
    customerId,
    occurrence,
    step,
    variantId: words.id,
    timeZone: zone,
    zoneSource,
  };
  const slots = hours(run, zone, person.country);
  if (key === null || slots.length === 0)
    return { ...mail, at: null, reason: key === null ? 'erased' : 'window_passed', hour: null, source: null };
  const draws = drawsOf(store.drawKey, hourName(run.key, step, occurrence), key);
  const { at, hour, source } = pickMoment(slots, person.bestHour, run.randomHourShare, draws);
  return { ...mail, at, reason: null, hour, source };
}
