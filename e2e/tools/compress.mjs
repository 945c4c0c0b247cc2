// Writes FILE.br (brotli 11) and FILE.gz (gzip 9) beside every file named on stdin, one path per
// line below the folder given as the argument. A twin that would not be smaller is not written.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const folder = process.argv[2];
let input = "";
for await (const piece of process.stdin) input += piece;

async function twins(path) {
  const file = join(folder, path);
  const plain = await readFile(file);
  const brotli = promisify(brotliCompress)(plain, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
      // What WebAssembly comes out smallest with, by trying: shorter blocks, and near distances by their own codes.
      [constants.BROTLI_PARAM_LGBLOCK]: 17,
      [constants.BROTLI_PARAM_NDIRECT]: 15,
    },
  });
  const made = { br: await brotli, gz: await promisify(gzip)(plain, { level: 9 }) };
  for (const [ending, bytes] of Object.entries(made)) {
    if (bytes.length < plain.length) await writeFile(`${file}.${ending}`, bytes);
  }
}

await Promise.all(input.split("\n").filter(Boolean).map(twins));
