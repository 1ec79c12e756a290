/** What all lists of one pull share. */
import type { Reader } from './batch.ts';
import type { SalesforceCursor } from './cursor.ts';
import type { Row } from './map.ts';

export interface PullOptions extends Reader {
  sleep: (ms: number) => Promise<void>;
  /** Whether the organisation has several */
  severalCurrencies: () => Promise<boolean>;
  /** Rows in a page of a job's result */
  pageRows: number;
}

export interface Pulling extends PullOptions {
  /** Where every list stands; moves on with the pull */
  cursor: SalesforceCursor;
  /** The last day whose orders are there already; null: all are */
  until: string | null;
  /** Whether opportunities say their currency */
  currencies: boolean;
  rowsRead: number;
}

/** A batch's cursor must not move on with the pull. */
export function copy(cursor: SalesforceCursor): SalesforceCursor {
  return { ...cursor, lists: { ...cursor.lists } };
}

/** Ids and times of rows, as far as they have any. */
export function stampsOf(rows: Row[]): { id: string; stamp: Date }[] {
  return rows.flatMap(({ Id: id, SystemModstamp: at }) =>
    typeof id === 'string' && typeof at === 'string' ? [{ id, stamp: new Date(at) }] : [],
  );
}
