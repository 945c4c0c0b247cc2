// The page of the contest: everybody in turn, round after round, over the same 64 MiB.
import { buffersOf, partsOf, Underseal } from "./underseal.js";

const SIZE = 64 * 1024 * 1024;
const CHUNK = 65_536;

const same = (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at]);

async function rivalsOf(plain, key) {
  const worker = new Worker("/rivals.js", { type: "module" });
  const ask = (message) =>
    new Promise((done, refuse) => {
      worker.onerror = (event) => refuse(new Error(event.message));
      worker.onmessage = ({ data }) => (data.trouble ? refuse(new Error(data.trouble)) : done(data));
      worker.postMessage(message);
    });
  const { ready } = await ask({ plain: plain.slice().buffer, key });
  return { names: ready, ask };
}

/** What a contestant of ours does in a round: first by the program that only seals, where there is one. */
async function round(ours, bare, plain) {
  const fromFile = bare === undefined;
  const file = new Blob([plain]);
  const part = SIZE / ours.parts;
  const inputs = fromFile
    ? Array.from({ length: ours.parts }, (_, at) => file.slice(at * part, (at + 1) * part))
    : partsOf(plain);
  const there = fromFile ? undefined : await ours.sealThere(partsOf(plain));
  const sealed = await ours.seal(inputs);
  if (there && there.root !== sealed.root) throw new Error("sealed again it has another root");
  const alone = fromFile ? undefined : await bare.sealAlone(partsOf(plain));
  for (const [at, tag] of (alone?.tags ?? []).entries()) {
    const last = await sealed.blobs[at].slice(-tag.length).arrayBuffer();
    if (!same(new Uint8Array(last), tag)) throw new Error("sealed alone it is sealed otherwise");
  }
  const opened = await ours.open(await buffersOf(sealed.blobs), sealed);
  const [first] = await buffersOf([sealed.blobs[0].slice(0, CHUNK + 16)]);
  const bytes = new Uint8Array(await new Blob(opened.blobs).arrayBuffer());
  for (let at = 0; at < SIZE; at += 4099) {
    if (bytes[at] !== plain[at]) throw new Error("another plaintext than what was sealed");
  }
  const took = { seal: alone?.took ?? sealed.took, root: there?.took, out: there && sealed.took, open: opened.took };
  return { ...took, first: new Uint8Array(first) };
}

/** Milliseconds of every round, by contestant. */
export async function contest({ rounds, workers, bare, script, module, job, key }) {
  const plain = new Uint8Array(SIZE);
  for (let at = 0; at < SIZE; at += CHUNK) crypto.getRandomValues(plain.subarray(at, at + CHUNK));
  const seals = { job: new Uint8Array(job), key: new Uint8Array(key), size: SIZE };
  const only = { ...seals, ...bare, module: await WebAssembly.compileStreaming(fetch(bare.module)) };
  const given = {
    ...seals,
    script,
    module: await WebAssembly.compileStreaming(fetch(module)),
  };
  const rivals = await rivalsOf(plain, given.key);
  const start = (size, what) => Underseal.of(size, what);
  const [one, pool, whole] = [await start(1, given), await start(workers, given), await start(workers, given)];
  const [oneBare, poolBare] = [await start(1, only), await start(workers, only)];
  const runs = {
    worker: () => round(one, oneBare, plain),
    pool: () => round(pool, poolBare, plain),
    whole: () => round(whole, undefined, plain),
    ...Object.fromEntries(rivals.names.map((name) => [name, () => rivals.ask({ name })])),
  };
  const times = Object.fromEntries(Object.keys(runs).map((name) => [name, { seal: [], root: [], out: [], open: [] }]));
  // The first round warms up, and shows that all who seal as we do seal alike.
  for (let turn = -1; turn < rounds; turn += 1) {
    const firsts = {};
    for (const [name, run] of Object.entries(runs)) {
      const { seal, root, out, open, first } = await run();
      firsts[name] = first;
      if (turn < 0) continue;
      times[name].seal.push(seal);
      times[name].open.push(open);
      if (root !== undefined) times[name].root.push(root);
      if (out !== undefined) times[name].out.push(out);
    }
    for (const name of ["pool", "whole", "libsodium", "noble"]) {
      if (!same(firsts[name], firsts.worker)) throw new Error(`${name} seals otherwise`);
    }
  }
  return times;
}

globalThis.contest = contest;
