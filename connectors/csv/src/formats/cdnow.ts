/**
 * The CDNOW sample (Fader and Hardie, brucehardie.com/datasets): columns parted by blanks, no header: id in the full set, id
 * in the sample, yyyymmdd, CDs, dollars. The sample's id names the customer, as in the published summaries. The log names
 * no orders: each line is one, called by customer, day and line.
 */
import { parseDecimal, placesOf } from '../money.ts';
import { newlineOf } from '../rows.ts';
import { compactDateReader } from '../times.ts';
import { placeholderAddress, type Format, type ReadContext, type RowReader } from './format.ts';

export const cdnowFormat: Format = {
  name: 'cdnow',
  implies: { currency: 'USD', country: 'US', timeZone: 'America/New_York' },
  seekable: true,
  header: false,
  recognises: (beginning) => /^\s*\d{3,}\s+\d{3,}\s+\d{8}\s+\d+\s+\d+\.\d+\s*?(\r?\n|$)/.test(beginning),
  dialect: (beginning) => ({ delimiter: 'blanks', newline: newlineOf(beginning) }),
  reader,
};

function reader(_header: string[], context: ReadContext): RowReader {
  const { facts } = context;
  const readTime = compactDateReader(facts.timeZone);
  const places = placesOf(facts.currency);
  return {
    row(fields, line, sink) {
      const [, customerId = '', day = '', count = '', dollars = ''] = fields;
      const orderedAt = readTime(day);
      const quantity = parseDecimal(count, 0);
      const amount = parseDecimal(dollars, places);
      if (fields.length !== 5) sink.reject(line, 'wrong_number_of_columns');
      else if (!orderedAt) sink.reject(line, 'bad_date');
      else if (quantity === undefined) sink.reject(line, 'bad_quantity');
      else if (amount === undefined) sink.reject(line, 'bad_amount');
      else
        sink.line({
          customerId,
          orderId: `${customerId}-${day}-${String(line)}`,
          kind: amount < 0 ? 'return' : 'sale',
          orderedAt,
          amount,
          currency: facts.currency,
          quantity,
          email: context.placeholderAddresses ? placeholderAddress(customerId) : undefined,
          country: facts.country,
          line,
        });
    },
    end: () => undefined,
  };
}
