-- A link in an old mail names a customer who may have become part of another since.
CREATE INDEX merges_gone ON merges (store_id, gone_id) WHERE undone_at IS NULL;

-- Names have no time of their own: the platform that knew a person first says them.
ALTER TABLE customers DROP COLUMN profile_at;
