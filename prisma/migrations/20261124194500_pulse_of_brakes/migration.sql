-- The pulse counts stores that their complaints or bounces have slowed down or stopped, too. What a function gives cannot be
-- changed in place.
DROP FUNCTION rekindle_pulse(timestamptz);

CREATE FUNCTION rekindle_pulse(as_of timestamptz)
  RETURNS TABLE (stores bigint, due bigint, oldest_due timestamptz, in_doubt bigint, oldest_doubt timestamptz, inbox bigint,
    oldest_inbox timestamptz, write_backs bigint, oldest_write_back timestamptz, failing_stages bigint,
    slowed_stores bigint, stopped_stores bigint)
  LANGUAGE plpgsql AS $$
DECLARE
  one uuid;
  found record;
BEGIN
  stores := 0; due := 0; in_doubt := 0; inbox := 0; write_backs := 0; failing_stages := 0;
  slowed_stores := 0; stopped_stores := 0;
  FOR one IN SELECT s.id FROM stores s LOOP
    PERFORM set_config('app.store_id', one::text, true);
    SELECT count(*) AS n, min(m.scheduled_at) AS oldest INTO found FROM messages m
      WHERE m.store_id = one AND m.state = 'scheduled' AND m.scheduled_at <= as_of
        AND (m.not_before IS NULL OR m.not_before <= as_of)
        AND m.campaign_id IN (SELECT c.id FROM campaigns c WHERE c.store_id = one AND c.state = 'running')
        AND m.id NOT IN (SELECT unnest(a.message_ids) FROM attempts a WHERE a.store_id = one AND a.outcome IS NULL);
    due := due + found.n; oldest_due := least(oldest_due, found.oldest);
    SELECT count(*) AS n, min(a.started_at) AS oldest INTO found FROM messages m
      JOIN attempts a ON a.store_id = one AND a.id = m.attempt_id
      WHERE m.store_id = one AND m.state = 'in_doubt';
    in_doubt := in_doubt + found.n; oldest_doubt := least(oldest_doubt, found.oldest);
    SELECT count(*) AS n, min(w.received_at) AS oldest INTO found FROM webhook_inbox w
      WHERE w.store_id = one AND w.processed_at IS NULL;
    inbox := inbox + found.n; oldest_inbox := least(oldest_inbox, found.oldest);
    SELECT count(*) AS n, min(b.created_at) AS oldest INTO found FROM write_backs b
      WHERE b.store_id = one AND b.state = 'pending';
    write_backs := write_backs + found.n; oldest_write_back := least(oldest_write_back, found.oldest);
    SELECT count(*) AS n INTO found FROM stage_runs r WHERE r.store_id = one AND r.state = 'failed';
    failing_stages := failing_stages + found.n;
    SELECT count(*) FILTER (WHERE p.state = 'slowed') AS slow, count(*) FILTER (WHERE p.state = 'stopped') AS stopped INTO found
      FROM sending_states p WHERE p.store_id = one;
    slowed_stores := slowed_stores + found.slow; stopped_stores := stopped_stores + found.stopped;
    stores := stores + 1;
  END LOOP;
  PERFORM set_config('app.store_id', '', true);
  RETURN NEXT;
END $$;

REVOKE ALL ON FUNCTION rekindle_pulse(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rekindle_pulse(timestamptz) TO rekindle_app;
