/** What a salesperson sees of one person beside the record in the CRM: one question, one answer, every word ready. Reads only. */
import { loadStore, type Store } from '../accounts/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import type { Engine } from '../engine.ts';
import { ANSWER_DAYS, lifeStageName, nextAction, nextActionSentence, reasonSentence } from '../scoring/index.ts';
import { wishSentences } from '../preferences/index.ts';
import { readerOf } from '../writeback/index.ts';
import { readCustomerIn, type CustomerPage } from './customer.ts';
import { dayWords, chanceWords, panelWords, touchSentence, valueWords, type PanelReader } from './panel-words.ts';
import { panel, type Panel } from './panel-shape.ts';
import { customerOfId, panelFacts, touchFacts, type PanelFacts, type TouchFact } from './panel.store.ts';

const TOUCHES = 5;
const DAY = 86_400_000;

/** The panel of the person whom `platform` calls `externalId`. Somebody unknown has one, too: it says so. */
export function readPanel(
  engine: Engine,
  storeId: string,
  who: { platform: string; externalId: string },
): Promise<Panel> {
  return engine.database.inStore(storeId, (tx) => readPanelIn(engine, tx, who));
}

async function readPanelIn(
  engine: Engine,
  tx: StoreTransaction,
  who: { platform: string; externalId: string },
): Promise<Panel> {
  const store = await loadStore(tx);
  const reader: PanelReader = { ...readerOf(store), timeZone: store.timeZone };
  const customerId = await customerOfId(tx, who.platform, who.externalId);
  if (customerId === undefined) return unknown(store, reader);
  const now = engine.clock.now();
  const page = await readCustomerIn(engine, tx, store, customerId);
  const facts = await panelFacts(tx, customerId, now);
  const touches = withReplies(await touchFacts(tx, customerId, TOUCHES), page.replies);
  return panel.parse(panelOf({ store, reader, page, facts, touches, now }));
}

/** Letters of an answer that are shown among the touches; the whole stands on the person's page. */
const EXCERPT = 160;

/** What a person wrote back stands where it belongs in time; that she unsubscribed so says her consent. */
function withReplies(touches: TouchFact[], replies: CustomerPage['replies']): TouchFact[] {
  const written = replies
    .filter(({ kind }) => kind === 'person')
    .map(({ at, text, subject }): TouchFact => ({ at, kind: 'replied', text: excerpt(text || subject), amount: null }));
  return [...written, ...touches].toSorted((one, other) => other.at.getTime() - one.at.getTime()).slice(0, TOUCHES);
}

function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= EXCERPT
    ? line
    : `${line
        .slice(0, EXCERPT - 1)
        .toWellFormed()
        .trimEnd()}…`;
}

interface Material {
  store: Store;
  reader: PanelReader;
  page: CustomerPage;
  facts: PanelFacts;
  touches: TouchFact[];
  now: Date;
}

function panelOf({ store, reader, page, facts, touches, now }: Material): Panel {
  const { language } = reader;
  const words = panelWords(language);
  const { customer, score } = page;
  const scored = score?.state === 'scored' ? score : null;
  const reasons = (score?.reasons ?? []).slice(0, 3).map((one) => reasonSentence(one, language, store.currency));
  const next = nextAction({
    lifeStage: scored?.lifeStage ?? null,
    hasEmail: customer.email !== null,
    hasPhone: facts.phone !== null,
    suppressed: page.consent.suppressed,
    refusal: page.consent.permission.allowed ? null : page.consent.permission.reason,
    replied: page.replies.some(({ kind, at }) => kind === 'person' && at.getTime() > now.getTime() - ANSWER_DAYS * DAY),
    paused: (page.wishes.preference.pausedUntil ?? now) > now,
    planned: facts.planned,
    heldBack: facts.heldBack,
    daysSinceMail: facts.daysSinceMail,
  });
  const chance = scored?.returnChance90 ?? null;
  return {
    ...frame(store, language),
    state: scored ? 'scored' : 'not_enough_data',
    customer: { id: customer.id, name: customer.name },
    headline: chance === null ? words.notScored : chanceWords(chance, language),
    chanceToReturn: chance,
    lifeStage: scored && { code: scored.lifeStage, words: lifeStageName(scored.lifeStage, language) },
    value: scored && valueWords(scored.expectedValue365, scored.valueAtRisk, reader),
    nextOrder: scored?.nextOrderAt
      ? words.next(dayWords(scored.nextOrderAt, reader, now), scored.nextOrderAt < now)
      : null,
    missing: scored ? null : (reasons[0] ?? words.notScored),
    reasons: scored ? reasons : [],
    nextAction: { code: next.code, words: nextActionSentence(next, language) },
    touches: touches.map((touch) => ({
      at: touch.at.toISOString(),
      kind: touch.kind,
      words: touchSentence(touch, reader),
      on: dayWords(touch.at, reader, now),
    })),
    consent: consentOf(page, reader, now),
    heldBack: facts.heldBack ? words.heldBack : null,
    scoredAt: score ? (facts.scoredAt?.toISOString() ?? null) : null,
    scoreVersion: score ? store.scoreVersion : null,
  };
}

function consentOf({ consent, customer, wishes }: CustomerPage, reader: PanelReader, now: Date): Panel['consent'] {
  const words = panelWords(reader.language);
  const no = (sentence: string): Panel['consent'] => ({ mayMail: false, words: sentence, until: null });
  if (customer.email === null) return no(words.noEmail);
  if (consent.suppressed !== null) return no(words.noes[consent.suppressed] ?? words.no);
  if (!consent.permission.allowed) return no(words.noes[consent.permission.reason] ?? words.no);
  const until = consent.clock.basis === null ? null : consent.clock.expiresAt;
  const allowed = until === null ? words.mayMail : words.mayMailUntil(dayWords(until, reader, now));
  return {
    mayMail: true,
    words: [allowed, ...wishSentences(wishes.preference, wishes.topics, reader, now)].join(' '),
    until: until?.toISOString().slice(0, 10) ?? null,
  };
}

function frame(store: Store, language: string): Pick<Panel, 'store'> {
  return { store: { name: store.name, simulated: store.simulated, language } };
}

function unknown(store: Store, { language }: PanelReader): Panel {
  const words = panelWords(language);
  const next = nextAction({
    lifeStage: null,
    hasEmail: false,
    hasPhone: false,
    suppressed: null,
    refusal: null,
    replied: false,
    paused: false,
    planned: false,
    heldBack: false,
    daysSinceMail: null,
  });
  return {
    ...frame(store, language),
    state: 'unknown',
    customer: null,
    headline: words.unknown,
    chanceToReturn: null,
    lifeStage: null,
    value: null,
    nextOrder: null,
    missing: null,
    reasons: [],
    nextAction: { code: next.code, words: nextActionSentence(next, language) },
    touches: [],
    consent: { mayMail: false, words: words.no, until: null },
    heldBack: null,
    scoredAt: null,
    scoreVersion: null,
  };
}
