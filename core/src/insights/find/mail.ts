/** Findings in mails: hours, versions, domains, complaints, and what campaigns brought. Pure. */
import { bars, roughly, type Finding, type Looked, type Say } from '../finding.ts';
import type { Answered, CampaignMails, DomainFacts, HalvesOfVersion } from '../mail.store.ts';
import { compareShares, compareWithShare } from '../tests.ts';
import { chance } from './orders.ts';

/** Mails below which nothing is said of a group. */
const ENOUGH = 100;
/** What mailbox providers hold against a sender (Google's and Yahoo's rules for bulk senders: stay below 0.1 %). */
const MOST_COMPLAINTS = 0.001;

const hour = (name: string): string => `${name.padStart(2, '0')}:00`;

export function hourFindings(hours: readonly Answered[], say: Say): Looked[] {
  const all = { hits: total(hours, (one) => one.clicked), of: total(hours, (one) => one.sent) };
  return hours
    .filter((one) => one.sent >= ENOUGH)
    .map((one) => {
      const rest = { hits: all.hits - one.clicked, of: all.of - one.sent };
      if (rest.of < ENOUGH) return { pValue: 1, finding: null };
      const { difference, pValue } = compareShares(rest, { hits: one.clicked, of: one.sent });
      return {
        pValue,
        finding: {
          kind: difference > 0 ? ('hour_works' as const) : ('hour_fails' as const),
          subject: one.name,
          news: roughly(difference * 100),
          size: null,
          sizeOf: null,
          pValue,
          title: `Mails that leave at ${hour(one.name)} are clicked by ${say.share(one.clicked / one.sent)}; at other hours by ${say.share(rest.hits / rest.of)}.`,
          because: `${say.count(one.sent)} mails at that hour of the reader’s clock; by chance ${chance(pValue)}.`,
          action: { label: 'Set when mails may leave', url: '/settings' },
          picture: bars('Clicked, by hour of the reader', hours.map((other) => ({ label: hour(other.name), value: other.clicked / Math.max(1, other.sent), words: say.share(other.clicked / Math.max(1, other.sent)), marked: other === one }))), // prettier-ignore
        },
      };
    });
}

/** Mails at the hour that was picked for each person against those at a random one. */
export function pickingFindings(sources: readonly Answered[], say: Say): Looked[] {
  const picked = sources.find((one) => one.name === 'preference');
  const random = sources.find((one) => one.name === 'random');
  if (!picked || !random || picked.sent < ENOUGH || random.sent < ENOUGH) return [];
  const { difference, pValue } = compareShares(
    { hits: random.clicked, of: random.sent },
    { hits: picked.clicked, of: picked.sent },
  );
  if (difference <= 0) return [{ pValue, finding: null }];
  return [
    {
      pValue,
      finding: {
        kind: 'picking_hours_pays',
        subject: '',
        news: roughly(difference * 100),
        size: null,
        sizeOf: null,
        pValue,
        title: `Each person’s own hour pays: ${say.share(picked.clicked / picked.sent)} click, at a random hour ${say.share(random.clicked / random.sent)}.`,
        because: `Who gets a random hour is drawn, so the hour did it; by chance ${chance(pValue)}.`,
        action: { label: 'Send fewer at random hours', url: '/settings' },
        picture: bars('Clicked', [
          { label: 'Own hour', value: picked.clicked / picked.sent, words: say.share(picked.clicked / picked.sent), marked: true },
          { label: 'Random hour', value: random.clicked / random.sent, words: say.share(random.clicked / random.sent) },
        ]), // prettier-ignore
      },
    },
  ];
}

/** The newest campaign against the ones before: clicks and people lost. */
export function campaignMailFindings(campaigns: readonly CampaignMails[], say: Say): Looked[] {
  const [newest, ...others] = campaigns;
  const sent = total(others, (one) => one.sent);
  if (!newest || newest.sent < ENOUGH || sent < ENOUGH) return [];
  const look = (
    what: string,
    of: (one: CampaignMails) => number,
    kinds: { up: Finding['kind']; down: Finding['kind'] | null },
  ): Looked => {
    const before = { hits: total(others, of), of: sent };
    const { difference, pValue } = compareShares(before, { hits: of(newest), of: newest.sent });
    const kind = difference > 0 ? kinds.up : kinds.down;
    if (kind === null || difference === 0) return { pValue, finding: null };
    return {
      pValue,
      finding: {
        kind,
        subject: newest.id,
        news: roughly(difference * 100),
        size: null,
        sizeOf: null,
        pValue,
        title: `${say.share(of(newest) / newest.sent)} ${what} on “${newest.name}”; before it was ${say.share(before.hits / before.of)}.`,
        because: `${say.count(newest.sent)} mails against ${say.count(sent)} of ${String(others.length)} campaigns; by chance ${chance(pValue)}.`,
        action: { label: 'Look at the campaign', url: `/campaigns/${newest.id}` },
        picture: bars(`Share that ${what}`, [...campaigns].reverse().map((one) => ({ label: one.name, value: of(one) / Math.max(1, one.sent), words: say.share(of(one) / Math.max(1, one.sent)), marked: one === newest }))), // prettier-ignore
      },
    };
  };
  return [
    look('clicked', (one) => one.clicked, { up: 'clicks_up', down: 'clicks_down' }),
    look('unsubscribed or complained', (one) => one.left, { up: 'unsubscribes_up', down: null }),
  ];
}

