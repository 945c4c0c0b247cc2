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

/** What a contestant of ours does in a round. */
async function round(ours, plain, fromFile) {
  const file = new Blob([plain]);
  const part = SIZE / ours.parts;
  const inputs = fromFile
    ? Array.from({ length: ours.parts }, (_, at) => file.slice(at * part, (at + 1) * part))
    : partsOf(plain);
  const there = fromFile ? undefined : await ours.sealThere(partsOf(plain));
  const sealed = await ours.seal(inputs, file);
  if (there && there.root !== sealed.root) throw new Error("sealed again it has another root");
  const opened = await ours.open(await buffersOf(sealed.blobs), sealed);
  const [first] = await buffersOf([sealed.blobs[0].slice(0, CHUNK + 16)]);
  const bytes = new Uint8Array(await new Blob(opened.blobs).arrayBuffer());
  for (let at = 0; at < SIZE; at += 4099) {
    if (bytes[at] !== plain[at]) throw new Error("another plaintext than what was sealed");
  }
  const took = { seal: there?.took ?? sealed.took, out: there && sealed.took, open: opened.took };
  return { ...took, first: new Uint8Array(first) };
}

/** Milliseconds of every round, by contestant. */
export async function contest({ rounds, workers, script, module, job, key }) {
  const plain = new Uint8Array(SIZE);
  for (let at = 0; at < SIZE; at += CHUNK) crypto.getRandomValues(plain.subarray(at, at + CHUNK));
  const given = {
    script,
    module: await WebAssembly.compileStreaming(fetch(module)),
    job: new Uint8Array(job),
    key: new Uint8Array(key),
    size: SIZE,
  };
  const rivals = await rivalsOf(plain, given.key);
  const [one, pool, whole] = [
    await Underseal.of(1, false, given),
    await Underseal.of(workers, false, given),
    await Underseal.of(workers, true, given),
  ];
  const runs = {
    worker: () => round(one, plain, false),
    pool: () => round(pool, plain, false),
    whole: () => round(whole, plain, true),
    ...Object.fromEntries(rivals.names.map((name) => [name, () => rivals.ask({ name })])),
  };
  const times = Object.fromEntries(Object.keys(runs).map((name) => [name, { seal: [], out: [], open: [] }]));
  // The first round warms up, and shows that all who seal as we do seal alike.
  for (let turn = -1; turn < rounds; turn += 1) {
    const firsts = {};
    for (const [name, run] of Object.entries(runs)) {
      const { seal, out, open, first } = await run();
      firsts[name] = first;
      if (turn < 0) continue;
      times[name].seal.push(seal);
      times[name].open.push(open);
      if (out !== undefined) times[name].out.push(out);
    }
    for (const name of ["pool", "whole", "libsodium", "noble"]) {
      if (!same(firsts[name], firsts.worker)) throw new Error(`${name} seals otherwise`);
    }
  }
  return times;
}

globalThis.contest = contest;
