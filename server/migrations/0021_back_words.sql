-- A way back that twelve words open: its credential is the SHA-256 of what the words show, and there is no state.
ALTER TABLE way_back ADD COLUMN words BIGINT NOT NULL DEFAULT 0;
