/** The pace of requests to an e-mail provider. One row, read and written by every process that sends. */
import type { StoreTransaction } from '../../database/connect.ts';
import type { Rate } from './rate.ts';

export interface ProviderPace {
  rate: Rate | null;
  blockedUntil: Date | null;
}

interface Row {
  per_second: number | null;
  ceiling: number | null;
  stepped_at: Date | null;
  tokens: number;
  refilled_at: Date | null;
  blocked_until: Date | null;
}

/** Of requests: back at the pace that was too much within a minute. */
export const GROWTH = 0.01;

const COLUMNS = 'per_second, ceiling, stepped_at, tokens, refilled_at, blocked_until';

/** As it stands; not held. */
export async function readProviderPace(tx: StoreTransaction, provider: string): Promise<ProviderPace> {
  const rows = await tx.rows<Row>(`SELECT ${COLUMNS} FROM provider_paces WHERE provider = $1`, [provider]);
  return paceOf(rows[0]);
}

/** The same, held until the transaction ends: who takes from it, or slows it, goes one after the other. */
export async function holdProviderPace(tx: StoreTransaction, provider: string): Promise<ProviderPace> {
  await tx.run('INSERT INTO provider_paces (provider) VALUES ($1) ON CONFLICT DO NOTHING', [provider]);
  const rows = await tx.rows<Row>(`SELECT ${COLUMNS} FROM provider_paces WHERE provider = $1 FOR UPDATE`, [provider]);
  return paceOf(rows[0]);
}

export async function saveProviderPace(
  tx: StoreTransaction,
  provider: string,
  { rate, blockedUntil }: ProviderPace,
): Promise<void> {
  await tx.run(
    `UPDATE provider_paces SET per_second = $2, ceiling = $3, stepped_at = $4, tokens = $5, refilled_at = $6, blocked_until = $7
     WHERE provider = $1`,
    [
      provider,
      rate?.perSecond ?? null,
      rate?.ceiling ?? null,
      rate?.steppedAt ?? null,
      rate?.tokens ?? 0,
      rate?.refilledAt ?? null,
      blockedUntil,
    ],
  );
}

function paceOf(row: Row | undefined): ProviderPace {
  if (!row) return { rate: null, blockedUntil: null };
  const { per_second, ceiling, stepped_at, tokens, refilled_at, blocked_until } = row;
  const limited = per_second !== null && ceiling !== null && stepped_at !== null && refilled_at !== null;
  return {
    rate: limited
      ? { perSecond: per_second, ceiling, steppedAt: stepped_at, tokens, refilledAt: refilled_at, growth: GROWTH }
      : null,
    blockedUntil: blocked_until,
  };
}
