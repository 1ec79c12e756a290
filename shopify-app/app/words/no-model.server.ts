/** Why no model scores this store yet, as a merchant reads it. */
import { whyNoModel } from '@rekindle/core';
import type { Format } from './format.server.ts';

export function noModelSentence(format: Format, reason: string, asOf: Date): string {
  const { missing, until, meanwhile } = whyNoModel(reason, asOf);
  const when = until ? ` That will be on ${format.day(until)}.` : '';
  return `${missing}${when} ${meanwhile}`;
}
