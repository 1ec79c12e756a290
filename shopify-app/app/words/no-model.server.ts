/** Why no model scores this store yet, as a merchant reads it. */
import { whyNoModel } from '@rekindle/core';
import type { Format } from './format.server.ts';

export function noModelSentence(format: Format, reason: string, asOf: Date): string {
  const { missing, until, meanwhile } = whyNoModel(reason, asOf, format.language);
  const when = until ? ` ${{ en: 'That will be on', es: 'Será el' }[format.language]} ${format.day(until)}.` : '';
  return `${missing}${when} ${meanwhile}`;
}
