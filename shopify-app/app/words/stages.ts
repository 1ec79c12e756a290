/** Life stages as the pages name and colour them. The colours differ in lightness as well as in hue, so that they can be told apart without seeing hue. */
export const STAGES = ['new', 'active', 'slipping', 'lapsed', 'lost'] as const;
export type Stage = (typeof STAGES)[number];

export const STAGE_MEANINGS: Record<Stage, string> = {
  new: 'Bought once, not long ago',
  active: 'Buying at their usual rhythm',
  slipping: 'Later than usual: the best moment to write',
  lapsed: 'Long past their usual rhythm',
  lost: 'Very unlikely to come back by themselves',
};
