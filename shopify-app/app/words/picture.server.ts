/** A finding's picture, ready to draw: bars with their words, or a band over time. */
import type { Picture } from '@rekindle/core';
import { bandView, type BandView } from './band.server.ts';
import type { Format } from './format.server.ts';

export type PictureView =
  | { kind: 'bars'; unit: string; finding: string; bars: { label: string; words: string; width: number; marked: boolean }[] }
  | { kind: 'band'; view: BandView }; // prettier-ignore

/** Null: nothing to draw. `finding`: what it shows, for those who do not see it. */
export function pictureView(format: Format, picture: Picture, finding: string): PictureView | null {
  if (picture.kind === 'band') {
    const count = (value: number) => format.count(Math.round(value));
    const words = picture.money ? format : { ...format, moneyShort: count, moneyKnown: count, moneyBound: count };
    const view = bandView(words, picture.points, { finding, unit: picture.unit, within: [8, 10] });
    return view && { kind: 'band', view };
  }
  if (picture.bars.length === 0) return null;
  const most = Math.max(...picture.bars.map((bar) => Math.abs(bar.value)), Number.MIN_VALUE);
  return {
    kind: 'bars',
    unit: picture.unit,
    finding: `${picture.unit}. ${picture.bars.map((bar) => `${bar.label}: ${bar.words}`).join(', ')}.`,
    bars: picture.bars.map((bar) => ({
      label: bar.label,
      words: bar.words,
      width: Math.abs(bar.value) / most,
      marked: bar.marked,
    })),
  };
}
