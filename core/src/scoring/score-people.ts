/**
 * Totals of people in, scores out: the whole mathematics of one scoring, free of text and database. Pure; made once per run
 * from a plan and then called row by row, so that memory stays flat.
 */
import { modelNamed, NEEDED_FOR_RHYTHM, type MethodName } from './choose.ts';
import { LAPSE_SHARE, lifeStage, SLIP_SHARE, type LifeStage } from './life-stage.ts';
import { controlChart, expectedSpend } from './models/index.ts';
import type { Reason } from './reasons.ts';
import { cellOf, usualDays, type StageReturns } from './rhythm.ts';

/** All that scoring a person needs beside that person: plain data, so that it can go to another thread. */
export interface ScoringPlan {
  method: MethodName;
  /** Of the purchase model, weeks; undefined with the rhythm rule */
  model: Float64Array | undefined;
  /** Gamma-Gamma on money; undefined: the own mean, drawn to the store's */
  spend: Float64Array | undefined;
  /** Gamma-Gamma on days between purchases */
  chart: Float64Array | undefined;
  returns: StageReturns | undefined;
  /** Mean value of a purchase day in the store, minor units */
  storeMean: number;
  repeaters: number;
  /** Local day of the scoring, days since 1970-01-01 */
  today: number;
}

export interface PersonTotals {
  purchaseDays: number;
  /** Local days since 1970-01-01 */
  firstDay: number;
  lastDay: number;
  /** Minor units */
  revenue: number;
  repeatRevenue: number;
}

export interface PersonScore {
  state: 'scored' | 'not_enough_data';
  alive: number | undefined;
  return90: number | undefined;
  orders90: number | undefined;
  orders365: number | undefined;
  /** Minor units */
  value90: number | undefined;
  value365: number | undefined;
  atRisk: number | undefined;
  usual: number | undefined;
  silent: number;
  /** Days from today */
  next: { low: number; middle: number; high: number } | undefined;
  stage: LifeStage;
  reasons: Reason[];
}

const WEEKS_90 = 90 / 7;
const WEEKS_365 = 365 / 7;
/** Purchases that the store's mean counts for where no model of spend is sound. */
const PRIOR_PURCHASES = 2;
/** How many reasons a score carries. */
const REASONS = 3;

export function scorer(plan: ScoringPlan): (totals: PersonTotals) => PersonScore {
  const chart = plan.chart ? controlChart(plan.chart) : undefined;
  const model = plan.method === 'rhythm' || !plan.model ? undefined : modelNamed(plan.method);
  const parameters = plan.model ?? new Float64Array(4);
  /** What depends on x and T only, so on a few thousand pairs of whole days: one computation each. */
  const ahead = new Map<number, { orders90: number; orders365: number; return90: number }>();

  function aheadIfAlive(x: number, T: number, key: number): { orders90: number; orders365: number; return90: number } {
    let known = ahead.get(key);
    if (!known && model) {
      known = {
        orders90: model.ordersIfAlive(parameters, x, T, WEEKS_90),
        orders365: model.ordersIfAlive(parameters, x, T, WEEKS_365),
        return90: model.returnIfAlive(parameters, x, T, WEEKS_90),
      };
      ahead.set(key, known);
    }
    return known ?? { orders90: 0, orders365: 0, return90: 0 };
  }

  return (totals) => {
    const x = totals.purchaseDays - 1;
    const silent = Math.max(0, plan.today - totals.lastDay);
    if (!chart) return notEnough(plan, silent, x);
    const span = totals.lastDay - totals.firstDay;
    const mean = x > 0 ? span / x : 0;
    const slip = chart.quantile(x, mean, SLIP_SHARE);
    const lapse = chart.quantile(x, mean, LAPSE_SHARE);
    const usual = usualDays(chart, x, mean);
    const spend = spendOf(plan, totals, x);
    let alive: number | undefined;
    let orders90: number | undefined;
    let orders365: number | undefined;
    let return90: number | undefined;
    let gone: number | undefined;
    let yearIfAlive = 365 / usual;
    // BG/NBD says 1 of every one-time buyer, which is no finding.
    if (model && !(model.name === 'bg-nbd' && x === 0)) {
      const observed = Math.max(0, plan.today - totals.firstDay);
      const after = aheadIfAlive(x, observed / 7, observed * 65_536 + x);
      alive = model.alive(parameters, x, span / 7, observed / 7);
      orders90 = alive * after.orders90;
      orders365 = alive * after.orders365;
      return90 = alive * after.return90;
      gone = 1 - alive;
      yearIfAlive = after.orders365;
    }
    const stage = lifeStage({ days: silent, repeats: x, slip, lapse, alive });
    const known = plan.returns?.[cellOf(stage, x)];
    if (alive === undefined && known) {
      orders90 = (known.pace * 90) / usual;
      orders365 = (known.pace * 365) / usual;
      return90 = known.back;
      gone = known.gone;
      yearIfAlive = orders365 / Math.max(1 - gone, 0.05);
    }
    const yearly = yearIfAlive * spend;
    return {
      state: 'scored',
      alive,
      return90,
      orders90,
      orders365,
      value90: orders90 === undefined ? undefined : Math.round(orders90 * spend),
      value365: orders365 === undefined ? undefined : Math.round(orders365 * spend),
      atRisk: gone === undefined ? undefined : Math.round(yearly * gone),
      usual: x > 0 ? usual : undefined,
      silent,
      next: stage === 'lapsed' || stage === 'lost' ? undefined : nextOrder(silent, x, mean),
      stage,
      reasons: reasonsFor({ x, silent, usual, slip, lapse, alive, return90, yearly: Math.round(yearly) }),
    };
  };

  function nextOrder(silent: number, x: number, mean: number): PersonScore['next'] {
    if (!chart) return undefined;
    const after = (share: number): number => Math.max(0, Math.round(chart.remaining(x, mean, silent, share) - silent));
    return { low: after(0.1), middle: after(0.5), high: after(0.9) };
  }
}

