/** What past mails, campaigns and baskets teach, as a part of scoring. */
import type { StoreTransaction } from '../../database/connect.ts';
import { offerNet, offerUplift } from '../models/index.ts';
import { peopleUplift } from '../../measurement/index.ts';
import type { MathsThread } from '../thread.ts';
import { gatherMails } from './mail.ts';
import {
  addMailScores,
  addWinBackScores,
  anyMail,
  buyingOf,
  FIRST,
  offerCost,
  readBaskets,
  readLapsing,
  readMails,
  readTrial,
  replacePairs,
} from './mails.store.ts';
import { personFeatures } from './people.ts';
import type { Taught } from './teach.ts';

export { pruneMailScores } from './mails.store.ts';
export { lessonRecords, type LessonRecord } from './record.ts';

/** People whose mails are learned from, people of past campaigns, and baskets: more would sharpen what is sharp already. */
const MOST = { people: 20_000, trial: 20_000, baskets: 50_000 };
/** People in one step, so that memory stays flat and nobody waits long. */
const PAGE = 2000;

interface When {
  now: Date;
  zone: string;
}

/** Reads what there is and learns from it. `taught` is null where nobody was ever mailed: then only products are looked at. */
export async function learnFromPast(
  tx: StoreTransaction,
  thread: MathsThread,
  { now, zone }: When,
): Promise<{ taught: Taught; mailed: boolean }> {
  const mailed = await anyMail(tx);
  const options = { after: FIRST, limit: MOST.people, zone, until: now };
  const taught = await thread.teach({
    people: mailed ? gatherMails(await readMails(tx, options)) : [],
    trial: mailed ? await readTrial(tx, now, MOST.trial) : [],
    offerCost: mailed ? await offerCost(tx) : null,
    baskets: await readBaskets(tx, now, MOST.baskets),
    now: now.getTime(),
  });
  return { taught, mailed };
}

/** Rows of mail_scores of everybody who was ever mailed. Gives how many. */
export async function writeMailScores(
  tx: StoreTransaction,
  thread: MathsThread,
  { now, zone, version }: When & { version: number },
): Promise<number> {
  let written = 0;
  for (let after = FIRST; ;) {
    const people = gatherMails(await readMails(tx, { after, limit: PAGE, zone, until: now }));
    const last = people.at(-1);
    if (!last) return written;
    const ids = people.map((one) => one.customerId);
    const buying = new Map((await buyingOf(tx, ids)).map((one) => [one.id, one]));
    const scores = await thread.scoreMailed(
      people.map((one) => {
        const known = buying.get(one.customerId);
        return { ...one, orders: known?.orders ?? 0, lastAt: known?.lastAt };
      }),
      now.getTime(),
    );
    await addMailScores(tx, version, scores);
    written += scores.length;
    after = last.customerId;
  }
}

/** Uplift and the need of an offer of everybody who may be won back, where either is known. */
export async function writeWinBackScores(
  tx: StoreTransaction,
  { lessons, uplift }: Taught,
  version: number,
): Promise<number> {
  const model = 'missing' in uplift ? null : uplift.model;
  const offer = lessons.offer.missing === null ? lessons.offer.model : null;
  if (!model && !offer) return 0;
  let written = 0;
  for (let after = FIRST; ;) {
    const people = await readLapsing(tx, { version, after, limit: PAGE });
    const last = people.at(-1);
    if (!last) return written;
    const features = personFeatures(people);
    const width = features.length / people.length;
    const gains = model ? peopleUplift(model, features) : undefined;
    await addWinBackScores(
      tx,
      version,
      people.map(({ customerId }, i) => {
        const own = features.subarray(i * width, (i + 1) * width);
        return {
          customerId,
          uplift: gains?.[i] ?? null,
          offer: offer ? offerUplift(offer, own) : null,
          // Where people are not known to differ, nobody is said to need it or not.
          offerNet: offer?.advice === 'by_person' ? offerNet(offer, own) : null,
        };
      }),
    );
    written += people.length;
    after = last.customerId;
  }
}

/** Products that go together, as of now. */
export function keepPairs(tx: StoreTransaction, { pairs }: Taught, now: Date): Promise<void> {
  return replacePairs(tx, pairs, now);
}
