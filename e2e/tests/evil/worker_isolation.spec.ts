// What the page's workers say to it, and keep: ciphertext and hashes go out, no plaintext comes back, and
// neither of them holds on to a file's bytes.
import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { expect, test } from "@playwright/test";
import { made } from "../../fixtures/files.ts";
import { Heard } from "../../fixtures/heard.ts";
import { chooseFiles } from "../../pages/documents.ts";
import { heading, KEYS, MAYA, unlock } from "../../pages/identity.ts";
import { openMatter, tab } from "../../pages/matters.ts";

/** Keeps what every worker of the page says, from before the page's own scripts run. */
function eavesdrop(): void {
  const said: ArrayBuffer[] = [];
  Object.assign(globalThis, { said });
  const keep = (value: unknown): void => {
    if (value instanceof ArrayBuffer) said.push(value.slice(0));
    else if (value instanceof Blob) void value.arrayBuffer().then(keep);
    else if (ArrayBuffer.isView(value)) said.push(new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice().buffer);
    else if (typeof value === "string") said.push(new TextEncoder().encode(value).buffer);
    else if (Array.isArray(value)) value.forEach(keep);
    else if (value && typeof value === "object") Object.values(value).forEach(keep);
  };
  const Real = Worker;
  globalThis.Worker = class extends Real {
    constructor(address: string | URL, options?: WorkerOptions) {
      super(address, options);
      this.addEventListener("message", (event: MessageEvent) => keep(event.data));
    }
  };
}

test("a worker that seals gives back nothing that can be read", async ({ browser }) => {
  test.setTimeout(300_000);
  const heard = await Heard.firm(browser, MAYA);
  const desk = heard.desk;
  await desk.addInitScript(eavesdrop);
  await openMatter(desk, { client: "Isolated", title: "Papers" });
  await desk.reload();
  await unlock(desk, MAYA.passphrase);
  await expect(heading(desk, "Isolated")).toBeVisible(KEYS);
  await desk.evaluate(() => void ((globalThis as unknown as { said: unknown[] }).said.length = 0));

  const marker = randomBytes(32);
  const body = Buffer.concat([randomBytes(200_000), marker, randomBytes(200_000)]);
  const file = await made("sealed.bin", body);
  await tab(desk, "Documents");
  await chooseFiles(desk, [file.path]);
  await expect(desk.getByRole("table").getByRole("button", { name: file.name, exact: true })).toBeVisible(KEYS);

  const said = await desk.evaluate(() =>
    (globalThis as unknown as { said: ArrayBuffer[] }).said.map((one) => Array.from(new Uint8Array(one)))
  );
  const total = said.reduce((sum, one) => sum + one.length, 0);
  expect(total, "the workers sealed the file").toBeGreaterThan(400_000);
  for (const one of said) expect(Buffer.from(one).includes(marker)).toBe(false);
  for (const worker of desk.workers()) {
    // What a worker's own scope shows to whoever gets to run there: no key, no file.
    const shown = await worker.evaluate(() =>
      Object.getOwnPropertyNames(globalThis).filter((name) => /key|secret|seed|file/i.test(name) && !(name in EventTarget))
        .filter((name) => typeof (globalThis as Record<string, unknown>)[name] !== "function")
    );
    expect(shown).toEqual([]);
  }
  await heard.end();
});