function notEnough(plan: ScoringPlan, silent: number, x: number): PersonScore {
  return {
    state: 'not_enough_data',
    alive: undefined,
    return90: undefined,
    orders90: undefined,
    orders365: undefined,
    value90: undefined,
    value365: undefined,
    atRisk: undefined,
    usual: undefined,
    silent,
    next: undefined,
    // The column wants a stage; whoever reads it looks at the state first.
    stage: x > 0 ? 'active' : 'new',
    reasons: [{ code: 'needs_repeat_buyers', have: plan.repeaters, need: NEEDED_FOR_RHYTHM }],
  };
}

/** Expected value of a purchase day, minor units. */
function spendOf(plan: ScoringPlan, totals: PersonTotals, x: number): number {
  const mean = x > 0 ? totals.repeatRevenue / x : 0;
  if (plan.spend) return expectedSpend(plan.spend, mean > 0 ? x : 0, Math.max(mean, 0));
  const own = Math.max(0, totals.revenue);
  return (own + PRIOR_PURCHASES * plan.storeMean) / (totals.purchaseDays + PRIOR_PURCHASES);
}

interface Facts {
  x: number;
  silent: number;
  usual: number;
  slip: number;
  lapse: number;
  alive: number | undefined;
  return90: number | undefined;
  yearly: number;
}

/** What moved the score most: when the last purchase was, then chance, worth and habit by how far each is from ordinary. */
function reasonsFor(facts: Facts): Reason[] {
  const { x, silent, alive, return90, yearly } = facts;
  const usual = Math.max(1, Math.round(facts.usual));
  const rest: { weight: number; reason: Reason }[] = [];
  if (alive !== undefined) {
    const distance = Math.abs(alive - 0.5) * 2;
    rest.push(
      alive < 0.5
        ? { weight: distance, reason: { code: 'likely_gone', percent: Math.round((1 - alive) * 100) } }
        : { weight: distance, reason: { code: 'likely_still_there', percent: Math.round(alive * 100) } },
    );
  } else if (return90 !== undefined) {
    rest.push({ weight: 0.6, reason: { code: 'others_came_back', percent: Math.round(return90 * 100) } });
  }
  if (yearly > 0) rest.push({ weight: 0.5, reason: { code: 'worth', yearly } });
  if (x >= 2) rest.push({ weight: 1 - 1 / x, reason: { code: 'bought_often', times: x + 1, every: usual } });
  rest.sort((one, other) => other.weight - one.weight);
  return [timing(facts, usual, silent), ...rest.slice(0, REASONS - 1).map(({ reason }) => reason)];
}

function timing(facts: Facts, usual: number, silent: number): Reason {
  if (facts.x === 0) return { code: 'one_time', days: silent, usual };
  if (silent > facts.lapse) return { code: 'past_boundary', days: silent, boundary: Math.round(facts.lapse) };
  return silent > facts.slip ? { code: 'late', days: silent, usual } : { code: 'on_time', days: silent, usual };
}
