-- Whose time with the firm ended: 1 for good, 2 suspended; NULL for those who are with it.
ALTER TABLE signer ADD COLUMN ended BIGINT;
