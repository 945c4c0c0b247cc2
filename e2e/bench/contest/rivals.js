// The others, in a worker: 64 MiB in chunks of 64 KiB, each by what its makers recommend, over bytes
// that stand in memory already. Measured here, so that no message counts against them.
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import * as age from "age-encryption";
import sodium from "libsodium-wrappers";

const CHUNK = 65_536;
/** Calls to WebCrypto that are under way at once. */
const MANY = 64;

/** The nonce of chunk `index`, as Underseal's own chunks have it. */
function nonceOf(index, last) {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setBigUint64(3, BigInt(index));
  nonce[11] = last ? 1 : 0;
  return nonce;
}

/** Seals and opens chunk by chunk. */
function byChunks(seal, open) {
  return {
    seal: (plain) => {
      const count = plain.length / CHUNK;
      return Array.from({ length: count }, (_, at) =>
        seal(plain.subarray(at * CHUNK, (at + 1) * CHUNK), nonceOf(at, at + 1 === count)),
      );
    },
    open: (sealed) => sealed.map((chunk, at) => open(chunk, nonceOf(at, at + 1 === sealed.length))),
  };
}

async function libsodium(key) {
  await sodium.ready;
  return byChunks(
    (chunk, nonce) => sodium.crypto_aead_chacha20poly1305_ietf_encrypt(chunk, null, null, nonce, key),
    (chunk, nonce) => sodium.crypto_aead_chacha20poly1305_ietf_decrypt(null, chunk, null, nonce, key),
  );
}

function noble(key) {
  return byChunks(
    (chunk, nonce) => chacha20poly1305(key, nonce).encrypt(chunk),
    (chunk, nonce) => chacha20poly1305(key, nonce).decrypt(chunk),
  );
}

async function ageEncryption() {
  const identity = await age.generateIdentity();
  const encrypter = new age.Encrypter();
  encrypter.addRecipient(await age.identityToRecipient(identity));
  const decrypter = new age.Decrypter();
  decrypter.addIdentity(identity);
  return {
    seal: async (plain) => [await encrypter.encrypt(plain)],
    open: async ([sealed]) => [await decrypter.decrypt(sealed)],
  };
}

async function native(key) {
  const aes = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]);
  const many = async (count, work) => {
    const done = Array.from({ length: count });
    for (let at = 0; at < count; at += 1) {
      if (at >= MANY) await done[at - MANY];
      done[at] = work(at, { name: "AES-GCM", iv: nonceOf(at, at + 1 === count) });
    }
    return (await Promise.all(done)).map((bytes) => new Uint8Array(bytes));
  };
  return {
    seal: (plain) =>
      many(plain.length / CHUNK, (at, how) =>
        crypto.subtle.encrypt(how, aes, plain.subarray(at * CHUNK, (at + 1) * CHUNK)),
      ),
    open: (sealed) => many(sealed.length, (at, how) => crypto.subtle.decrypt(how, aes, sealed[at])),
  };
}

/** The digest of each sealed chunk as a leaf, by the browser, many at once: most of the work of a root. */
async function leaves(sealed) {
  const made = Array.from({ length: sealed.length });
  for (const [at, chunk] of sealed.entries()) {
    if (at >= MANY) await made[at - MANY];
    const leaf = new Uint8Array(chunk.length + 1);
    leaf.set(chunk, 1);
    made[at] = crypto.subtle.digest("SHA-256", leaf);
  }
  return Promise.all(made);
}

/** Who gives a file's chunks one by one, of which a root can be made. */
const ROOTED = ["libsodium", "native"];
const RIVALS = { libsodium, noble, age: ageEncryption, native };
const made = {};
let plain;

/** Whether pieces are, one after the other, the plaintext. */
function isPlain(pieces) {
  let at = 0;
  for (const piece of pieces) {
    for (let i = 0; i < piece.length; i += 4099) if (piece[i] !== plain[at + i]) return false;
    at += piece.length;
  }
  return at === plain.length;
}

async function timed(work) {
  const began = performance.now();
  const done = await work();
  return [performance.now() - began, done];
}

onmessage = async ({ data }) => {
  try {
    if (data.plain) {
      plain = new Uint8Array(data.plain);
      for (const [name, make] of Object.entries(RIVALS)) made[name] = await make(data.key);
      postMessage({ ready: Object.keys(RIVALS) });
      return;
    }
    const rival = made[data.name];
    const [seal, sealed] = await timed(() => rival.seal(plain));
    const [open, opened] = await timed(() => rival.open(sealed));
    if (!isPlain(opened)) throw new Error(`${data.name} did not open what it sealed`);
    const [root] = ROOTED.includes(data.name) ? await timed(async () => leaves(await rival.seal(plain))) : [];
    postMessage({ seal, root, open, first: sealed[0].slice(0, CHUNK + 16) });
  } catch (trouble) {
    postMessage({ trouble: `${data.name ?? "rivals"}: ${trouble}` });
  }
};
