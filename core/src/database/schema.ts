import type { ColumnType } from "kysely";
export type Generated<T> = T extends ColumnType<infer S, infer I, infer U>
  ? ColumnType<S, I | undefined, U>
  : ColumnType<T, T | undefined, T>;
export type Timestamp = ColumnType<Date, Date | string, Date | string>;

export type allocations = {
    store_id: string;
    campaign_id: string;
    batch: number;
    /**
     * even, winner, thompson
     */
    rule: string;
    /**
     * [{key, trials, successes}] of the batches before
     */
    records: unknown;
    /**
     * [{key, share}]
     */
    shares: unknown;
    decided_at: Timestamp;
};
export type api_keys = {
    id: string;
    store_id: string;
    name: string;
    /**
     * SHA-256 of the key's 32 random bytes
     */
    key_hash: Buffer;
    created_at: Timestamp;
    created_by: string;
    revoked_at: Timestamp | null;
};
export type attempts = {
    /**
     * The batch id that the provider gets
     */
    id: string;
    store_id: string;
    campaign_id: string;
    provider: string;
    message_ids: string[];
    /**
     * Who has said nothing by then leaves its messages in doubt
     */
    lease_until: Timestamp;
    started_at: Timestamp;
    finished_at: Timestamp | null;
    /**
     * accepted, refused, in_doubt, not_sent; null while under way
     */
    outcome: string | null;
    status: number | null;
    error: string | null;
    provider_message_id: string | null;
};
export type audit_entries = {
    id: Generated<number>;
    store_id: string;
    at: Timestamp;
    /**
     * user:<id>, stage:<name>, recipient
     */
    actor: string;
    action: string;
    subject: string;
    detail: Generated<unknown>;
};
export type campaigns = {
    id: string;
    store_id: string;
    key: string;
    name: string;
    segment_id: string;
    /**
     * Null: one send
     */
    journey_id: string | null;
    /**
     * draft, awaiting_approval, running, paused, measuring, completed, cancelled
     */
    state: string;
    /**
     * Offer, goal, send window and what else the plan fixed; parsed by core/campaigns
     */
    plan: unknown;
    /**
     * Share held back to measure, 0..0.5
     */
    holdout_share: number;
    score_version: number;
    /**
     * Counts from segment to audience with a reason for everyone left out
     */
    funnel: Generated<unknown>;
    planned_at: Timestamp;
    approved_at: Timestamp | null;
    approved_by: string | null;
    send_from: Timestamp | null;
    send_until: Timestamp | null;
    /**
     * Outcomes count until here
     */
    measure_until: Timestamp | null;
    created_at: Timestamp;
};
export type connections = {
    id: string;
    store_id: string;
    /**
     * csv, shopify, hubspot, salesforce, sendgrid, openai ...
     */
    platform: string;
    /**
     * What the platform calls this account: a domain, a portal id, a folder.
     */
    account: string;
    /**
     * connected, syncing, failed, disconnected
     */
    state: Generated<string>;
    /**
     * AES-256-GCM envelope, AAD = store and column; null where the platform needs none.
     */
    credentials: Buffer | null;
    settings: Generated<unknown>;
    /**
     * Where the next pull goes on; opaque to everyone but the connector.
     */
    cursor: unknown | null;
    /**
     * 0..100 of the pull under way
     */
    progress: Generated<number>;
    last_pull_at: Timestamp | null;
    next_pull_at: Timestamp | null;
    last_error: string | null;
    created_at: Timestamp;
};
export type consents = {
    id: Generated<number>;
    store_id: string;
    customer_id: string;
    /**
     * email
     */
    channel: Generated<string>;
    /**
     * subscribed, unsubscribed, pending, not_asked
     */
    state: string;
    /**
     * express, double_opt_in, soft_opt_in, none: on what ground
     */
    basis: string;
    at: Timestamp;
    /**
     * platform or page that said so
     */
    source: string;
    evidence: Generated<unknown>;
};
export type customer_totals = {
    store_id: string;
    customer_id: string;
    /**
     * Distinct days (store zone) with a sale.
     */
    purchase_days: number;
    orders: number;
    /**
     * Sales less returns, minor units.
     */
    revenue: number;
    first_order_at: Timestamp;
    last_order_at: Timestamp;
    /**
     * Sum of value on repeat purchase days (all but the first), minor units: zbar = repeat_revenue / (purchase_days - 1)
     */
    repeat_revenue: Generated<number>;
};
export type customers = {
    id: string;
    store_id: string;
    /**
     * Stable name of the person for draws and replays: platform + ':' + id of the first identity. Never an address.
     */
    key: string;
    /**
     * Lower case; null when unknown.
     */
    email: string | null;
    /**
     * False where the platform says that nobody has proven the address: it joins no two people.
     */
    email_verified: Generated<boolean>;
    /**
     * E.164 where it can be read as one, else as it was told
     */
    phone: string | null;
    first_name: string | null;
    last_name: string | null;
    /**
     * The names as they are searched for: small letters without accents. The database makes them (GENERATED); never written.
     */
    first_name_key: string | null;
    last_name_key: string | null;
    /**
     * BCP 47 language the person reads, where known.
     */
    language: string | null;
    country: string | null;
    /**
     * IANA zone and where it is from: profile, address, country, store
     */
    time_zone: string | null;
    time_zone_source: string | null;
    /**
     * As of when the platforms said so: what was said later wins, in whatever order it arrives.
     */
    email_at: Timestamp | null;
    country_at: Timestamp | null;
    time_zone_at: Timestamp | null;
    created_at: Timestamp;
    updated_at: Timestamp;
};
export type domain_checks = {
    store_id: string;
    /**
     * '' where the store has not said where its mails come from
     */
    domain: string;
    /**
     * Who sends: another provider needs other records
     */
    provider: string;
    /**
     * unchecked, passes, fails, silent
     */
    state: string;
    /**
     * True: no mail of this store starts. A look that nobody answered leaves it as it was, for a day.
     */
    holds: Generated<boolean>;
    /**
     * core/src/domain/report.ts; null before the first look
     */
    report: unknown | null;
    checked_at: Timestamp | null;
    /**
     * The last look that passed
     */
    passed_at: Timestamp | null;
    next_check_at: Timestamp;
};
export type domain_owners = {
    domain: string;
    store_id: string;
    claimed_at: Timestamp;
};
export type enrolments = {
    store_id: string;
    campaign_id: string;
    customer_id: string;
    /**
     * 1 the first time, 2 when she comes again
     */
    occurrence: number;
    /**
     * treated, holdout, left_out
     */
    arm: string;
    /**
     * Why left out: store_control
     */
    reason: string | null;
    /**
     * The draw itself, 0..1, from the keyed hash
     */
    draw: number;
    variant_key: string | null;
    /**
     * stores.score_version that put her into the segment
     */
    score_version: number;
    /**
     * Spend of the year before (minor units), for CUPED
     */
    pre_revenue: Generated<number>;
    pre_orders: Generated<number>;
    /**
     * Her own instant of the draw: orders after it count, for her own days of measuring
     */
    entered_at: Timestamp;
    /**
     * held_back, inside, finished, left
     */
    state: string;
    /**
     * Where she is, or was when it ended; '' where she is held back
     */
    step: string;
    /**
     * When the step is over; null while it waits for its mail, and where nothing is to come
     */
    due_at: Timestamp | null;
    ended_at: Timestamp | null;
    /**
     * ordered, replied, unsubscribed, clicked, left_segment, unreachable, stopped, erased
     */
    end_reason: string | null;
    /**
     * What she did in her days of measuring: orders, sales less returns in minor units
     */
    orders: Generated<number>;
    revenue: Generated<number>;
    first_order_at: Timestamp | null;
};
export type events = {
    id: Generated<number>;
    store_id: string;
    /**
     * sendgrid, public, csv ...
     */
    source: string;
    /**
     * The vendor's event id; with source and store it is unique, so a copy changes nothing
     */
    vendor_event_id: string;
    /**
     * processed, delivered, deferred, open, click, bounce, dropped, complaint, unsubscribe, reply, auto_reply
     */
    kind: string;
    at: Timestamp;
    message_id: string | null;
    customer_id: string | null;
    /**
     * human, machine, unknown: robots and prefetchers are counted apart
     */
    agent: Generated<string>;
    detail: Generated<unknown>;
};
export type forecasts = {
    store_id: string;
    /**
     * revenue, returning
     */
    metric: string;
    made_at: Timestamp;
    /**
     * Which way of forecasting won the back-test
     */
    method: string;
    /**
     * [{from, estimate, low, high}] a week each, and the sums
     */
    points: unknown;
    /**
     * How the same way would have fared on the past
     */
    backtest: unknown;
};
export type holdouts = {
    store_id: string;
    campaign_id: string;
    customer_id: string;
    /**
     * treated, holdout, left_out
     */
    arm: string;
    /**
     * Why left out: no_email, no_consent, consent_expired, suppressed, capped, store_control, ordered_since ...
     */
    reason: string | null;
    /**
     * The draw itself, 0..1, from the keyed hash
     */
    draw: number;
    variant_key: string | null;
    /**
     * Why the offer was dealt to this person or not: needed, not_needed, not_known, drawn; null: it was not dealt by person
     */
    offer_reason: string | null;
    /**
     * Spend before the draw (minor units), for CUPED
     */
    pre_revenue: Generated<number>;
    pre_orders: Generated<number>;
    decided_at: Timestamp;
};
export type identities = {
    store_id: string;
    platform: string;
    external_id: string;
    customer_id: string;
    email: string | null;
    email_verified: boolean | null;
    phone: string | null;
    /**
     * As of when the platform told of this person last; what was told before that comes too late
     */
    told_at: Timestamp | null;
};
export type imports = {
    id: string;
    store_id: string;
    connection_id: string | null;
    source: string;
    /**
     * running, done, failed
     */
    state: string;
    started_at: Timestamp;
    finished_at: Timestamp | null;
    rows_read: Generated<number>;
    customers: Generated<number>;
    orders: Generated<number>;
    /**
     * {total, byReason}
     */
    rejected: Generated<unknown>;
    error: string | null;
};
export type insights = {
    id: string;
    store_id: string;
    /**
     * cohort_slipping, hour_works, revenue_forecast ...
     */
    kind: string;
    /**
     * What it is about within its kind: a product, an hour, a campaign; '' where there is one only
     */
    subject: Generated<string>;
    /**
     * Direction and rough size: another one is news
     */
    news: string;
    /**
     * Minor units in a year, or in the span that the finding speaks of; null where it has no price
     */
    size: number | null;
    /**
     * Of the test behind it; null where it is a count, not an inference
     */
    p_value: number | null;
    /**
     * Share of findings like this or surer that would be false (Benjamini and Hochberg)
     */
    q_value: number | null;
    /**
     * Place among all findings of the look, 1 first
     */
    place: number;
    /**
     * What was counted, and the picture's points
     */
    evidence: unknown;
    found_at: Timestamp;
    /**
     * The last look that found it again
     */
    seen_at: Timestamp;
    /**
     * A person said that it is known
     */
    dismissed_at: Timestamp | null;
    dismissed_by: string | null;
};
export type journeys = {
    id: string;
    store_id: string;
    /**
     * The recipe it was made from
     */
    key: string;
    name: string;
    /**
     * Steps, rules of leaving and of coming again; parsed by core/journeys
     */
    definition: unknown;
    created_at: Timestamp;
};
export type mail_scores = {
    store_id: string;
    version: number;
    customer_id: string;
    /**
     * hour of the recipient's week that answers best, 0 = Monday 00:00; null: too little known
     */
    best_hour: number | null;
    /**
     * 0..1; chance that the person clicks on the next mail
     */
    click_chance: number | null;
    /**
     * 0..1; chance that the next mail loses the person (unsubscribes, complains)
     */
    leave_chance: number | null;
    /**
     * change in the chance to order that a mail makes; null: people are not known to differ
     */
    uplift: number | null;
    /**
     * change in the chance to order that an offer makes beyond the mail without one; null: not known
     */
    offer_uplift: number | null;
    /**
     * what the offer brings on this person after its cost, in values of an order; above 0 it pays; null: people are not known to differ
     */
    offer_net: number | null;
};
export type mailbox_paces = {
    store_id: string;
    mailbox: string;
    /**
     * Mails a second at stepped_at; grows from there by itself
     */
    per_second: number;
    /**
     * The pace at which it asked for patience
     */
    ceiling: number;
    stepped_at: Timestamp;
    tokens: Generated<number>;
    refilled_at: Timestamp;
};
export type measurements = {
    store_id: string;
    campaign_id: string;
    /**
     * revenue, orders, return_rate
     */
    metric: string;
    measured_at: Timestamp;
    treated: number;
    holdout: number;
    treated_mean: number;
    holdout_mean: number;
    /**
     * Totals over all treated (minor units for revenue): estimate and its confidence sequence
     */
    estimate: number;
    low: number;
    high: number;
    confidence: number;
    p_value: number;
    /**
     * won, lost, nothing_seen, not_yet, broken
     */
    verdict: string;
    detail: Generated<unknown>;
};
export type merges = {
    id: Generated<number>;
    store_id: string;
    /**
     * Who stays
     */
    kept_id: string;
    /**
     * Who became part of it
     */
    gone_id: string;
    /**
     * email, phone, platform, person
     */
    reason: string;
    /**
     * stage:ingest, webhook:<platform>, user:<id>
     */
    actor: string;
    at: Timestamp;
    /**
     * Rows by table, sealed: they say who somebody is
     */
    moved: Buffer;
    undone_at: Timestamp | null;
};
export type messages = {
    id: string;
    store_id: string;
    campaign_id: string;
    /**
     * '' for a campaign's one mail, else the journey step
     */
    step: Generated<string>;
    customer_id: string;
    occurrence: Generated<number>;
    variant_id: string;
    /**
     * marketing, transactional: what happens to a message in doubt
     */
    message_class: Generated<string>;
    /**
     * planned, scheduled, accepted, refused, in_doubt, dropped. A scheduled one that an attempt without an outcome names is claimed.
     */
    state: string;
    /**
     * Why dropped or refused: unsubscribed, consent_expired, ordered_since, capped, paused, hard_bounce, ...
     */
    state_reason: string | null;
    scheduled_at: Timestamp | null;
    /**
     * Zone and how the hour was picked: preference, random, default
     */
    time_zone: string | null;
    /**
     * From what the zone is known: profile, address, country, behaviour, store
     */
    zone_source: string | null;
    hour_source: string | null;
    /**
     * 0..23, the recipient's own clock
     */
    local_hour: number | null;
    /**
     * Fencing token: how many claims of it are over. Whoever claims it holds the next number, and may record an outcome only as long
     * as that is the next.
     */
    token: Generated<number>;
    /**
     * The attempt that left it as it stands
     */
    attempt_id: string | null;
    not_before: Timestamp | null;
    accepted_at: Timestamp | null;
    delivered_at: Timestamp | null;
    opened_at: Timestamp | null;
    clicked_at: Timestamp | null;
    bounced_at: Timestamp | null;
    complained_at: Timestamp | null;
    unsubscribed_at: Timestamp | null;
    created_at: Timestamp;
};
export type models = {
    id: string;
    store_id: string;
    /**
     * bg-nbd, mbg-nbd, pareto-nbd, gamma-gamma ...
     */
    name: string;
    fitted_at: Timestamp;
    /**
     * History up to this instant was used.
     */
    as_of: Timestamp;
    customers: number;
    parameters: unknown;
    standard_errors: unknown;
    log_likelihood: number;
    converged: boolean;
    warnings: unknown;
    /**
     * Figures on the held-out end of the history.
     */
    holdout: unknown | null;
};
export type order_lines = {
    order_id: string;
    store_id: string;
    /**
     * Name each line within its order for ever: 53 bits hashed from the platform's id of it, or from what it says. Ascending.
     */
    lines: number[];
    /**
     * Null where the line names no product.
     */
    product_ids: string[];
    quantities: number[];
    amounts: number[];
};
export type orders = {
    id: string;
    store_id: string;
    customer_id: string;
    platform: string;
    external_id: string;
    /**
     * sale, return
     */
    kind: Generated<string>;
    ordered_at: Timestamp;
    /**
     * Minor units; negative for a return.
     */
    amount: number;
    currency: string;
    /**
     * As of when a platform last told of it: what was told before that comes too late. Null for a file
     */
    told_at: Timestamp | null;
};
export type organisations = {
    id: string;
    name: string;
    created_at: Timestamp;
};
export type outcomes = {
    store_id: string;
    campaign_id: string;
    customer_id: string;
    /**
     * treated, holdout
     */
    arm: string;
    orders: Generated<number>;
    /**
     * minor units, sales less returns
     */
    revenue: Generated<number>;
    first_order_at: Timestamp | null;
    updated_at: Timestamp;
};
export type personal_exports = {
    id: string;
    store_id: string;
    customer_id: string;
    platform: string;
    at: Timestamp;
    body: Buffer;
    fetched_at: Timestamp | null;
};
export type platform_accounts = {
    platform: string;
    account: string;
    store_id: string;
};
export type preferences = {
    id: Generated<number>;
    store_id: string;
    customer_id: string;
    at: Timestamp;
    /**
     * The page where it was said: public
     */
    source: string;
    /**
     * Topics (keys of the store's settings) that the person does not want to hear of
     */
    topics_off: string[];
    /**
     * At most one mail in so many days; null: as often as the store writes
     */
    days_between: number | null;
    /**
     * No mail before this instant
     */
    paused_until: Timestamp | null;
    /**
     * Language of the mails, whatever the platforms say; null: theirs counts
     */
    language: string | null;
};
export type product_pairs = {
    store_id: string;
    product_id: string;
    next_id: string;
    /**
     * Baskets with both
     */
    baskets: number;
    support: number;
    confidence: number;
    lift: number;
    /**
     * Lower end of the 95 % interval of confidence: what to rank by
     */
    surely: number;
    made_at: Timestamp;
};
export type products = {
    id: string;
    store_id: string;
    platform: string;
    external_id: string;
    name: string;
    /**
     * As of when it was called so
     */
    name_at: Timestamp | null;
    image_url: string | null;
    url: string | null;
    created_at: Timestamp;
};
export type provider_paces = {
    provider: string;
    /**
     * Requests a second at stepped_at; null: as fast as we can
     */
    per_second: number | null;
    ceiling: number | null;
    stepped_at: Timestamp | null;
    tokens: Generated<number>;
    refilled_at: Timestamp | null;
    blocked_until: Timestamp | null;
};
export type rejected_rows = {
    store_id: string;
    import_id: string;
    /**
     * Which of the import's lists: orders, customers
     */
    source: Generated<string>;
    line: number;
    reason: string;
};
export type replies = {
    id: string;
    store_id: string;
    customer_id: string;
    /**
     * The mail that was answered, and its campaign
     */
    message_id: string;
    campaign_id: string;
    at: Timestamp;
    /**
     * person: somebody must answer. unsubscribe: wants no more mail
     */
    kind: string;
    /**
     * Subject and words, sealed
     */
    body: Buffer;
};
export type reports = {
    id: string;
    store_id: string;
    /**
     * week, month
     */
    span: string;
    from_at: Timestamp;
    until_at: Timestamp;
    figures: unknown;
    made_at: Timestamp;
    /**
     * Set before it is mailed: a report is mailed at most once
     */
    mailed_at: Timestamp | null;
    mailed_to: Generated<number>;
};
export type score_runs = {
    store_id: string;
    version: number;
    as_of: Timestamp;
    /**
     * Null where the store is too young for a model: then the plain rhythm rule scored it, and reason says why.
     */
    model_id: string | null;
    spend_model_id: string | null;
    method: string;
    reason: string | null;
    customers: number;
    data_version: number;
    created_at: Timestamp;
};
export type scores = {
    store_id: string;
    version: number;
    customer_id: string;
    /**
     * scored, not_enough_data
     */
    state: string;
    /**
     * 0..1; probability that the person is still a customer
     */
    p_alive: number | null;
    /**
     * 0..1; probability of at least one order in 90 days, unprompted
     */
    p_return_90: number | null;
    expected_orders_90: number | null;
    expected_orders_365: number | null;
    /**
     * minor units
     */
    expected_value_90: number | null;
    expected_value_365: number | null;
    /**
     * minor units a year that this person is worth while alive, times the chance of having gone
     */
    value_at_risk: number | null;
    usual_interval_days: number | null;
    days_since_last: number;
    next_order_at: Timestamp | null;
    next_order_low: Timestamp | null;
    next_order_high: Timestamp | null;
    /**
     * new, active, slipping, lapsed, lost
     */
    life_stage: string;
    /**
     * hour of the recipient's week, 0 = Monday 00:00
     */
    best_hour: number | null;
    /**
     * [{code, values}] strongest first; words are made where they are read, in the reader's language
     */
    reasons: unknown;
};
export type segment_members = {
    store_id: string;
    segment_id: string;
    customer_id: string;
    entered_at: Timestamp;
};
export type segments = {
    id: string;
    store_id: string;
    key: string;
    name: string;
    /**
     * The segment language, see core/src/segments
     */
    rule: unknown;
    built_in: Generated<boolean>;
    members: Generated<number>;
    /**
     * stores.score_version this membership was made from
     */
    score_version: Generated<number>;
    refreshed_at: Timestamp | null;
};
export type send_hours = {
    store_id: string;
    /**
     * Beginning of the hour, UTC
     */
    hour: Timestamp;
    /**
     * Domain of the sender's address
     */
    domain: string;
    /**
     * gmail, microsoft, yahoo ..., other
     */
    mailbox: string;
    sent: number;
};
export type sending_states = {
    store_id: string;
    /**
     * normal, slowed, stopped
     */
    state: Generated<string>;
    /**
     * Why: {cause, share, count, sent, bound}; parsed by core/delivery/pace
     */
    reason: unknown | null;
    since: Timestamp | null;
    looked_at: Timestamp | null;
    /**
     * A person let it go on here: what came before does not count any more
     */
    counted_from: Timestamp | null;
    /**
     * Nothing is claimed before this instant
     */
    held_until: Timestamp | null;
    /**
     * warm_up, slowed, hourly_limit
     */
    held_reason: string | null;
    /**
     * Mails of the hourly limit that may go at once
     */
    tokens: Generated<number>;
    refilled_at: Timestamp | null;
};
export type stage_runs = {
    store_id: string;
    stage: string;
    /**
     * running, done, failed
     */
    state: string;
    started_at: Timestamp;
    finished_at: Timestamp | null;
    /**
     * stores.data_version (or score_version) that this run used
     */
    input_version: Generated<number>;
    report: Generated<unknown>;
    error: string | null;
    /**
     * Failures in a row; a run that ends well sets it back
     */
    failures: Generated<number>;
    /**
     * A failed stage is not tried again before this instant
     */
    retry_at: Timestamp | null;
};
export type stores = {
    id: string;
    organisation_id: string;
    name: string;
    /**
     * ISO 4217; money everywhere is integer minor units of it.
     */
    currency: string;
    /**
     * IANA zone of the shop's own day.
     */
    time_zone: string;
    /**
     * ISO 3166-1 alpha-2.
     */
    country: string;
    /**
     * BCP 47, what the merchant reads and what mails fall back to.
     */
    language: string;
    website: Generated<string>;
    sender_name: string;
    sender_email: string;
    reply_to: Generated<string>;
    /**
     * Printed in every mail (CAN-SPAM, CASL).
     */
    postal_address: string;
    /**
     * True for made-up customers: every page that shows them says so.
     */
    simulated: Generated<boolean>;
    /**
     * Keys the holdout draw, so that it can be replayed. Never leaves the database but into the draw.
     */
    draw_key: string;
    /**
     * Share of customers who never get anything from Rekindle, to measure the whole. 0..0.5
     */
    control_share: Generated<number>;
    /**
     * Mail settings a merchant may change: quiet hours, caps, tracking, brand voice. Parsed by core/accounts.
     */
    settings: Generated<unknown>;
    /**
     * Grows by one whenever ingest commits something new; stages compare it with what they last used.
     */
    data_version: Generated<number>;
    /**
     * Version of the scores that count (scores.version).
     */
    score_version: Generated<number>;
    created_at: Timestamp;
};
export type suppressions = {
    store_id: string;
    address_hash: string;
    /**
     * unsubscribed, complaint, hard_bounce, erased, manual
     */
    reason: string;
    at: Timestamp;
    source: string;
};
export type users = {
    id: string;
    organisation_id: string;
    email: string;
    name: string;
    /**
     * owner, admin, editor, viewer
     */
    role: string;
    created_at: Timestamp;
};
export type variants = {
    id: string;
    store_id: string;
    campaign_id: string;
    /**
     * '' for a campaign's one mail, else the journey step
     */
    step: Generated<string>;
    /**
     * a, b, ...
     */
    key: string;
    language: string;
    weight: Generated<number>;
    subject: string;
    preheader: string;
    /**
     * The blocks the writer wrote, before layout
     */
    content: unknown;
    /**
     * Liquid, compiled from MJML once
     */
    html: string;
    text: string;
    /**
     * playbook, openai:<model>
     */
    writer: string;
    created_at: Timestamp;
};
export type webhook_inbox = {
    id: Generated<number>;
    store_id: string;
    source: string;
    vendor_event_id: string;
    received_at: Timestamp;
    body: Buffer;
    processed_at: Timestamp | null;
    error: string | null;
};
export type write_backs = {
    id: Generated<number>;
    store_id: string;
    platform: string;
    /**
     * score, outcome, touch, consent
     */
    kind: string;
    subject_id: string;
    /**
     * A second row with this key replaces a first that has not left yet
     */
    dedupe_key: string;
    payload: unknown;
    /**
     * pending, done, failed
     */
    state: Generated<string>;
    attempts: Generated<number>;
    next_attempt_at: Timestamp;
    done_at: Timestamp | null;
    error: string | null;
    created_at: Timestamp;
};
export type DB = {
    allocations: allocations;
    api_keys: api_keys;
    attempts: attempts;
    audit_entries: audit_entries;
    campaigns: campaigns;
    connections: connections;
    consents: consents;
    customer_totals: customer_totals;
    customers: customers;
    domain_checks: domain_checks;
    domain_owners: domain_owners;
    enrolments: enrolments;
    events: events;
    forecasts: forecasts;
    holdouts: holdouts;
    identities: identities;
    imports: imports;
    insights: insights;
    journeys: journeys;
    mail_scores: mail_scores;
    mailbox_paces: mailbox_paces;
    measurements: measurements;
    merges: merges;
    messages: messages;
    models: models;
    order_lines: order_lines;
    orders: orders;
    organisations: organisations;
    outcomes: outcomes;
    personal_exports: personal_exports;
    platform_accounts: platform_accounts;
    preferences: preferences;
    product_pairs: product_pairs;
    products: products;
    provider_paces: provider_paces;
    rejected_rows: rejected_rows;
    replies: replies;
    reports: reports;
    score_runs: score_runs;
    scores: scores;
    segment_members: segment_members;
    segments: segments;
    send_hours: send_hours;
    sending_states: sending_states;
    stage_runs: stage_runs;
    stores: stores;
    suppressions: suppressions;
    users: users;
    variants: variants;
    webhook_inbox: webhook_inbox;
    write_backs: write_backs;
};
