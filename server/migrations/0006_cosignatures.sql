-- The newest cosignature of each member of staff: a witness's word about the journal, not in it.
CREATE TABLE cosignature (
    kid BYTES PRIMARY KEY,
    size BIGINT NOT NULL,
    made BIGINT NOT NULL,
    line TEXT NOT NULL
);
