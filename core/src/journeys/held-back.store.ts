/** Whether somebody is held back in a journey, as SQL for those who ask about many people at once; $1 is the store. */

/** `customer` and `now` are expressions. Held back for the days in which she is measured; afterwards a campaign may have her. */
export function heldBackInJourney(customer: string, now: string): string {
  return `EXISTS (SELECT FROM enrolments e JOIN campaigns j ON j.store_id = $1 AND j.id = e.campaign_id
    WHERE e.store_id = $1 AND e.customer_id = ${customer} AND e.arm = 'holdout'
      AND e.entered_at + make_interval(days => (j.plan->>'measureDays')::int) > ${now})`;
}
