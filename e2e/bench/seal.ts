// The fastest seal in a browser: Underseal's workers of the release site against libsodium.js,
// noble-ciphers, npm's age-encryption and the browser's own AES-256-GCM, in turn in one page.
import { createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { createServer, type Server as Http } from "node:http";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { cpus } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { build } from "esbuild";
import { Server } from "../fixtures/server.ts";
import { median, round } from "../fixtures/figures.ts";

const ROUNDS = 7;
const SIZE = 64 * 1024 * 1024;
const CONTEST = fileURLToPath(new URL("contest/", import.meta.url));

/** The worker's program as the release site serves it, with the integrity that its page demands. */
async function program(server: Server): Promise<{ script: Buffer; module: Buffer }> {
  const get = async (path: string) => {
    const answer = await fetch(new URL(path, server.origin));
    expect(answer.ok, path).toBe(true);
    return Buffer.from(await answer.arrayBuffer());
  };
  const page = (await get("/unlock")).toString("utf8");
  const named = (name: string) => new RegExp(`data-worker-simd${name}="([^"]+)"`).exec(page)?.[1] ?? "";
  const [script, module] = [await get(named("")), await get(named("-wasm"))];
  const digest = createHash("sha384").update(module).digest("base64");
  expect(named("-integrity")).toBe(`sha384-${digest}`);
  return { script, module };
}

/** What a plan hands to a worker (CRYPTO 9): a file's header, nonce and key, sealed to nobody. */
function sealing(): { job: Buffer; key: Buffer } {
  const [fileKey, nonce, context] = [randomBytes(16), randomBytes(16), randomBytes(32)];
  const base64 = (bytes: Buffer) => bytes.toString("base64").replace(/=+$/, "");
  const hkdf = (salt: Buffer, info: string) => Buffer.from(hkdfSync("sha256", fileKey, salt, info, 32));
  const head =
    `age-encryption.org/v1\n-> underseal/ctx ${base64(context)}\n\n` +
    `-> mlkem768x25519 ${base64(randomBytes(1120))}\n${base64(randomBytes(32))}\n---`;
  const mac = createHmac("sha256", hkdf(Buffer.alloc(0), "header")).update(head).digest();
  const header = Buffer.from(`${head} ${base64(mac)}\n`);
  const bytes = (value: Buffer) => {
    const { length } = value;
    const long = length < 24 ? [0x40 + length] : length < 256 ? [0x58, length] : [0x59, length >> 8, length & 255];
    return Buffer.concat([Buffer.from(long), value]);
  };
  const fields = [header, nonce, fileKey, context].flatMap((value, at) => [Buffer.from([at + 1]), bytes(value)]);
  return { job: Buffer.concat([Buffer.from([0xa4]), ...fields]), key: hkdf(nonce, "payload") };
}

/** A page of the contest's own: the product's policy lets no foreign program in. */
async function stage(files: Record<string, string | Buffer>): Promise<{ http: Http; origin: string }> {
  const kinds: Record<string, string> = { js: "text/javascript", wasm: "application/wasm" };
  const http = createServer((request, answer) => {
    const path = request.url ?? "/";
    const found = path === "/" ? "<!doctype html><script type=module src=/page.js></script>" : files[path];
    answer.statusCode = found === undefined ? 404 : 200;
    answer.setHeader("Content-Type", kinds[path.split(".").pop() ?? ""] ?? "text/html");
    answer.end(found);
  }).listen(0, "127.0.0.1");
  await once(http, "listening");
  const address = http.address();
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return { http, origin: `http://127.0.0.1:${address.port}` };
}

/**
 * `seal`: from bytes in memory, and nothing but sealed; everybody's sealed bytes stay in their worker. Ours is
 * done by a program that is the product's worker without its hashing. `root`: sealed, and the ciphertext root made
 * of it, by the product's worker; of others, the leaves of one. `out`: as Underseal sends it, each part with the
 * digest of the file's and handed over as a blob. `open`: ours gives blobs and compares root and digest. Of `whole`,
 * both are all that the product does with a file: read from a blob, sealed, rooted, digested; fetched, opened,
 * compared.
 */
type Times = Record<string, Record<What, number[]>>;
type What = "seal" | "root" | "out" | "open";

test("seal", async ({ browser }) => {
  const out = process.env.UNDERSEAL_BENCH_OUT;
  if (!out) throw new Error("UNDERSEAL_BENCH_OUT must name the file for the result");
  const server = await Server.start();
  const { script, module } = await program(server);
  const folder = process.env.UNDERSEAL_BENCH_WORKER;
  if (!folder) throw new Error("UNDERSEAL_BENCH_WORKER must name the folder of the worker that only seals");
  const end = await readFile(fileURLToPath(new URL("../../app/boot/worker.js", import.meta.url)));
  const rivals = await build({
    entryPoints: [`${CONTEST}rivals.js`],
    bundle: true,
    format: "esm",
    minify: true,
    write: false,
    target: "es2022",
  });
  const { http, origin } = await stage({
    "/page.js": await readFile(`${CONTEST}page.js`),
    "/underseal.js": await readFile(`${CONTEST}underseal.js`),
    "/rivals.js": rivals.outputFiles[0]?.text ?? "",
    "/bare.js": Buffer.concat([await readFile(join(folder, "bare.js")), end]),
    "/bare.wasm": await readFile(join(folder, "bare.wasm")),
    "/worker.js": script,
    "/worker.wasm": module,
  });
  const page = await browser.newPage();
  await page.goto(origin);
  await page.waitForFunction(() => "contest" in globalThis);
  const { job, key } = sealing();
  const given = {
    rounds: ROUNDS,
    workers: Math.min(Math.max(cpus().length, 1), 8),
    bare: { script: "/bare.js", module: "/bare.wasm" },
    script: "/worker.js",
    module: "/worker.wasm",
    job: [...job],
    key: [...key],
  };
  const times = (await page.evaluate(
    (wish) => (globalThis as unknown as { contest(wish: unknown): Promise<unknown> }).contest(wish),
    given,
  )) as Times;

  const rate = (name: string, what: What) => SIZE / 1e3 / median(times[name]?.[what] ?? []);
  // Round by round, so that a busy moment of the machine weighs on both sides of a ratio.
  const ratio = (a: [string, What], b: [string, What]) => {
    const [first, second] = [times[a[0]]?.[a[1]] ?? [], times[b[0]]?.[b[1]] ?? []];
    return round(median(second.map((took, at) => took / (first[at] ?? Number.NaN))));
  };
  const shown = Object.keys(times).flatMap((name) =>
    (["seal", "root", "out", "open"] as const)
      .filter((what) => (times[name]?.[what].length ?? 0) > 0)
      .map((what) => ({ id: `${what}.${name}_mb_s`, value: round(rate(name, what)), unit: "MB/s" })),
  );
  const rooted = [
    { id: "root.worker_vs_libsodium", value: ratio(["worker", "root"], ["libsodium", "root"]), unit: "of it" },
    { id: "root.pool_vs_native_aes_gcm", value: ratio(["pool", "root"], ["native", "root"]), unit: "of it" },
  ];
  const goal = (id: string, value: number, wanted: number) => ({ id, value, goal: wanted, better: "higher" });
  const result = {
    figures: [...shown, ...rooted, { id: "seal.workers", value: given.workers, unit: "workers in the pool" }],
    goals: [
      goal("seal.worker_vs_libsodium", ratio(["worker", "seal"], ["libsodium", "seal"]), 2.5),
      goal("seal.pool_vs_native_aes_gcm", ratio(["pool", "seal"], ["native", "seal"]), 1),
      goal("open.verified_vs_seal", ratio(["whole", "open"], ["whole", "seal"]), 0.8),
    ],
  };
  await writeFile(out, `${JSON.stringify(result, null, 2)}\n`);
  await page.close();
  http.close();
  await server.remove();
});
