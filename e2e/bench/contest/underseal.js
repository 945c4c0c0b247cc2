// Underseal's own workers, driven as app/src/platform/worker.rs does: the script and the module of
// the release site, one task at a time for each worker, parts of 4 MiB, small answers checked.
const CHUNK = 65_536;
const PART = 64 * CHUNK;
/** Jobs of app/worker/src/documents.rs. */
const [SEAL, CHECK, HASH, OPEN, FOLLOW] = [1, 2, 3, 4, 5];

const little = (value, bytes) => {
  const out = new Uint8Array(bytes);
  const view = new DataView(out.buffer);
  if (bytes === 4) view.setUint32(0, value, true);
  else view.setBigUint64(0, BigInt(value), true);
  return out;
};

/** app/worker/src/frame.rs */
function join(parts) {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + 4 + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(little(part.length, 4), at);
    joined.set(part, at + 4);
    at += 4 + part.length;
  }
  return joined;
}

function split(joined) {
  const parts = [];
  for (let at = 0; at < joined.length; ) {
    const length = new DataView(joined.buffer, joined.byteOffset + at).getUint32(0, true);
    parts.push(joined.slice(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return parts;
}

class Pool {
  constructor(hands) {
    this.hands = hands;
    this.idle = [...hands];
    this.waiting = [];
  }

  static async of(size, { script, module }) {
    const start = () =>
      new Promise((ready, refuse) => {
        const worker = new Worker(script);
        worker.onerror = (event) => refuse(new Error(event.message));
        worker.onmessage = () => ready(worker);
        worker.postMessage(module);
      });
    return new Pool(await Promise.all(Array.from({ length: size }, start)));
  }

  run(job, head, body) {
    return new Promise((done, refuse) => {
      this.waiting.push({ job, head, body, done, refuse });
      this.giveOut();
    });
  }

  giveOut() {
    while (this.idle.length > 0 && this.waiting.length > 0) {
      const worker = this.idle.pop();
      const { job, head, body, done, refuse } = this.waiting.shift();
      worker.onmessage = ({ data: [, good, answer, bytes] }) => {
        this.idle.push(worker);
        this.giveOut();
        if (good) done([answer, bytes]);
        else refuse(new Error(`job ${job} was refused with ${answer}`));
      };
      const moved = body instanceof ArrayBuffer ? [head.buffer, body] : [head.buffer];
      worker.postMessage([0, job, head, body], moved);
    }
  }
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** RFC 6962 over the roots of full parts. */
async function rootOf(roots) {
  if (roots.length === 1) return roots[0];
  let half = 1;
  while (half * 2 < roots.length) half *= 2;
  const [left, right] = [await rootOf(roots.slice(0, half)), await rootOf(roots.slice(half))];
  const node = new Uint8Array([1, ...left, ...right]);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", node));
}

/** One way of Underseal's: how many workers, and what comes with it. */
export class Underseal {
  constructor(given, pool, follower) {
    Object.assign(this, given, { pool, follower });
    this.parts = Math.ceil(this.size / PART);
    this.sealedSize = this.size + (this.size / CHUNK) * 16;
  }

  /** `size` workers; for a whole file one more, which makes the digest of the plaintext. */
  static async of(size, whole, given) {
    const follower = whole ? await Pool.of(1, given) : undefined;
    return new Underseal(given, await Pool.of(size, given), follower);
  }

  sealHead(at) {
    return join([this.job, little(at, 4), little(this.size, 8)]);
  }

  /** Seals everything and makes the root, and leaves the bytes in the workers, as the others do. */
  async sealThere(inputs) {
    const began = performance.now();
    const roots = await Promise.all(
      inputs.map((input, at) => this.pool.run(CHECK, this.sealHead(at), input)),
    );
    const root = hex(await rootOf(roots.map(([answer]) => answer)));
    return { took: performance.now() - began, root };
  }

  /** Seals everything and hands it out, with a digest for each part; `inputs` are moved or blobs. */
  async seal(inputs, file) {
    const began = performance.now();
    const digest = this.follower?.run(HASH, new Uint8Array(0), file);
    const sealed = await Promise.all(
      inputs.map((input, at) => this.pool.run(SEAL, this.sealHead(at), input)),
    );
    const [whole] = (await digest) ?? [];
    const took = performance.now() - began;
    const root = hex(await rootOf(sealed.map(([answer]) => split(answer)[1])));
    return { took, root, whole: whole && hex(whole), blobs: sealed.map(([, blob]) => blob) };
  }

  /** Opens everything and compares the root; for a whole file also the digest, part by part. */
  async open(inputs, expected) {
    const head = (at) => join([this.key, little(at, 4), little(this.sealedSize, 8)]);
    const began = performance.now();
    const opening = inputs.map((input, at) => this.pool.run(OPEN, head(at), input));
    let whole;
    if (this.follower) {
      for (const [at, part] of opening.entries()) {
        [whole] = await this.follower.run(FOLLOW, little(at * PART, 8), (await part)[1]);
      }
    }
    const opened = await Promise.all(opening);
    const root = hex(await rootOf(opened.map(([answer]) => split(answer)[0])));
    if (root !== expected.root) throw new Error("another root than what was sealed");
    if (whole && hex(whole) !== expected.whole) throw new Error("another digest");
    const took = performance.now() - began;
    return { took, blobs: opened.map(([, blob]) => blob) };
  }
}

export const buffersOf = (blobs) => Promise.all(blobs.map((blob) => blob.arrayBuffer()));
export const partsOf = (bytes) =>
  Array.from({ length: bytes.length / PART }, (_, at) => bytes.slice(at * PART, (at + 1) * PART).buffer);
