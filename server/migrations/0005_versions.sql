-- A version of an object names the manifest of the one before, and no two name the same.

ALTER TABLE object ADD COLUMN previous BYTES;
CREATE UNIQUE INDEX object_by_previous ON object (previous);
