// The npm package age-encryption (typage), for the tests of shared. Hex on standard input and
// output, one line a field:
//   node typage.mjs open-key         identity, file   ->  plaintext
//   node typage.mjs open-passphrase  passphrase, file ->  plaintext
//   node typage.mjs seal-key         recipient, text  ->  file
//   node typage.mjs seal-passphrase  passphrase, text ->  file
//   node typage.mjs recipient        identity         ->  recipient
// Text fields travel as hex of UTF-8 too.
import { readFileSync } from "node:fs";
import { Decrypter, Encrypter, identityToRecipient } from "age-encryption";

const fields = readFileSync(0, "utf8").trimEnd().split("\n").map((line) => Buffer.from(line, "hex"));
const text = (at) => fields[at].toString("utf8");
const bytes = (at) => new Uint8Array(fields[at]);

const open = (unlock) => {
  const decrypter = new Decrypter();
  unlock(decrypter);
  return decrypter.decrypt(bytes(1));
};
const seal = (unlock) => {
  const encrypter = new Encrypter();
  unlock(encrypter);
  return encrypter.encrypt(bytes(1));
};

const commands = {
  "open-key": () => open((d) => d.addIdentity(text(0))),
  "open-passphrase": () => open((d) => d.addPassphrase(text(0))),
  "seal-key": () => seal((e) => e.addRecipient(text(0))),
  "seal-passphrase": () => seal((e) => {
    e.setScryptWorkFactor(10);
    e.setPassphrase(text(0));
  }),
  recipient: async () => new TextEncoder().encode(await identityToRecipient(text(0))),
};

const command = commands[process.argv[2]];
if (!command) throw new Error(`no such command: ${process.argv[2]}`);
process.stdout.write(`${Buffer.from(await command()).toString("hex")}\n`);
