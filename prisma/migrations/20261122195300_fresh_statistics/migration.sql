-- A table that was filled a moment ago has no statistics, and the next stage's joins are planned as if it were empty.
-- Autovacuum gets there within a minute; a stage that follows at once cannot wait. Only an owner may ANALYZE, so the
-- application asks for it by a function that knows the tables stages fill in bulk, and no others.
CREATE FUNCTION rekindle_analyze(names text[]) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY names LOOP
    IF name NOT IN ('customers', 'identities', 'consents', 'orders', 'order_lines', 'customer_totals', 'scores',
      'segment_members', 'holdouts', 'messages') THEN
      RAISE EXCEPTION 'no stage fills % in bulk', name;
    END IF;
    EXECUTE format('ANALYZE %I', name);
  END LOOP;
END $$;

REVOKE ALL ON FUNCTION rekindle_analyze(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rekindle_analyze(text[]) TO rekindle_app;
