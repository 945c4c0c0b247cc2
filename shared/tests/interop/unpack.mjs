// Writes the vectors of cctv-age into a folder, one a file: node unpack.mjs [folder]
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as vectors from "cctv-age";

const here = dirname(fileURLToPath(import.meta.url));
const folder = process.argv[2] ?? join(here, "node_modules", ".cctv");
mkdirSync(folder, { recursive: true });
let count = 0;
for (const [name, bytes] of Object.entries(vectors.default ?? vectors)) {
  if (!(bytes instanceof Uint8Array)) continue;
  writeFileSync(join(folder, name), bytes);
  count += 1;
}
process.stdout.write(`${count} vectors in ${folder}\n`);
