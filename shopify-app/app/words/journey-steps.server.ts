/** What may be done with a journey now, and what one is told before it is done. */
import type { JourneyFacts, StoreFacts } from '@rekindle/core';
import type { Step } from './campaign-steps.server.ts';
import type { Format } from './format.server.ts';
import { insideOf } from './journey-flow.server.ts';
import type { JourneyWords } from './journey-words.server.ts';

export function journeySteps(format: Format, words: JourneyWords, store: StoreFacts, facts: JourneyFacts): Step[] {
  switch (facts.state) {
    case 'awaiting_approval':
      return [switchOn(format, words, store, facts)];
    case 'running':
      return [pause(words), stop(format, words, facts)];
    case 'paused':
      return [resume(words), stop(format, words, facts)];
    default:
      return [];
  }
}

function switchOn(format: Format, { steps, ...words }: JourneyWords, store: StoreFacts, facts: JourneyFacts): Step {
  const { waiting, holdoutShare, peopleAWeek } = facts;
  const held = Math.round(waiting.total * holdoutShare);
  return {
    name: 'on',
    label: steps.on,
    primary: true,
    confirm: {
      title: steps.onTitle,
      lines: [
        steps.onNow(format.people(waiting.total - held), format.people(held)),
        steps.onLater(
          peopleAWeek === null ? words.weeklyUnknown : words.perWeek(format.people(Math.round(peopleAWeek))),
        ),
        steps.onCap,
        steps.onStop,
        ...(store.simulated ? [steps.simulated] : []),
      ],
      button: steps.on,
      destructive: false,
    },
  };
}

function pause({ steps }: JourneyWords): Step {
  return {
    name: 'pause',
    label: steps.pause,
    primary: false,
    confirm: { title: steps.pauseTitle, lines: [steps.pauseText], button: steps.pause, destructive: false },
  };
}

function resume({ steps }: JourneyWords): Step {
  return {
    name: 'resume',
    label: steps.resume,
    primary: true,
    confirm: { title: steps.resumeTitle, lines: [steps.resumeText], button: steps.resume, destructive: false },
  };
}

function stop(format: Format, { steps }: JourneyWords, facts: JourneyFacts): Step {
  return {
    name: 'stop',
    label: steps.stop,
    primary: false,
    confirm: {
      title: steps.stopTitle,
      lines: [steps.stopText(format.people(insideOf(facts.standing))), steps.forGood],
      button: steps.stop,
      destructive: true,
    },
  };
}
