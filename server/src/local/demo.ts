/**
 * The demo store of `npm start`. At the first start its people live through a whole campaign that ends today; from then on
 * the same people are there again at every start, know the mails they got, and go on living by the wall clock.
 */
import { forgetStore, type Config, type Database, type Progress } from '@rekindle/core';
import { startCsvFake } from '@rekindle/connector-csv/fake';
import { startSendGridFake, type SendGridFake } from '@rekindle/connector-sendgrid/fake';
import { letPeopleAct } from '../demo/people.ts';
import { simulatedSource, SIMULATED_STORE } from '../demo/open-store.ts';
import { PAST_DAYS, runSimulated, simulatedWorld } from '../demo/simulated.ts';
import { isPlayed, moveShop, readMails, readOpening } from './demo.store.ts';

const SEED = '1';
/** Enough that what a mail does can be told from chance. */
const PEOPLE = 14_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MEASURE_DAYS = 60;
/** Milliseconds between two looks at what people do. */
const LIFE_BEAT = 5000;

export interface DemoOptions {
  database: Database;
  /** With the rights to delete a half-played demo */
  ownerUrl: string;
  config: Config;
  /** Empty the demo first */
  reset: boolean;
  now: Date;
  /** Called once, when a first start has to play the demo */
  onPlay: () => void;
  progress: Progress;
}

export interface Demo {
  storeId: string;
  /** Takes the place of SendGrid */
  mails: SendGridFake;
  close(): Promise<void>;
}

export async function openDemo(options: DemoOptions): Promise<Demo> {
  const { database } = options;
  if (options.reset || !(await database.inStore(SIMULATED_STORE, isPlayed))) await play(options);
  const opened = await database.inStore(SIMULATED_STORE, readOpening);
  const asOf = new Date((opened?.getTime() ?? options.now.getTime()) + PAST_DAYS * DAY);
  const world = simulatedWorld({ seed: SEED, people: PEOPLE, asOf });
  for (const mail of await database.inStore(SIMULATED_STORE, readMails)) world.receive(mail);
  // What came of those mails is in the database already.
  world.reactions(options.now);
  const shop = await startCsvFake({
    orders: () => world.ordersCsv(new Date()),
    customers: () => world.customersCsv(new Date()),
  });
  await database.inStore(SIMULATED_STORE, (tx) => moveShop(tx, simulatedSource(shop.url)));
  const mails = await startSendGridFake({
    seed: SEED,
    onAccepted: (ids, at) => {
      for (const messageId of ids) world.receive({ messageId, email: mails.mail(messageId)?.to ?? '', at });
    },
  });
  const life = startLife(() => letPeopleAct(world, mails, undefined, new Date()));
  return {
    storeId: SIMULATED_STORE,
    mails,
    async close() {
      await life.stop();
      await shop.close();
      await mails.close();
    },
  };
}

/** Plays the demo anew, whatever an interrupted start left of it. */
async function play(options: DemoOptions): Promise<void> {
  options.onPlay();
  await forgetStore(options.ownerUrl, SIMULATED_STORE);
  const today = Math.floor(options.now.getTime() / HOUR) * HOUR;
  await runSimulated({
    database: options.database,
    config: options.config,
    seed: SEED,
    people: PEOPLE,
    asOf: new Date(today - MEASURE_DAYS * DAY - HOUR),
    measureDays: MEASURE_DAYS,
    journey: true,
    progress: options.progress,
  });
}

/** Calls `beat` again and again, one at a time. */
function startLife(beat: () => Promise<void>): { stop(): Promise<void> } {
  let under: Promise<void> = Promise.resolve();
  // A webhook that our own server did not take is sent again by the next beat's look.
  const timer = setInterval(() => {
    under = under.then(beat).catch(() => undefined);
  }, LIFE_BEAT);
  return {
    stop() {
      clearInterval(timer);
      return under;
    },
  };
}
