/**
 * The process's figures for Prometheus (https://prometheus.io/docs/practices/naming/): what the engine counts as it works, how
 * the work of all stores stands when asked, and how the process itself is. No label says who: no store, no person.
 */
import type { Engine, Meter } from '@rekindle/core';
import { readPulse, type Pile } from '@rekindle/core/jobs';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface ProcessMeter extends Meter {
  /** Tokens of the language model, and their price where the configuration names one. */
  countTokens(used: { input: number; output: number }): void;
  /** One answer of the web server. `route` is the pattern, never the address: addresses hold tokens. */
  timeRequest(route: string, method: string, status: number, seconds: number): void;
  readonly contentType: string;
  /** Everything, as Prometheus reads it. The stores are looked at afresh, at most every five seconds. */
  read(engine: Pick<Engine, 'database' | 'clock'>): Promise<string>;
}

/** Dollars for a million tokens. */
export interface Prices {
  input?: number | undefined;
  output?: number | undefined;
}

/** Seconds, up to a day: an event may be long under way. */
const LAGS = [1, 5, 15, 60, 300, 1800, 3600, 21_600, 86_400];
const STAGE_SECONDS = [0.1, 0.5, 1, 5, 15, 60, 300, 1800];
const REQUEST_SECONDS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5];
/** Milliseconds that a look at all stores is good for: whoever asks in a loop costs no more than one that asks once. */
const FRESH_MS = 5000;

export function createMeter(prices: Prices = {}): ProcessMeter {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const counters = {
    messages: counter('rekindle_messages_total', 'Mails handed to the provider, by what became of them', ['outcome']),
    provider_answers: counter('rekindle_provider_answers_total', 'Answers of the e-mail provider, by status', [
      'status',
    ]),
    events: counter('rekindle_events_total', 'Events that the provider told, by kind, copies included', ['kind']),
    sending_states: counter(
      'rekindle_sending_states_total',
      'Stores that were slowed down or stopped by their complaints or bounces, or are well again',
      ['state', 'cause'],
    ),
    stage_runs: counter('rekindle_stage_runs_total', 'Runs of stages, by how they ended', ['stage', 'state']),
  };
  const timers = {
    event_lag: histogram('rekindle_event_lag_seconds', 'From what happened to our record of it', [], LAGS),
    stage: histogram('rekindle_stage_seconds', 'Length of one run of a stage', ['stage'], STAGE_SECONDS),
  };
  const tokens = counter('rekindle_model_tokens_total', 'Tokens of the language model', ['direction']);
  const dollars = counter('rekindle_model_cost_dollars_total', 'Price of those tokens, as configured', []);
  const requests = histogram(
    'rekindle_request_seconds',
    'Answers of the web server',
    ['route', 'method', 'status'],
    REQUEST_SECONDS,
  );
  const showPulse = pulseGauges(registers);
  let lookedAt = Number.NEGATIVE_INFINITY;

  function counter(name: string, help: string, labelNames: string[]): Counter {
    return new Counter({ name, help, labelNames, registers });
  }
  function histogram(name: string, help: string, labelNames: string[], buckets: number[]): Histogram {
    return new Histogram({ name, help, labelNames, buckets, registers });
  }

  return {
    count: (name, labels, by = 1) => {
      counters[name].inc(labels, by);
    },
    time: (name, labels, seconds) => {
      timers[name].observe(labels, seconds);
    },
    countTokens({ input, output }) {
      tokens.inc({ direction: 'input' }, input);
      tokens.inc({ direction: 'output' }, output);
      dollars.inc((input * (prices.input ?? 0) + output * (prices.output ?? 0)) / 1e6);
    },
    timeRequest(route, method, status, seconds) {
      requests.observe({ route, method, status: String(status) }, seconds);
    },
    contentType: registry.contentType,
    async read(engine) {
      if (performance.now() - lookedAt > FRESH_MS) {
        await showPulse(engine);
        lookedAt = performance.now();
      }
      return registry.metrics();
    },
  };
}

/** Gauges of what waits, and the function that sets them. */
function pulseGauges(registers: Registry[]): (engine: Pick<Engine, 'database' | 'clock'>) => Promise<void> {
  const gauge = (name: string, help: string, labelNames: string[] = []): Gauge =>
    new Gauge({ name, help, labelNames, registers });
  const waiting = gauge('rekindle_waiting', 'Work that waits in the tables of all stores', ['pile']);
  const oldest = gauge('rekindle_waiting_oldest_seconds', 'How long the oldest of it has waited', ['pile']);
  const stores = gauge('rekindle_stores', 'Stores there are');
  const failing = gauge('rekindle_failing_stages', 'Stages of stores whose last run failed');
  const braked = gauge('rekindle_braked_stores', 'Stores slowed down or stopped by their complaints or bounces', [
    'state',
  ]);
  return async (engine) => {
    const pulse = await readPulse(engine);
    const piles: Record<string, Pile> = {
      messages: pulse.due,
      in_doubt: pulse.inDoubt,
      inbox: pulse.inbox,
      write_backs: pulse.writeBacks,
    };
    for (const [pile, { count, oldestSeconds }] of Object.entries(piles)) {
      waiting.set({ pile }, count);
      oldest.set({ pile }, oldestSeconds);
    }
    stores.set(pulse.stores);
    failing.set(pulse.failingStages);
    braked.set({ state: 'slowed' }, pulse.slowedStores);
    braked.set({ state: 'stopped' }, pulse.stoppedStores);
  };
}
