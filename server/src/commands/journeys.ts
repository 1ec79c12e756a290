/** `journeys`: what runs by itself, switched on, paused and stopped from the command line. */
import {
  cancelCampaign,
  createLog,
  fail,
  pauseCampaign,
  readConfig,
  readJourney,
  readJourneys,
  resumeCampaign,
  switchOnJourney,
  verdictSentence,
  type JourneyFacts,
  type StoreFacts,
} from '@rekindle/core';
import type { Command } from 'commander';
import { inStore, type AtHand } from './one-store.ts';
import { printResult } from './output.ts';

interface Options {
  store?: string;
  json?: boolean;
}

export function add(program: Command): void {
  const journeys = program
    .command('journeys')
    .description('Standing journeys: mails that go by themselves to whoever comes into them.');
  const command = (name: string, what: string) =>
    journeys
      .command(name)
      .description(what)
      .option('--store <id or name>', 'which store; not needed where there is one')
      .option('--json', 'print one JSON document');
  command('list', 'Say which journeys there are, who is in them and what they brought.').action((options: Options) =>
    list(options),
  );
  named(command('show', 'Say where people of one journey are, step by step.')).action(
    (journey: string, options: Options) => show(journey, options),
  );
  for (const [name, { what }] of Object.entries(MOVES))
    named(command(name, what)).action((journey: string, options: Options) => move(name, journey, options));
}

function named(command: Command): Command {
  return command.argument('<journey>', 'its id or its key, as journeys list shows them');
}

type Move = (at: AtHand, storeId: string, id: string, actor: string) => Promise<void>;

const MOVES: Record<string, { what: string; done: string; run: Move }> = {
  on: {
    what: 'Switch it on: from now on people come in. A paused one goes on.',
    done: 'On: people come in, and mails leave at their hours.',
    run: switchOn,
  },
  pause: {
    what: 'Nobody comes in, nobody takes a step and no mail leaves until it is on again.',
    done: 'Paused. No mail of it leaves.',
    run: pauseCampaign,
  },
  stop: {
    what: 'Stop it for good: whoever is inside gets no further mail of it.',
    done: 'Stopped. No further mail of it leaves.',
    run: cancelCampaign,
  },
};

async function list(options: Options): Promise<void> {
  await inStore(options.store, async (at, storeId) => {
    const { store, journeys } = await readJourneys(at, storeId);
    printResult(
      options.json === true,
      journeys.map((facts) => summaryOf(facts)),
      journeys.length === 0
        ? ['No journey yet: they are drafted when the customers are scored.']
        : journeys.flatMap((facts) => [`${facts.id}  ${facts.journey.key}  ${lineOf(store, facts)}`]),
    );
  });
}

async function show(journey: string, options: Options): Promise<void> {
  await inStore(options.store, async (at, storeId) => {
    const page = await readJourney(at, storeId, await idOf(at, storeId, journey));
    const { facts, mails, store } = page;
    const steps = facts.journey.definition.steps.map((step) => {
      const here = facts.standing.filter((row) => row.arm === 'treated' && row.step === step.key);
      const sum = (rows: typeof here): number => rows.reduce((all, row) => all + row.people, 0);
      const left = Object.fromEntries(
        here.flatMap((row) => (row.endReason === null ? [] : [[row.endReason, row.people]])),
      );
      const sent = mails.filter((row) => row.step === step.key).reduce((all, row) => all + row.sent, 0);
      return { ...step, here: sum(here.filter(({ state }) => state === 'inside')), sent, left };
    });
    printResult(options.json === true, { ...summaryOf(facts), steps }, [
      `${facts.journey.key}  ${lineOf(store, facts)}`,
      ...steps.map((step) => {
        const what = step.kind === 'wait' ? `wait ${String(step.days)} days` : step.kind;
        const left = Object.entries(step.left).map(([why, people]) => `${String(people)} ${why.replaceAll('_', ' ')}`);
        return [
          `  ${step.key}: ${what}`,
          `${String(step.here)} here`,
          ...(step.kind === 'mail' ? [`${String(step.sent)} sent`] : []),
          ...(left.length > 0 ? [`left: ${left.join(', ')}`] : []),
        ].join(', ');
      }),
    ]);
  });
}

async function move(name: string, journey: string, options: Options): Promise<void> {
  const chosen = MOVES[name];
  if (!chosen) return;
  await inStore(options.store, async (at, storeId) => {
    const id = await idOf(at, storeId, journey);
    await chosen.run(at, storeId, id, 'user:operator');
    printResult(options.json === true, { id, step: name }, [chosen.done]);
  });
}

/** The run that is meant: by its id, or the newest of its key. */
async function idOf(at: AtHand, storeId: string, journey: string): Promise<string> {
  const { journeys } = await readJourneys(at, storeId);
  const found = journeys.find(({ id, journey: { key } }) => id === journey || key === journey);
  if (!found)
    throw fail(
      'not_found',
      `There is no journey ${journey}; there are ${journeys.map(({ journey: { key } }) => key).join(', ') || 'none yet'}.`,
    );
  return found.id;
}

/** Switching on asks whether the domain passes; a simulated shop's mails leave no machine. */
async function switchOn(at: AtHand, storeId: string, id: string, actor: string): Promise<void> {
  const { facts, store } = await readJourney(at, storeId, id);
  if (facts.state === 'paused') return resumeCampaign(at, storeId, id, actor);
  // Loaded when it is needed: no other command should wait for the providers' clients.
  const { composeEngine } = await import('../compose.ts');
  const config = readConfig();
  const log = createLog({ level: config.LOG_LEVEL });
  const asked = store.simulated
    ? { ...at, dns: null }
    : composeEngine({ ...config, APP_SECRET: at.secret }, { ...at, log });
  return switchOnJourney(asked, storeId, id, actor);
}

function counts({ standing }: JourneyFacts) {
  const of = (is: (row: JourneyFacts['standing'][number]) => boolean): number =>
    standing.filter(is).reduce((sum, row) => sum + row.people, 0);
  return {
    cameIn: of(({ arm }) => arm !== 'left_out'),
    heldBack: of(({ arm }) => arm === 'holdout'),
    inside: of(({ state }) => state === 'inside'),
    cameBack: standing.filter(({ arm }) => arm === 'treated').reduce((sum, row) => sum + row.ordered, 0),
  };
}

function summaryOf(facts: JourneyFacts) {
  const { id, journey, name, state, waiting, peopleAWeek, look } = facts;
  return {
    id,
    key: journey.key,
    name,
    state,
    waiting: waiting.total,
    peopleAWeek,
    ...counts(facts),
    incrementalRevenue: look && {
      estimate: Math.round(look.revenue.estimate),
      interval: [Math.round(look.revenue.low), Math.round(look.revenue.high)],
      verdict: look.revenue.verdict,
    },
  };
}

const STATES: Record<string, string> = { awaiting_approval: 'off', running: 'on', cancelled: 'stopped' };

function lineOf(store: StoreFacts, facts: JourneyFacts): string {
  const { cameIn, inside, cameBack } = counts(facts);
  const state = STATES[facts.state] ?? facts.state;
  if (facts.approvedAt === null) return `${facts.name} (${state}): ${String(facts.waiting.total)} would come in now`;
  const verdict = facts.look
    ? verdictSentence(facts.look.revenue, { language: 'en', currency: store.currency })
    : 'not measured yet';
  return `${facts.name} (${state}): ${String(cameIn)} came in, ${String(inside)} inside, ${String(cameBack)} came back; ${verdict}`;
}
