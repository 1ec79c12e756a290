/**
 * Stage: looks for what a merchant did not know, in everything the other stages left. Every comparison that is made counts in
 * the false-discovery control, also those that show nothing; what holds is ranked by what it is worth, and told once until
 * there is news. Due once a day of the store, after its scoring.
 */
import { loadStore, type Store } from '../accounts/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import type { Engine, StageReport } from '../engine.ts';
import { languageOf, LOCALES, type Language } from '../language.ts';
import { campaignVariants, joinAsSets, latestEffect, storeControlEffect } from '../measurement/index.ts';
import { measuredCampaigns } from './campaigns.store.ts';
import {
  cohortsOf,
  countriesMoving,
  firstProducts,
  ordersBy,
  productsMoving,
  surestPairs,
  weeksOf,
  type Week,
} from './facts.store.ts';
import { effectFindings, programmeFindings, versionFindings, type MeasuredCampaign } from './find/effects.ts';
import { campaignMailFindings, domainFindings, hourFindings, machineFindings, pickingFindings, tiringFindings } from './find/mail.ts'; // prettier-ignore
import { forecastFindings, modelFindings, silenceFindings, type ForecastFacts } from './find/models.ts';
import { movingFindings, pairFindings, timeFindings, weekFindings } from './find/orders.ts';
import { cohortFindings, consentFindings, firstProductFindings, peopleFindings } from './find/people.ts';
import { sayIn, type Finding, type Looked } from './finding.ts';
import { forecastWeeks, NEEDED_WEEKS } from './forecast.ts';
import { keepFindings, keepForecast, type Ranked } from './insights.store.ts';
import { campaignMails, clicksBy, domainsOf, modelFacts, openAgents, versionHalves } from './mail.store.ts';
import { expiringConsents, lastOrders, peopleFacts } from './people.store.ts';
import { FALSE_DISCOVERIES, falseDiscovery } from './tests.ts';
import { orderWords } from './words/orders.ts';

/** Their size is what there is, not what could be won: they come after what has a price. */
const NO_GAIN: ReadonlySet<string> = new Set(['few_carry_much', 'revenue_forecast', 'returning_forecast']);
/** Campaigns whose results are looked at. */
const CAMPAIGNS = 6;

export async function findInsights(engine: Engine, storeId: string): Promise<StageReport> {
  const now = engine.clock.now();
  return engine.database.inStore(storeId, async (tx) => {
    const store = await loadStore(tx);
    const { looked, sure } = await lookEverywhere(tx, store, now);
    const { kept, compared } = control(looked, sure);
    const fresh = await keepFindings(tx, kept, now);
    return { compared, findings: kept.length, news: fresh, scoreVersion: store.scoreVersion };
  });
}

async function lookEverywhere(
  tx: StoreTransaction,
  store: Store,
  now: Date,
): Promise<{ looked: Looked[]; sure: Finding[] }> {
  const say = sayIn(languageOf(store.language), store.currency);
  // Everybody is looked at: a store that has just been filled has no statistics yet that would tell the planner so.
  await joinAsSets(tx);
  const asOf = { now, zone: store.timeZone };
  const weeks = await weeksOf(tx, asOf);
  const orderValue =
    sumOf(weeks, (week) => week.revenue) /
    Math.max(
      1,
      sumOf(weeks, (week) => week.orders),
    );
  const run = await modelFacts(tx, store.scoreVersion);
  const models = run ? modelFindings(run, say) : { looked: [], sure: [] };
  const campaigns = await readCampaigns(tx, now);
  const effects = effectFindings(campaigns, store.currency, say);
  const control = await storeControlEffect(tx, store, now);
  const programme = programmeFindings(control?.revenue ?? null, store.currency, say);
  return {
    looked: [
      ...weekFindings(weeks, say),
      ...timeFindings(await ordersBy(tx, asOf, 'isodow'), await ordersBy(tx, asOf, 'hour'), say),
      ...cohortFindings(await cohortsOf(tx, asOf), orderValue, say),
      ...firstProductFindings(await firstProducts(tx, asOf), orderValue, say),
      ...movingFindings(await productsMoving(tx, asOf), { up: 'product_rising', down: 'product_falling' }, { label: orderWords[say.language].seeMails, url: '/campaigns' }, say),
      ...movingFindings(named(await countriesMoving(tx, asOf), say.language), { up: 'country_growing', down: 'country_falling' }, { label: orderWords[say.language].seeCustomers, url: '/customers' }, say),
      ...hourFindings(await clicksBy(tx, now, 'local_hour'), say),
      ...pickingFindings(await clicksBy(tx, now, 'hour_source'), say),
      ...campaignMailFindings(await campaignMails(tx, now), say),
      ...tiringFindings(await versionHalves(tx, now), say),
      ...domainFindings(await domainsOf(tx, now), say),
      ...effects.looked,
      ...versionFindings(campaigns, orderValue, say),
      ...programme.looked,
      ...models.looked,
      ...silenceFindings(await lastOrders(tx), orderValue, now, say),
    ],
    sure: [
      ...peopleFindings(await peopleFacts(tx, store.scoreVersion, now), say),
      ...consentFindings(await expiringConsents(tx, store.scoreVersion, now), say),
      ...pairFindings(await surestPairs(tx), say),
      ...machineFindings(await openAgents(tx, now), say),
      ...effects.sure,
      ...programme.sure,
      ...models.sure,
      ...forecastFindings(
        {
          revenue: await foretell(tx, 'revenue', weeks, (week) => week.revenue, now),
          returning: await foretell(tx, 'returning', weeks, (week) => week.returning, now),
        },
        orderValue,
        say,
      ),
    ],
  }; // prettier-ignore
}

