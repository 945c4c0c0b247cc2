// How the portal feels: unlocking, the list of a lawyer with a thousand matters, and a client's first
// page on a processor a quarter as fast. What a person waits for, by what the screen shows.
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { type Browser, type Page, test } from "@playwright/test";
import { device, onDesk, onPhone } from "../fixtures/people.ts";
import { Server } from "../fixtures/server.ts";
import { bringPasskeys } from "../fixtures/passkeys.ts";
import { byPassphrase, KEYS, unlock, unlockByWords } from "../pages/identity.ts";

const ROUNDS = 5;
const MATTERS = 1000;
const PASSPHRASE = "quiet harbor lantern violet";

const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
const round = (value: number) => Math.round(value * 1000) / 1000;

/** A firm with its founder's twelve words, and the link of a client who has not come yet. */
async function seeded(server: Server, more: number): Promise<{ words: string; link: string }> {
  const program = process.env.UNDERSEAL_DEMO_BIN;
  if (!program) throw new Error("UNDERSEAL_DEMO_BIN must name the built underseal-demo");
  const flags = ["--server", server.origin, "--more-matters", String(more)];
  const { stdout } = await promisify(execFile)(program, flags, { maxBuffer: 16 * 1024 * 1024 });
  const words = /name +margaret\.hale\n +words +(.+)/.exec(stdout)?.[1]?.trim();
  const link = /(http\S+\/i\/\S+)/.exec(stdout)?.[1];
  if (!words || !link) throw new Error(`the demonstration did not say how to sign in: ${stdout}`);
  return { words, link };
}

/** The founder's own browser, which knows its account from now on. */
async function founder(browser: Browser, server: Server, words: string): Promise<Page> {
  const page = await (await device(browser, server, onDesk)).newPage();
  await unlockByWords(page, { handle: "margaret.hale", words, passphrase: PASSPHRASE });
  return page;
}

/** Seconds from pressing "Unlock" at this address until `shown` is there. */
async function unlocked(page: Page, address: string, shown: (page: Page) => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let turn = -1; turn < ROUNDS; turn += 1) {
    await page.goto(address);
    await bringPasskeys(page);
    await byPassphrase(page);
    const began = performance.now();
    await unlock(page, PASSPHRASE);
    await shown(page);
    // The first time fetches the workers' program.
    if (turn >= 0) times.push((performance.now() - began) / 1000);
  }
  return median(times);
}

// Both ask every frame: Playwright's own waiting looks twice a second after a while, which is half of what is
// measured.
const rows = (least: number) => async (page: Page) => {
  await page.waitForFunction(
    (count) => document.querySelectorAll("table.matters tbody tr").length >= count,
    least,
    KEYS,
  );
};

/** An element that stands on the page and can be used, with these words and no others. */
const shows = (kind: string, words: string) => async (page: Page) => {
  await page.waitForFunction(
    ([kind, words]) =>
      [...document.querySelectorAll<HTMLElement>(kind)].some(
        (one) => one.textContent?.trim() === words && one.checkVisibility() && !one.matches(":disabled"),
      ),
    [kind, words] as const,
    KEYS,
  );
};

/** Seconds from navigation until a client can press "Begin", with nothing cached. */
async function interactive(browser: Browser, server: Server, link: string): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < ROUNDS; turn += 1) {
    const context = await device(browser, server, onPhone);
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
    const began = performance.now();
    await page.goto(link, { waitUntil: "commit" });
    await shows("button", "Begin")(page);
    await page.getByRole("button", { name: "Begin" }).click({ trial: true });
    times.push((performance.now() - began) / 1000);
    await context.close();
  }
  return median(times);
}

test("feel", async ({ browser }) => {
  const out = process.env.UNDERSEAL_BENCH_OUT;
  if (!out) throw new Error("UNDERSEAL_BENCH_OUT must name the file for the result");
  const small = await Server.start();
  const firm = await seeded(small, 0);
  const page = await founder(browser, small, firm.words);
  const unlock_s = await unlocked(page, "/unlock", shows("h1", "Today"));
  await page.context().close();
  const interactive_s = await interactive(browser, small, firm.link);
  await small.remove();

  const large = await Server.start();
  const many = await seeded(large, MATTERS);
  const desk = await founder(browser, large, many.words);
  const matters_s = await unlocked(desk, "/matters", rows(MATTERS));
  await desk.context().close();
  await large.remove();

  const found: [string, number, number][] = [
    ["feel.unlock_s", unlock_s, 0.7],
    ["feel.open_1000_grants_s", matters_s, 3],
    ["feel.interactive_4x_s", interactive_s, 2],
  ];
  const result = {
    figures: found.map(([id, value]) => ({ id, value: round(value), unit: "s" })),
    goals: found.map(([id, value, goal]) => ({ id, value: round(value), goal, better: "lower" })),
  };
  await writeFile(out, `${JSON.stringify(result, null, 2)}\n`);
});
