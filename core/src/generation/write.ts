/**
 * Stage: writes the mails of each campaign and journey in draft, one a step, variant and language, and lays them before a person. A writer is
 * asked with nobody's name in hand, and trusted with nothing: what it writes passes the guard or is not used.
 */
import { loadStore, type Store } from '../accounts/index.ts';
import {
  listCampaigns,
  lockCampaign,
  moveCampaign,
  VARIANT_KEYS,
  withoutOffer,
  type Campaign,
  type VariantKey,
} from '../campaigns/index.ts';
import type { Engine, StageReport } from '../engine.ts';
import { RekindleError } from '../errors.ts';
import { findJourney, mailSteps } from '../journeys/index.ts';
import type { Brief, Draft } from '../ports.ts';
import { briefFor, goodsFor, type SoldProduct } from './brief.ts';
import {
  bestSellers,
  languagesOfStore,
  languagesOfTreated,
  nextBest,
  saveVariants,
  type NewVariant,
} from './generation.store.ts';
import { guardDrafts } from './guard.ts';
import { layoutHtml, layoutText, type MailContent } from './layout.ts';
import { playbookWriter, writeFromPlaybook } from './playbook/writer.ts';
import { renderPlan } from './render.ts';
import { dayLabel } from './words.ts';

/** Best sellers looked at: some of them are no goods, or may not be named. */
const CANDIDATES = 40;

interface Task {
  store: Store;
  campaign: Campaign;
  products: SoldProduct[];
  brief: Brief;
  /** The journey's step; '' for a campaign's one mail */
  step: string;
  /** Which versions its drafts become, in order */
  keys: readonly VariantKey[];
}

/** Report: campaigns written, variants, and how many languages the built-in writer had to take over. */
export async function writeCampaigns(engine: Engine, storeId: string): Promise<StageReport> {
  const drafts = await engine.database.inStore(storeId, (tx) => listCampaigns(tx, 'draft'));
  const report = { campaigns: 0, variants: 0, takenOver: 0 };
  for (const campaign of drafts) {
    const tasks = await prepare(engine, storeId, campaign);
    const variants: NewVariant[] = [];
    for (const task of tasks) {
      const { drafts: words, writer } = await write(engine, task);
      if (writer !== engine.writer.name) report.takenOver++;
      for (const [i, draft] of words.entries())
        variants.push(await compose(task, { draft, key: task.keys[i] ?? 'a', writer }));
    }
    if (await lay(engine, storeId, { campaign, variants })) {
      report.campaigns++;
      report.variants += variants.length;
    }
  }
  return report;
}

function prepare(engine: Engine, storeId: string, campaign: Campaign): Promise<Task[]> {
  return engine.database.inStore(storeId, async (tx) => {
    const store = await loadStore(tx);
    // What goes with what these people own, then what sells best to anybody.
    const products = goodsFor([
      ...(await nextBest(tx, campaign.id, CANDIDATES)),
      ...(await bestSellers(tx, campaign.plannedAt, CANDIDATES)),
    ]);
    if (campaign.journeyId !== null) {
      const journey = await findJourney(tx, campaign.journeyId);
      const languages = await languagesOfStore(tx, store.language);
      return mailSteps(journey?.definition ?? { steps: [] }).flatMap(({ key: step, goal }) =>
        languages.map((language): Task => {
          const brief = briefFor(store, { goal, offer: null }, { language, products });
          return { store, campaign, products, step, brief, keys: VARIANT_KEYS };
        }),
      );
    }
    const languages = await languagesOfTreated(tx, campaign.id, store.language);
    return languages.flatMap((language): Task[] => {
      const brief = briefFor(store, campaign.plan, { language, products });
      const common = { store, campaign, products, step: '' };
      if (!withoutOffer(campaign.plan.offerDeal, campaign.plan.offerTest))
        return [{ ...common, brief, keys: VARIANT_KEYS }];
      // The same mail with the offer and without: what differs between two groups that were drawn is the offer's doing.
      const one = { ...brief, variants: 1 };
      return [
        { ...common, brief: one, keys: ['a'] },
        { ...common, brief: { ...one, offer: undefined }, keys: ['b'] },
      ];
    });
  });
}

/** Asks the writer; where it is away or writes what may not go out, the built-in one takes over. */
async function write(engine: Engine, { brief, campaign }: Task): Promise<{ drafts: Draft[]; writer: string }> {
  const reasons: string[] = [];
  try {
    const guarded = guardDrafts(await engine.writer.write(brief), brief);
    if (guarded.ok) return { drafts: guarded.drafts, writer: engine.writer.name };
    reasons.push(...guarded.reasons);
  } catch (error) {
    if (!(error instanceof RekindleError) || !error.code.startsWith('writer_')) throw error;
    reasons.push(error.code);
  }
  engine.log.warn(
    { campaignId: campaign.id, language: brief.language, writer: engine.writer.name, reasons },
    'the writer gave nothing that may go out: the built-in mails are used',
  );
  return { drafts: writeFromPlaybook(brief), writer: playbookWriter.name };
}

async function compose(task: Task, words: { draft: Draft; key: string; writer: string }): Promise<NewVariant> {
  const { store, products, brief } = task;
  const { draft, key, writer } = words;
  const content: MailContent = {
    language: brief.language,
    draft,
    products,
    offer: brief.offer && {
      label: brief.offer.label,
      code: brief.offer.code,
      until: dayLabel(brief.offer.until, brief.language),
    },
    store: {
      name: brief.store.name,
      postalAddress: store.sender.postalAddress,
      contact: store.sender.replyTo || store.sender.email,
    },
  };
  const html = await layoutHtml(content);
  const text = layoutText(content);
  const { subject, preheader } = draft;
  // What cannot be compiled must not wait for a person's yes to be found out.
  renderPlan({ subject, html, text });
  return {
    step: task.step,
    key,
    language: brief.language,
    subject,
    preheader,
    content: { draft, products, offered: brief.offer !== undefined },
    html,
    text,
    writer,
  };
}

/** Stores the variants and asks for approval, unless somebody cancelled the campaign meanwhile. */
function lay(engine: Engine, storeId: string, work: { campaign: Campaign; variants: NewVariant[] }): Promise<boolean> {
  return engine.database.inStore(storeId, async (tx) => {
    const campaign = await lockCampaign(tx, work.campaign.id);
    if (campaign.state !== 'draft' || work.variants.length === 0) return false;
    await saveVariants(tx, campaign.id, work.variants, engine.clock.now());
    await moveCampaign(tx, campaign, 'awaiting_approval');
    return true;
  });
}