/** Countries by their names, as readers know them. */
function named<Row extends { id: string; name: string }>(countries: Row[], language: Language): Row[] {
  const names = new Intl.DisplayNames(LOCALES[language], { type: 'region', fallback: 'code' });
  return countries.map((one) => ({ ...one, name: /^[A-Za-z]{2}$/.test(one.id) ? (names.of(one.id.toUpperCase()) ?? one.id) : one.id }));
} // prettier-ignore

async function readCampaigns(tx: StoreTransaction, now: Date): Promise<MeasuredCampaign[]> {
  const found: MeasuredCampaign[] = [];
  for (const { id, name } of await measuredCampaigns(tx, CAMPAIGNS)) {
    const look = await latestEffect(tx, id);
    if (look) found.push({ id, name, revenue: look.revenue, versions: await campaignVariants(tx, id, now) });
  }
  return found;
}

/** A forecast from all whole weeks since the first order, kept; undefined where they are too few. */
async function foretell(
  tx: StoreTransaction,
  metric: 'revenue' | 'returning',
  weeks: readonly Week[],
  of: (week: Week) => number,
  now: Date,
): Promise<ForecastFacts | undefined> {
  // The first week is a part of one.
  const series = weeks.map(of).reverse().slice(1);
  const forecast = series.length < NEEDED_WEEKS ? undefined : forecastWeeks(series);
  if (!forecast) return undefined;
  await keepForecast(tx, metric, forecast, now);
  return { forecast, before: sumOf(weeks.slice(0, 13), of), from: now };
}

/** Benjamini and Hochberg over all comparisons; what holds and what is counted, ranked by worth. Pure. */
export function control(looked: readonly Looked[], sure: readonly Finding[]): { kept: Ranked[]; compared: number } {
  const q = falseDiscovery(looked.map(({ pValue }) => pValue));
  const held = looked.flatMap(({ finding }, i) => {
    const qValue = q[i] ?? 1;
    return finding && qValue <= FALSE_DISCOVERIES ? [{ ...finding, qValue }] : [];
  });
  // What has a price comes first, dearest first and by how surely it is so; then the surest; then what is only counted.
  const worth = (one: Finding & { qValue: number | null }): number =>
    NO_GAIN.has(one.kind) ? 0 : (one.size ?? 0) * (1 - (one.qValue ?? 0));
  const kept = [...held, ...sure.map((finding) => ({ ...finding, qValue: null }))]
    .toSorted((one, other) => worth(other) - worth(one) || (one.qValue ?? 1) - (other.qValue ?? 1) || (one.kind < other.kind ? -1 : 1))
    .map((finding, i) => ({ ...finding, place: i + 1 })); // prettier-ignore
  return { kept, compared: looked.length };
}

function sumOf<Row>(rows: readonly Row[], of: (row: Row) => number): number {
  return rows.reduce((sum, row) => sum + of(row), 0);
}