/** A version whose second half is clicked less than its first. */
export function tiringFindings(versions: readonly HalvesOfVersion[], say: Say): Looked[] {
  return versions
    .filter((one) => one.first.sent >= ENOUGH && one.second.sent >= ENOUGH)
    .map((one) => {
      const [first, second] = [one.first, one.second];
      const { difference, pValue } = compareShares(
        { hits: first.clicked, of: first.sent },
        { hits: second.clicked, of: second.sent },
      );
      if (difference >= 0) return { pValue, finding: null };
      return {
        pValue,
        finding: {
          kind: 'version_tires' as const,
          subject: `${one.campaignId} ${one.key}`,
          news: roughly(difference * 100),
          size: null,
          sizeOf: null,
          pValue,
          title: `Version ${one.key.toUpperCase()} of “${one.campaign}” tires: clicked by ${say.share(first.clicked / first.sent)} at first, by ${say.share(second.clicked / second.sent)} later.`,
          because: `${say.count(first.sent)} and ${say.count(second.sent)} mails; by chance ${chance(pValue)}.`,
          action: { label: 'Look at its words', url: `/campaigns/${one.campaignId}` },
          picture: bars('Clicked', [
            { label: 'First half', value: first.clicked / first.sent, words: say.share(first.clicked / first.sent) },
            { label: 'Second half', value: second.clicked / second.sent, words: say.share(second.clicked / second.sent), marked: true },
          ]), // prettier-ignore
        },
      };
    });
}

/** Domains that send more back than the others, and complaints against what providers bear. */
export function domainFindings(domains: readonly DomainFacts[], say: Say): Looked[] {
  const all = { hits: total(domains, (one) => one.bounced), of: total(domains, (one) => one.sent) };
  const looks = domains.map((one): Looked => {
    const rest = { hits: all.hits - one.bounced, of: all.of - one.sent };
    if (rest.of < ENOUGH) return { pValue: 1, finding: null };
    const { difference, pValue } = compareShares(rest, { hits: one.bounced, of: one.sent });
    if (difference <= 0) return { pValue, finding: null };
    return {
      pValue,
      finding: {
        kind: 'domain_bounces',
        subject: one.domain,
        news: roughly(difference * 100),
        size: null,
        sizeOf: null,
        pValue,
        title: `${one.domain} sends back ${say.share(one.bounced / one.sent)} of your mails; the others ${say.share(rest.hits / rest.of)}.`,
        because: `${say.count(one.bounced)} of ${say.count(one.sent)} mails; by chance ${chance(pValue)}.`,
        action: { label: 'Check who you mail as', url: '/settings' },
        picture: bars('Sent back', domains.map((other) => ({ label: other.domain, value: other.bounced / other.sent, words: say.share(other.bounced / other.sent), marked: other === one }))), // prettier-ignore
      },
    };
  });
  const complaints = { hits: total(domains, (one) => one.complained), of: all.of };
  if (complaints.of < ENOUGH) return looks;
  const { difference, pValue } = compareWithShare(complaints, MOST_COMPLAINTS);
  const share = complaints.hits / complaints.of;
  return [
    ...looks,
    {
      pValue,
      finding:
        difference <= 0
          ? null
          : {
              kind: 'complaints_high',
              subject: '',
              news: roughly(share * 10_000),
              size: null,
              sizeOf: null,
              pValue,
              title: `${say.share(share)} of those who were mailed reported it as spam; providers bear ${say.share(MOST_COMPLAINTS)}.`,
              because: `${say.count(complaints.hits)} of ${say.count(complaints.of)} mails. Above it, mails of all your campaigns land in the spam folder.`,
              action: { label: 'Mail fewer people, less often', url: '/settings' },
              picture: bars('Reported as spam', domains.map((one) => ({ label: one.domain, value: one.complained / one.sent, words: say.share(one.complained / one.sent), marked: one.complained / one.sent > MOST_COMPLAINTS }))), // prettier-ignore
            },
    },
  ];
}

export function machineFindings(opened: { human: number; machine: number }, say: Say): Finding[] {
  const all = opened.human + opened.machine;
  if (opened.machine === 0 || all < ENOUGH) return [];
  const share = opened.machine / all;
  return [
    {
      kind: 'machines_open',
      subject: '',
      news: roughly(share * 100),
      size: null,
      sizeOf: null,
      pValue: null,
      title: `${say.share(share)} of opened mails were opened by machines.`,
      because:
        'Privacy proxies and link scanners open mails that nobody reads. They are counted apart here; other tools count them as readers.',
      action: { label: 'Judge campaigns by orders', url: '/campaigns' },
      picture: bars('Mails opened', [
        { label: 'By machines', value: opened.machine, words: say.count(opened.machine), marked: true },
        { label: 'By people', value: opened.human, words: say.count(opened.human) },
      ]),
    },
  ];
}

function total<Row>(rows: readonly Row[], of: (row: Row) => number): number {
  return rows.reduce((sum, row) => sum + of(row), 0);
}
