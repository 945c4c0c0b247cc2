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
  if (plain.length !== object.size || sha256(plain) !== object.sha256) {
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
