/**
 * All that happened in one simulated store, in order, and what must never be found in it. Knows the promise, and nothing of how
 * the product keeps it: wall clocks are read by Intl, sendings are counted at the provider. Pure.
 */
export interface Rules {
  cap: number;
  capDays: number;
  quiet: { from: number; to: number };
  /** Zone of each person */
  zones: Map<string, string>;
  /** Milliseconds between the last look and the request, at most: a lease */
  patience: number;
}

export type Entry =
  /** A request started, with these mails in it. */
  | { what: 'start'; at: number; mails: Mail[] }
  /** The provider took the mails of the last start of this number. */
  | { what: 'taken'; at: number; messageIds: string[] }
  /** Acknowledged: from here on nothing may start. */
  | { what: 'no'; at: number; customerId: string; by: 'herself' | 'provider' }
  | { what: 'yes'; at: number; customerId: string }
  | { what: 'bought'; at: number; customerId: string }
  | { what: 'planned'; at: number; campaignId: string }
  | { what: 'stopped'; at: number; campaignId: string }
  | { what: 'resumed'; at: number; campaignId: string }
  | { what: 'told'; at: number; text: string };

export interface Final {
  id: string;
  customerId: string;
  campaignId: string;
  state: string;
  reason: string | null;
}

export interface Breach {
  invariant: 'once' | 'refusal' | 'stopped' | 'bought' | 'cap' | 'quiet' | 'lost' | 'ledger';
  text: string;
}

const DAY = 86_400_000;

/** Everything that broke a promise. `planned` is how many messages there must be. */
export function findBreaches(
  entries: readonly Entry[],
  finals: readonly Final[],
  planned: number,
  rules: Rules,
): Breach[] {
  const breaches: Breach[] = [];
  const breach = (invariant: Breach['invariant'], at: number, text: string): void => {
    breaches.push({ invariant, text: `${new Date(at).toISOString()} ${text}` });
  };
  const record = openRecord();
  for (const entry of entries) {
    record.note(entry);
    if (entry.what === 'start')
      for (const mail of entry.mails)
        for (const [invariant, text] of wrongWith(mail, entry.at, record, rules))
          breach(invariant, entry.at, `${mail.messageId} of ${mail.customerId} ${text}`);
    if (entry.what === 'taken')
      for (const id of entry.messageIds)
        if ((record.taken.get(id) ?? 0) > 1)
          breach('once', entry.at, `${id} was taken ${String(record.taken.get(id))} times`);
  }
  const { taken } = record;
  const last = entries.at(-1)?.at ?? 0;
  for (const { id, state, reason } of finals) {
    if (!['accepted', 'refused', 'dropped'].includes(state)) breach('lost', last, `${id} ended as ${state}`);
    if ((state === 'accepted') !== taken.has(id))
      breach(
        'ledger',
        last,
        `${id} is ${state} (${reason ?? ''}) and the provider ${taken.has(id) ? 'has' : 'never had'} it`,
      );
  }
  if (finals.length !== planned) breach('lost', last, `${String(finals.length)} messages of ${String(planned)}`);
  return breaches;
}

interface Mail {
  messageId: string;
  customerId: string;
  campaignId: string;
}

/** What was known at a point of the chronicle. */
function openRecord() {
  const refused = new Map<string, { at: number; by: 'herself' | 'provider' }>();
  const bought = new Map<string, number>();
  const planned = new Map<string, number>();
  const stopped = new Set<string>();
  const owners = new Map<string, string>();
  const taken = new Map<string, number>();
  const takenBy = new Map<string, number[]>();
  function note(entry: Entry): void {
    switch (entry.what) {
      case 'no':
        // What she said herself is not weakened by what is heard of her later.
        if (refused.get(entry.customerId)?.by !== 'herself') refused.set(entry.customerId, entry);
        break;
      case 'yes':
        refused.delete(entry.customerId);
        break;
      case 'bought':
        bought.set(entry.customerId, entry.at);
        break;
      case 'planned':
        planned.set(entry.campaignId, entry.at);
        break;
      case 'stopped':
        stopped.add(entry.campaignId);
        break;
      case 'resumed':
        stopped.delete(entry.campaignId);
        break;
      case 'start':
        for (const { messageId, customerId } of entry.mails) owners.set(messageId, customerId);
        break;
      case 'taken':
        for (const id of entry.messageIds) {
          taken.set(id, (taken.get(id) ?? 0) + 1);
          const owner = owners.get(id) ?? '';
          takenBy.set(owner, [...(takenBy.get(owner) ?? []), entry.at]);
        }
        break;
      case 'told':
    }
  }
  return { refused, bought, planned, stopped, taken, takenBy, note };
}

/** What speaks against a mail that starts now. What the provider told and what she bought is asked when a mail is claimed. */
function wrongWith(
  mail: Mail,
  at: number,
  record: ReturnType<typeof openRecord>,
  rules: Rules,
): [Breach['invariant'], string][] {
  const { customerId, campaignId } = mail;
  const wrong: [Breach['invariant'], string][] = [];
  const no = record.refused.get(customerId);
  if (no && (no.by === 'herself' || at > no.at + rules.patience))
    wrong.push(['refusal', `started after a no (${no.by})`]);
  const bought = record.bought.get(customerId) ?? -Infinity;
  if (bought > (record.planned.get(campaignId) ?? Infinity) && at > bought + rules.patience)
    wrong.push(['bought', 'started after she had bought']);
  if (record.stopped.has(campaignId)) wrong.push(['stopped', `started in the stopped ${campaignId}`]);
  const recent = (record.takenBy.get(customerId) ?? []).filter((taken) => taken > at - rules.capDays * DAY).length;
  if (recent >= rules.cap) wrong.push(['cap', `is one more than ${String(rules.cap)}`]);
  const zone = rules.zones.get(customerId) ?? 'UTC';
  if (isQuietAt(zone, at, rules.quiet) && isQuietAt(zone, at - rules.patience, rules.quiet))
    wrong.push(['quiet', `started at ${String(hourAt(zone, at))} o’clock in ${zone}`]);
  return wrong;
}

function isQuietAt(zone: string, at: number, { from, to }: Rules['quiet']): boolean {
  if (from === to) return false;
  const hour = hourAt(zone, at);
  return from < to ? hour >= from && hour < to : hour >= from || hour < to;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function hourAt(zone: string, at: number): number {
  let clock = clocks.get(zone);
  if (!clock)
    clocks.set(zone, (clock = new Intl.DateTimeFormat('en', { timeZone: zone, hour: 'numeric', hourCycle: 'h23' })));
  return Number(clock.format(at));
}

export function lineOf(entry: Entry): string {
  const { at, what, ...rest } = entry;
  return `${new Date(at).toISOString()} ${what} ${JSON.stringify(rest)}`;
}
