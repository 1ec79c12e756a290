/** Whether an organisation has several currencies: CurrencyIsoCode is there only then, and asking for it elsewhere is an error. */
import type { SalesforceClient } from './client.ts';
import { description } from './schema.ts';

/** Asked once. */
export function currenciesOf(client: SalesforceClient): () => Promise<boolean> {
  let known: boolean | undefined;
  return async () => {
    if (known === undefined) {
      const { fields } = await client.ask(description, { method: 'GET', path: '/sobjects/Opportunity/describe' });
      known = fields.some(({ name }) => name === 'CurrencyIsoCode');
    }
    return known;
  };
}
