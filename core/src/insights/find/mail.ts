/** Findings in mails: hours, versions, domains, complaints, and what campaigns brought. Pure. */
import { bars, roughly, type Finding, type Looked, type Say } from '../finding.ts';
import type { Answered, CampaignMails, DomainFacts, HalvesOfVersion } from '../mail.store.ts';
import { compareShares, compareWithShare } from '../tests.ts';
import { mailWords } from '../words/mail.ts';

/** Mails below which nothing is said of a group. */
const ENOUGH = 100;
/** What mailbox providers hold against a sender (Google's and Yahoo's rules for bulk senders: stay below 0.1 %). */
const MOST_COMPLAINTS = 0.001;

export function hourFindings(hours: readonly Answered[], say: Say): Looked[] {
  const words = mailWords[say.language];
  const all = { hits: total(hours, (one) => one.clicked), of: total(hours, (one) => one.sent) };
  const inOrder = hours.toSorted((one, other) => Number(one.name) - Number(other.name));
  return inOrder
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
          title: words.hour(say.hour(one.name), say.share(one.clicked / one.sent), say.share(rest.hits / rest.of)),
          because: words.hourBecause(say.count(one.sent), say.chance(pValue)),
          action: { label: words.whenMailsLeave, url: '/settings' },
          picture: bars(words.hourUnit, inOrder.map((other) => ({ label: say.hour(other.name), value: other.clicked / Math.max(1, other.sent), words: say.share(other.clicked / Math.max(1, other.sent)), marked: other === one }))), // prettier-ignore
        },
      };
    });
}

/** Mails at the hour that was picked for each person against those at a random one. */
export function pickingFindings(sources: readonly Answered[], say: Say): Looked[] {
  const words = mailWords[say.language];
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
        title: words.picking(say.share(picked.clicked / picked.sent), say.share(random.clicked / random.sent)),
        because: words.pickingBecause(say.chance(pValue)),
        action: { label: words.pickingAction, url: '/settings' },
        picture: bars(words.clickedUnit, [
          { label: words.ownHour, value: picked.clicked / picked.sent, words: say.share(picked.clicked / picked.sent), marked: true },
          { label: words.randomHour, value: random.clicked / random.sent, words: say.share(random.clicked / random.sent) },
        ]), // prettier-ignore
      },
    },
  ];
}

/** The newest campaign against the ones before: clicks and people lost. */
export function campaignMailFindings(campaigns: readonly CampaignMails[], say: Say): Looked[] {
  const words = mailWords[say.language];
  const [newest, ...others] = campaigns;
  const sent = total(others, (one) => one.sent);
  if (!newest || newest.sent < ENOUGH || sent < ENOUGH) return [];
  const look = (
    what: 'clicked' | 'left',
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
        title: words.newest[what](say.share(of(newest) / newest.sent), newest.name, say.share(before.hits / before.of)),
        because: words.newestBecause(say.count(newest.sent), say.count(sent), others.length, say.chance(pValue)),
        action: { label: words.newestAction, url: `/campaigns/${newest.id}` },
        picture: bars(words.newestUnit[what], [...campaigns].reverse().map((one) => ({ label: one.name, value: of(one) / Math.max(1, one.sent), words: say.share(of(one) / Math.max(1, one.sent)), marked: one === newest }))), // prettier-ignore
      },
    };
  };
  return [
    look('clicked', (one) => one.clicked, { up: 'clicks_up', down: 'clicks_down' }),
    look('left', (one) => one.left, { up: 'unsubscribes_up', down: null }),
  ];
}

/** A version whose second half is clicked less than its first. */
export function tiringFindings(versions: readonly HalvesOfVersion[], say: Say): Looked[] {
  const words = mailWords[say.language];
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
          title: words.tires(
            one.key.toUpperCase(),
            one.campaign,
            say.share(first.clicked / first.sent),
            say.share(second.clicked / second.sent),
          ),
          because: words.tiresBecause(say.count(first.sent), say.count(second.sent), say.chance(pValue)),
          action: { label: words.tiresAction, url: `/campaigns/${one.campaignId}` },
          picture: bars(words.clickedUnit, [
            { label: words.firstHalf, value: first.clicked / first.sent, words: say.share(first.clicked / first.sent) },
            { label: words.secondHalf, value: second.clicked / second.sent, words: say.share(second.clicked / second.sent), marked: true },
          ]), // prettier-ignore
        },
      };
    });
}

/** Domains that send more back than the others, and complaints against what providers bear. */
export function domainFindings(domains: readonly DomainFacts[], say: Say): Looked[] {
  const words = mailWords[say.language];
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
        title: words.bounces(one.domain, say.share(one.bounced / one.sent), say.share(rest.hits / rest.of)),
        because: words.bouncesBecause(say.count(one.bounced), say.count(one.sent), say.chance(pValue)),
        action: { label: words.bouncesAction, url: '/settings' },
        picture: bars(words.bouncesUnit, domains.map((other) => ({ label: other.domain, value: other.bounced / other.sent, words: say.share(other.bounced / other.sent), marked: other === one }))), // prettier-ignore
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
              title: words.complaints(say.share(share), say.share(MOST_COMPLAINTS)),
              because: words.complaintsBecause(say.count(complaints.hits), say.count(complaints.of)),
              action: { label: words.complaintsAction, url: '/settings' },
              picture: bars(words.complaintsUnit, domains.map((one) => ({ label: one.domain, value: one.complained / one.sent, words: say.share(one.complained / one.sent), marked: one.complained / one.sent > MOST_COMPLAINTS }))), // prettier-ignore
            },
    },
  ];
}

export function machineFindings(opened: { human: number; machine: number }, say: Say): Finding[] {
  const words = mailWords[say.language];
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
      title: words.machines(say.share(share)),
      because: words.machinesBecause,
      action: { label: words.machinesAction, url: '/campaigns' },
      picture: bars(words.machinesUnit, [
        { label: words.byMachines, value: opened.machine, words: say.count(opened.machine), marked: true },
        { label: words.byPeople, value: opened.human, words: say.count(opened.human) },
      ]),
    },
  ];
}

function total<Row>(rows: readonly Row[], of: (row: Row) => number): number {
  return rows.reduce((sum, row) => sum + of(row), 0);
}
