/**
 * Looks at a store's sending domain and writes down what that means for its mails. The job does it by itself (every six
 * hours, every few minutes while something is missing), a person by a button.
 */
import { loadStore, type Store } from '../accounts/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import type { Engine } from '../engine.ts';
import { fail } from '../errors.ts';
import type { Dns } from '../ports.ts';
import { domainOf } from './alignment.ts';
import {
  claimDomain,
  lookDue,
  ownerOf,
  readCheck,
  releaseOthers,
  saveCheck,
  type DomainCheck,
} from './domain.store.ts';
import { lookAt } from './look.ts';
import type { DomainReport } from './report.ts';

const MINUTE = 60_000;
/** Records that stand do not go away by themselves. */
const WELL_MS = 6 * 60 * MINUTE;
/** Whoever sets records waits for them: DNS takes minutes. */
const UNWELL_MS = 5 * MINUTE;
/** After a day a missing record is no longer being set just now. */
const LONG_UNWELL_MS = 60 * MINUTE;
const DAY_MS = 24 * 60 * MINUTE;

/** Looks now. Does nothing where no mail leaves the machine (`engine.dns` is null). */
export async function checkDomain(engine: Engine, storeId: string): Promise<DomainCheck | undefined> {
  if (engine.dns === null) return undefined;
  const store = await engine.database.inStore(storeId, loadStore);
  const { report, owned } = await reportOf(engine, store);
  return engine.database.inStore(storeId, (tx) => keep(engine, tx, { store, report, owned }));
}

/** The same, where a look is due. False: none was. */
export async function checkDueDomain(engine: Engine, storeId: string): Promise<boolean> {
  if (!(await domainCheckDue(engine, storeId))) return false;
  await checkDomain(engine, storeId);
  return true;
}

export async function domainCheckDue(engine: Engine, storeId: string): Promise<boolean> {
  if (engine.dns === null) return false;
  return engine.database.inStore(storeId, (tx) => lookDue(tx, engine.clock.now()));
}

/** Makes the domain known to the provider, and looks. Throws `wrong_state`, `provider_refused`, `provider_unavailable`. */
export async function addDomain(engine: Engine, storeId: string): Promise<void> {
  const { sender } = await engine.database.inStore(storeId, loadStore);
  const domain = domainOf(sender.email);
  const { domains } = engine.email;
  if (engine.dns === null || domain === undefined || !domains.add)
    throw fail('wrong_state', 'There is no domain to add here.');
  await domains.add(domain);
  await checkDomain(engine, storeId);
}

interface Looked {
  report: DomainReport;
  /** The domain is this organisation's already */
  owned: boolean;
}

async function reportOf(engine: Engine, store: Store): Promise<Looked> {
  const domain = domainOf(store.sender.email);
  const provider = engine.email.name;
  if (engine.dns === null || domain === undefined)
    return { report: { domain: '', provider, state: 'fails', blocker: 'no_sender', rows: [] }, owned: false };
  const owner = await engine.database.inDirectory((tx) => ownerOf(tx, domain));
  if (owner && owner.organisationId !== store.organisationId) return { report: taken(domain, provider), owned: false };
  return { report: await lookTwice(engine, engine.dns, domain, store.id), owned: owner !== undefined };
}

function taken(domain: string, provider: string): DomainReport {
  return { domain, provider, state: 'fails', blocker: 'taken', rows: [] };
}

async function lookTwice(engine: Engine, dns: Dns, domain: string, storeId: string): Promise<DomainReport> {
  const report = await lookAt(dns, engine.email, domain);
  if (report.blocker !== 'not_verified' || !engine.email.domains.verify) return report;
  // The records stand: the provider need only look. What it says to that comes out at the second look.
  await engine.email.domains.verify(domain).catch((error: unknown) => {
    engine.log.warn({ storeId, err: error }, 'the e-mail provider did not look at a sending domain');
  });
  return lookAt(dns, engine.email, domain);
}

async function keep(engine: Engine, tx: StoreTransaction, looked: Looked & { store: Store }): Promise<DomainCheck> {
  const { store } = looked;
  const now = engine.clock.now();
  const before = await readCheck(tx);
  let { report } = looked;
  if (report.state === 'passes') {
    // Somebody else was quicker since we asked.
    if (!(await claimDomain(tx, report.domain, now)) && !looked.owned) report = taken(report.domain, report.provider);
    else await releaseOthers(tx, report.domain);
  }
  const same = before?.domain === report.domain && before.provider === report.provider;
  const check = judge(same ? before : undefined, report, now);
  await saveCheck(tx, check);
  if (same && before.holds !== check.holds)
    engine.log.warn(
      { storeId: store.id, provider: report.provider, state: report.state },
      check.holds ? 'mails are held back: their sending domain does not pass' : 'the sending domain passes again',
    );
  return check;
}

/** What a look means, given the one before it. Pure. */
export function judge(before: DomainCheck | undefined, report: DomainReport, now: Date): DomainCheck {
  const passedAt = report.state === 'passes' ? now : (before?.passedAt ?? null);
  const sincePassed = passedAt === null ? Infinity : now.getTime() - passedAt.getTime();
  return {
    domain: report.domain,
    provider: report.provider,
    state: report.state,
    // A resolver that is away for an hour has taken no record away.
    holds: report.state === 'fails' || (report.state === 'silent' && ((before?.holds ?? true) || sincePassed > DAY_MS)),
    report,
    checkedAt: now,
    passedAt,
    nextCheckAt: new Date(now.getTime() + waitOf(report, before, now)),
  };
}

function waitOf(report: DomainReport, before: DomainCheck | undefined, now: Date): number {
  if (report.state === 'passes') return WELL_MS;
  const passedAt = before?.passedAt ?? null;
  const long = passedAt !== null && now.getTime() - passedAt.getTime() > DAY_MS;
  return long || report.blocker === 'no_sender' || report.blocker === 'mailbox_domain' ? LONG_UNWELL_MS : UNWELL_MS;
}
