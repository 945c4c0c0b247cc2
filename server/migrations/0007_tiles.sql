-- The tree in tiles of up to 256 hashes (C2SP tlog-tiles) instead of single nodes. They are made of the
-- statements when this change runs.
CREATE TABLE tile (
    level BIGINT NOT NULL,
    idx BIGINT NOT NULL,
    hashes BYTES NOT NULL,
    PRIMARY KEY (level, idx)
);
-- An older process that still runs stops at its next statement rather than fork the tree.
DROP TABLE node;

-- Where a client's joining stands: its first statement, since nobody signs before being known.
ALTER TABLE signer ADD COLUMN joined BIGINT REFERENCES statement (leaf);
UPDATE signer SET joined = (
    SELECT MIN(leaf) FROM statement WHERE substr(statement.body, 8, 32) = signer.kid
) WHERE invite IS NOT NULL;
