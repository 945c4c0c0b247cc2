-- A part is known by the root over its chunks, which no other bytes have.
ALTER TABLE part DROP COLUMN sha256;
