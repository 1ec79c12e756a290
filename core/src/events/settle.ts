/**
 * From everything that is known of a message to what its row shows. Pure, and a function of the set of events: copies, a
 * shuffled order and late arrivals change nothing.
 */
import { tellAgents } from './agent.ts';
import type { Agent, EventKind, Fact, Moments } from './event.ts';

export interface Settled {
  /** Who opened or clicked, by the event's id */
  agents: Map<number, Agent>;
  moments: Moments;
}

/** Settles one message. An open or click by a machine is counted apart: it moves no moment. */
export function settleMessage(facts: readonly Fact[]): Settled {
  const agents = tellAgents(facts);
  function earliest(kind: EventKind): Date | null {
    let first: Date | null = null;
    for (const fact of facts) {
      if (fact.kind !== kind || agents.get(fact.id) === 'machine') continue;
      if (first === null || fact.at < first) first = fact.at;
    }
    return first;
  }
  return {
    agents,
    moments: {
      delivered: earliest('delivered'),
      opened: earliest('open'),
      clicked: earliest('click'),
      bounced: earliest('bounce'),
      complained: earliest('complaint'),
      unsubscribed: earliest('unsubscribe'),
    },
  };
}
