/** Standing journeys: people come in, take their steps, and leave. */
export {
  drawName,
  END_REASONS,
  hourName,
  journeyDefinition,
  mailSteps,
  type EndReason,
  type JourneyDefinition,
  type JourneyStep,
  type MailStep,
} from './definition.ts';
export { countCandidates } from './enter.store.ts';
export { heldBackInJourney } from './held-back.store.ts';
export { findJourney, listJourneys, type Journey } from './journeys.store.ts';
export { peopleAWeek } from './pace.store.ts';
export { recipeOf, RECIPES, type Recipe } from './recipes.ts';
export { runJourneys } from './run-journeys.ts';
export { switchOnJourney } from './switch-on.ts';
