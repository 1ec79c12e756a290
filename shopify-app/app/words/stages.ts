/** What a life stage means, in a line. */
import type { LifeStage } from '@rekindle/core';

export const STAGE_MEANINGS: Record<LifeStage, string> = {
  new: 'Bought once, not long ago',
  active: 'Buying at their usual rhythm',
  slipping: 'Later than usual: the best moment to write',
  lapsed: 'Long past their usual rhythm',
  lost: 'Very unlikely to come back by themselves',
};
