/**
 * Robots and prefetchers told apart from people, by pure rules over everything known of one message. A rule looks at the
 * whole history, never at the order in which it came in: the same events give the same answer in any order.
 *
 * Sources: Apple Mail Privacy Protection fetches every picture at delivery and calls itself "Mozilla/5.0" and no more;
 * link scanners of mail gateways ask with HEAD, open every link at once, or come seconds after delivery.
 */
import { isbot } from 'isbot';
import type { Agent, Fact } from './event.ts';

/** A person needs longer than this from the mail's arrival to look at it. */
const TOO_SOON_MS = 5_000;
/** So many different links within so short a time is a scanner. */
const MANY_LINKS = 3;
const MANY_LINKS_MS = 2_000;

/** Fetches pictures when a person opens the mail (Gmail, Yahoo), but also at other times: nobody can say. */
const IMAGE_PROXY = /GoogleImageProxy|YahooMailProxy/;
/** Programs that people read mail with, which a list of robots knows too. */
const MAIL_PROGRAM = /Outlook|ms-office|Thunderbird|AppleMail|Airmail/i;
/** Apple's proxy, and Office looking whether a link exists. */
const PREFETCHER = /^Mozilla\/5\.0$|Existence Discovery/i;

/** Who opened or clicked, for every open and click among the facts of one message. */
export function tellAgents(facts: readonly Fact[]): Map<number, Agent> {
  const delivered = Math.min(...facts.filter((fact) => fact.kind === 'delivered').map((fact) => fact.at.getTime()));
  const scans = scanTimes(facts);
  const agents = new Map<number, Agent>();
  for (const fact of facts) {
    if (fact.kind !== 'open' && fact.kind !== 'click') continue;
    const at = fact.at.getTime();
    const sinceDelivery = at - delivered;
    const machine =
      fact.detail.machine === true ||
      fact.detail.method === 'HEAD' ||
      (sinceDelivery >= 0 && sinceDelivery < TOO_SOON_MS) ||
      (fact.kind === 'click' && scans.some((scan) => at >= scan.from && at <= scan.to));
    agents.set(fact.id, machine ? 'machine' : agentOf(fact.detail.userAgent));
  }
  return agents;
}

/** What a user agent says of who used it. */
export function agentOf(userAgent: string | undefined): Agent {
  const name = userAgent?.trim() ?? '';
  if (name === '' || IMAGE_PROXY.test(name)) return 'unknown';
  if (PREFETCHER.test(name)) return 'machine';
  if (MAIL_PROGRAM.test(name)) return 'human';
  return isbot(name) ? 'machine' : 'human';
}

/** Spans of time in which so many different links were clicked that nobody read them. */
function scanTimes(facts: readonly Fact[]): { from: number; to: number }[] {
  const clicks = facts
    .filter((fact) => fact.kind === 'click')
    .map((fact) => ({ at: fact.at.getTime(), link: fact.detail.link ?? '' }))
    .toSorted((a, b) => a.at - b.at);
  const spans: { from: number; to: number }[] = [];
  for (const first of clicks) {
    const near = clicks.filter((click) => click.at >= first.at && click.at < first.at + MANY_LINKS_MS);
    const links = new Set(near.map((click) => click.link));
    if (links.size >= MANY_LINKS) spans.push({ from: first.at, to: near.at(-1)?.at ?? first.at });
  }
  return spans;
}
