/** What past mails taught about this person's next one, in words; what is not known is said to be missing. */
import type { CustomerPage } from '@rekindle/core';
import type { Format } from './format.server.ts';

export interface NextMailView {
  facts: { label: string; value: string; hint?: string }[];
  products: string[];
}

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const TOO_LITTLE = 'Not known yet: too few mails went out to tell';

export function nextMailView(format: Format, { mail, nextProducts }: CustomerPage): NextMailView {
  return {
    facts: [
      {
        label: 'Best hour',
        value: typeof mail?.bestHour === 'number' ? hourWords(format, mail.bestHour) : TOO_LITTLE,
        hint: 'The hour of the week at which this person answers mails best, by their own clock',
      },
      {
        label: 'Likely to click',
        value: typeof mail?.clickChance === 'number' ? format.share(mail.clickChance) : TOO_LITTLE,
      },
      {
        label: 'Likely to unsubscribe',
        value: typeof mail?.leaveChance === 'number' ? format.share(mail.leaveChance) : TOO_LITTLE,
        hint: 'On the next mail, given how many came lately',
      },
      {
        label: 'What a mail changes',
        value:
          typeof mail?.uplift === 'number'
            ? `${points(mail.uplift)} to the chance of an order`
            : 'Not known yet: people are not known to differ',
      },
      {
        label: 'What an offer adds',
        value:
          typeof mail?.offerUplift === 'number'
            ? `${points(mail.offerUplift)} to the chance of an order`
            : 'Not known yet: no offer was tried against none',
      },
    ],
    products: nextProducts.map(
      (one) => `${one.name}: ${format.share(one.share)} of those with ${one.because} bought it in the same order.`,
    ),
  };
}

/** "+2.1 points", "−0.4 points" */
function points(change: number): string {
  const sign = change < 0 ? '−' : '+';
  return `${sign}${(Math.abs(change) * 100).toFixed(1)} points`;
}

/** "Tuesday at 18:00" from an hour of the week, 0 = Monday 00:00. */
export function hourWords(format: Format, hour: number): string {
  return `${DAYS[Math.floor(hour / 24) % 7] ?? ''} at ${format.hour(hour % 24)}`;
}
