// Underseal's own workers, driven as app/src/platform/worker.rs does: the script and the module of
// the release site, two tasks at a time for each worker, parts of 4 MiB, small answers checked.
const CHUNK = 65_536;
const PART = 64 * CHUNK;
/** Jobs of app/worker/src/documents.rs. */
const [SEAL, CHECK, OPEN] = [1, 2, 3];
/** Tasks that a worker has at once. */
const IN_HAND = 2;

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
    this.hands = hands.map((worker) => ({ worker, busy: new Map() }));
    for (const hand of this.hands) hand.worker.onmessage = ({ data }) => this.heard(hand, data);
    this.waiting = [];
    this.number = 0;
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
    for (let inHand = 0; inHand < IN_HAND; inHand += 1) {
      for (const { worker, busy } of this.hands.filter((hand) => hand.busy.size === inHand)) {
        if (this.waiting.length === 0) return;
        const task = this.waiting.shift();
        const { job, head, body } = task;
        this.number += 1;
        busy.set(this.number, task);
        const moved = body instanceof ArrayBuffer ? [head.buffer, body] : [head.buffer];
        worker.postMessage([this.number, job, head, body], moved);
      }
    }
  }

  heard({ busy }, [number, good, answer, bytes]) {
    const { job, done, refuse } = busy.get(number);
    busy.delete(number);
    this.giveOut();
    if (good) done([answer, bytes]);
    else refuse(new Error(`job ${job} was refused with ${answer}`));
  }
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

const hash = async (...bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes)));

/** RFC 6962 over the roots of full parts. */
async function rootOf(roots) {
  if (roots.length === 1) return roots[0];
  let half = 1;
  while (half * 2 < roots.length) half *= 2;
  return hash(1, ...(await rootOf(roots.slice(0, half))), ...(await rootOf(roots.slice(half))));
}

/** What workers answered of a file's parts as two roots: sealed, and as it was. */
async function rootsOf(answers) {
  const parts = answers.map(([answer]) => split(answer));
  const [root, whole] = await Promise.all([0, 1].map((at) => rootOf(parts.map((roots) => roots[at]))));
  return { root: hex(root), whole: hex(whole) };
}

/** One way of Underseal's: how many workers, and what comes with it. */
export class Underseal {
  constructor(given, pool) {
    Object.assign(this, given, { pool });
    this.parts = Math.ceil(this.size / PART);
    this.sealedSize = this.size + (this.size / CHUNK) * 16;
  }

  static async of(size, given) {
    return new Underseal(given, await Pool.of(size, given));
  }

  sealHead(at) {
    return join([this.job, little(at, 4), little(this.size, 8)]);
  }

  /**
   * Seals everything and does nothing else, as other sealers do; the bytes stay in the workers. For the
   * program that only seals (app/worker/src/bin/bare.rs). Gives the tag of each part's last chunk.
   */
  async sealAlone(inputs) {
    const began = performance.now();
    const answers = await Promise.all(
      inputs.map((input, at) => this.pool.run(SEAL, this.sealHead(at), input)),
    );
    return { took: performance.now() - began, tags: answers.map(([tag]) => tag) };
  }

  /** Seals everything and makes the root, and leaves the bytes in the workers, as the others do. */
  async sealThere(inputs) {
    const began = performance.now();
    const answers = await Promise.all(
      inputs.map((input, at) => this.pool.run(CHECK, this.sealHead(at), input)),
    );
    const root = hex(await rootOf(answers.map(([answer]) => answer)));
    return { took: performance.now() - began, root };
  }

  /** Seals everything and hands it out, with a digest for each part; `inputs` are moved or blobs. */
  async seal(inputs) {
    const began = performance.now();
    const sealed = await Promise.all(
      inputs.map((input, at) => this.pool.run(SEAL, this.sealHead(at), input)),
    );
    const roots = await rootsOf(sealed);
    return { took: performance.now() - began, ...roots, blobs: sealed.map(([, blob]) => blob) };
  }

  /** Opens everything and compares both roots. */
  async open(inputs, expected) {
    const head = (at) => join([this.key, little(at, 4), little(this.sealedSize, 8)]);
    const began = performance.now();
    const opened = await Promise.all(inputs.map((input, at) => this.pool.run(OPEN, head(at), input)));
    const { root, whole } = await rootsOf(opened);
    if (root !== expected.root) throw new Error("another root than what was sealed");
    if (whole !== expected.whole) throw new Error("another digest");
    const took = performance.now() - began;
    return { took, blobs: opened.map(([, blob]) => blob) };
  }
}

export const buffersOf = (blobs) => Promise.all(blobs.map((blob) => blob.arrayBuffer()));
export const partsOf = (bytes) =>
  Array.from({ length: bytes.length / PART }, (_, at) => bytes.slice(at * PART, (at + 1) * PART).buffer);
