// Opens an unpacked export with the npm package age-encryption and nothing of Underseal, as a
// lawyer in ten years might: node open-export.mjs FOLDER PASSPHRASE
// Prints the SHA-256 of every opened document by its name, and of every other opened file.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Decrypter } from "age-encryption";

const [folder, passphrase] = process.argv.slice(2);
const read = (file) => new Uint8Array(readFileSync(join(folder, file)));
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** A document's digest: the RFC 6962 root over its chunks of 64 KiB. */
const hash = (...pieces) => createHash("sha256").update(Buffer.concat(pieces)).digest();
function rootOf(leaves) {
  if (leaves.length === 1) return leaves[0];
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return hash(Buffer.from([1]), rootOf(leaves.slice(0, half)), rootOf(leaves.slice(half)));
}
function digestOf(plain) {
  const leaves = [];
  for (let at = 0; at === 0 || at < plain.length; at += 65_536) {
    leaves.push(hash(Buffer.from([0]), plain.subarray(at, at + 65_536)));
  }
  return rootOf(leaves).toString("hex");
}

const first = new Decrypter();
first.addPassphrase(passphrase);
const keys = await first.decrypt(read("matter-key.age"), "text");
const decrypter = new Decrypter();
for (const line of keys.split("\n")) {
  if (line !== "" && !line.startsWith("#")) decrypter.addIdentity(line);
}

const index = JSON.parse(await decrypter.decrypt(read("index.json.age"), "text"));
const opened = {};
for (const object of index.objects) {
  const plain = await decrypter.decrypt(read(object.file));
  if (plain.length !== object.size || digestOf(plain) !== object.digest) {
    throw new Error(`${object.file} is not what the list says`);
  }
  opened[object.name] = sha256(plain);
}
for (const file of readdirSync(join(folder, "answers"))) {
  if (file.endsWith(".txt.age")) {
    opened[file] = sha256(await decrypter.decrypt(read(join("answers", file))));
  }
}
process.stdout.write(`${JSON.stringify(opened)}\n`);
