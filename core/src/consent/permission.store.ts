/**
 * permission.ts as one SELECT over a set of people. Both read the same table of countries; permission.test.ts compares
 * them on random people.
 */
import { RULES, UNKNOWN, type CountryRule } from './rules.ts';

const COLUMNS = 'country, purchase_basis, purchase_months, needs_notice, enquiry_months, double_opt_in, opt_out';

function ruleRow(country: string, rule: CountryRule): string {
  const text = (word: string | undefined): string => (word === undefined ? 'NULL::text' : `'${word}'`);
  const months = (count: number | null | undefined): string => `${String(count ?? 'NULL')}::int`;
  const { purchase } = rule;
  return `(${[
    text(country),
    text(purchase?.basis),
    months(purchase?.months),
    String(purchase?.needsNotice ?? false),
    months(rule.enquiryMonths),
    String(rule.doubleOptIn),
    String(rule.optOut),
  ].join(', ')})`;
}

const RULE_ROWS = [
  ruleRow('??', UNKNOWN),
  ...RULES.flatMap((rule) => rule.countries.map((country) => ruleRow(country, rule))),
].join(', ');

const KNOWN = RULES.flatMap((rule) => rule.countries.map((country) => `'${country}'`)).join(', ');

// Calendar months are counted in UTC, whatever zone the session has.
const after = (since: string, months: string): string =>
  `CASE WHEN ${months} IS NULL THEN 'infinity'::timestamptz
   ELSE (${since} AT TIME ZONE 'UTC' + make_interval(months => ${months})) AT TIME ZONE 'UTC' END`;

/**
 * A SELECT with one row for each customer of `customers` (a SELECT with a column customer_id) that exists:
 * `customer_id, basis, reason, expires_at`. Exactly one of basis (mail may go) and reason (why not) is set; expires_at is
 * null where nothing expires. `now` is an expression, usually a parameter such as `$2::timestamptz`.
 */
export function mailableSql({ customers, now }: { customers: string; now: string }): string {
  const facts = `SELECT c.id AS customer_id, c.country, t.last_order_at, k.state, k.basis, k.at
    FROM (${customers}) people
    JOIN customers c ON c.id = people.customer_id
    LEFT JOIN customer_totals t ON t.store_id = c.store_id AND t.customer_id = c.id
    LEFT JOIN LATERAL (
      SELECT state, basis, at FROM consents
      WHERE store_id = c.store_id AND customer_id = c.id AND channel = 'email' ORDER BY at DESC, id DESC LIMIT 1
    ) k ON true`;
  return permissionSql({ facts, now });
}

/**
 * The same for people of whom all is known: `facts` is a SELECT of `customer_id, country, last_order_at` and of the newest
 * consent's `state, basis, at` (null where there is none).
 */
export function permissionSql({ facts, now }: { facts: string; now: string }): string {
  return `
SELECT customer_id,
  CASE WHEN refusal IS NULL AND expires_at > ${now} THEN ground END AS basis,
  CASE WHEN refusal IS NOT NULL THEN refusal WHEN expires_at <= ${now} THEN 'consent_expired' END AS reason,
  nullif(expires_at, 'infinity') AS expires_at
FROM (
  SELECT customer_id,
    CASE WHEN state = 'unsubscribed' THEN 'unsubscribed' WHEN state = 'pending' THEN 'consent_pending'
      WHEN express OR opt_out OR sale_at IS NOT NULL OR enquiry_at IS NOT NULL THEN NULL ELSE 'no_consent' END AS refusal,
    CASE WHEN express THEN 'express' WHEN opt_out THEN 'opt_out' WHEN sale_at IS NOT NULL THEN purchase_basis
      ELSE 'enquiry' END AS ground,
    CASE WHEN state IN ('unsubscribed', 'pending') THEN NULL WHEN express OR opt_out THEN 'infinity'
      WHEN sale_at IS NOT NULL THEN ${after('sale_at', 'purchase_months')}
      WHEN enquiry_at IS NOT NULL THEN ${after('enquiry_at', 'enquiry_months')} END AS expires_at
  FROM (
    SELECT k.customer_id, r.*, coalesce(k.state, 'none') AS state,
      coalesce(k.state = 'subscribed' AND (k.basis = 'double_opt_in' OR k.basis = 'express' AND NOT r.double_opt_in), false) AS express,
      CASE WHEN r.purchase_basis IS NOT NULL AND NOT (r.needs_notice AND coalesce(k.state = 'not_asked', false))
        THEN greatest(k.last_order_at, CASE WHEN k.state = 'subscribed' AND k.basis = 'soft_opt_in' THEN k.at END) END AS sale_at,
      CASE WHEN k.state = 'subscribed' AND k.basis = 'none' AND r.enquiry_months IS NOT NULL THEN k.at END AS enquiry_at
    FROM (${facts}) k
    JOIN (VALUES ${RULE_ROWS}) r (${COLUMNS})
      ON r.country = CASE WHEN upper(k.country) IN (${KNOWN}) THEN upper(k.country) ELSE '??' END
  ) facts
) judged`;
}
