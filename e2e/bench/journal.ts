// How a matter of 10,000 statements opens in Chromium: from pressing "Unlock" until its documents stand on
// the page, by a device that verified nothing before (cold) and by one that kept what it verified (warm).
// A firm that differs in nothing but the length of its matter says what every matter takes.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, expect, type Page, test } from "@playwright/test";
import { device, onDesk } from "../fixtures/people.ts";
import { Server } from "../fixtures/server.ts";
import { bringPasskeys } from "../fixtures/passkeys.ts";
import { byPassphrase, KEYS, unlock, unlockByWords } from "../pages/identity.ts";
import { median, round } from "../fixtures/figures.ts";

const ROUNDS = 5;
const PASSPHRASE = "quiet harbor lantern violet";
/** What a matter with no documents shows, and what one shows of the newest whose names it opened. */
const NONE = { selector: ".empty", count: 1 };
const NEWEST = { selector: "table.files tbody button.title:not(.closed)", count: 50 };

/** A firm that the measurement before this one left (`server/benches/journal.rs`). */
interface Firm {
  words: string;
  matter: string;
}

/** In milliseconds from the press: until the desk stands, and until the documents do. */
interface Times {
  desk: number;
  shown: number;
}

/** A firm's server, and its founder's own browser. */
class Desk {
  private readonly server: Server;
  private readonly page: Page;
  private readonly matter: string;

  private constructor(server: Server, page: Page, matter: string) {
    this.server = server;
    this.page = page;
    this.matter = matter;
  }

  static async at(browser: Browser, over: string, handle: string, firm: Firm): Promise<Desk> {
    const server = await Server.start({ over });
    const page = await (await device(browser, server, onDesk)).newPage();
    await unlockByWords(page, { handle, words: firm.words, passphrase: PASSPHRASE });
    return new Desk(server, page, firm.matter);
  }

  /** Comes to the matter's documents, where the device is asked to unlock; all that it needs for that is here. */
  async come(): Promise<void> {
    await this.page.goto(`/matters/${this.matter}/documents`);
    await bringPasskeys(this.page);
    await byPassphrase(this.page);
    await this.page.waitForLoadState("networkidle");
  }

  async open(wish: { selector: string; count: number }): Promise<Times> {
    const times = this.page.evaluate(watch, wish);
    await unlock(this.page, PASSPHRASE);
    return await times;
  }

  /** Lets the device keep what it verified of the matter. */
  async kept(): Promise<void> {
    const whole = (names: string[]) =>
      names.some((name) => name.includes(`matter/${this.matter}/`)) &&
      names.some((name) => name.endsWith("/contents"));
    const read = async () => whole(await this.page.evaluate(verified, false));
    await expect.poll(read, KEYS).toBe(true);
  }

  /** Takes from the device what it verified, as it does itself when that fits no more. */
  async forget(): Promise<void> {
    await this.page.evaluate(verified, true);
    expect(await this.page.evaluate(verified, false)).toEqual([]);
  }

  async remove(): Promise<void> {
    await this.page.context().close();
    await this.server.remove();
  }
}

/** In the page: when the form was sent, when the desk was there, and the first frame with what is waited for. */
function watch({ selector, count }: { selector: string; count: number }): Promise<Times> {
  return new Promise((done) => {
    let pressed: number | undefined;
    let desk: number | undefined;
    addEventListener("submit", () => (pressed = performance.now()), { capture: true, once: true });
    const look = new MutationObserver(() => {
      if (pressed === undefined) return;
      const since = pressed;
      if (document.querySelector('nav[aria-label="Portal"]')) desk ??= performance.now() - since;
      if (desk === undefined || document.querySelectorAll(selector).length < count) return;
      const times = { desk };
      look.disconnect();
      requestAnimationFrame(() => done({ ...times, shown: performance.now() - since }));
    });
    look.observe(document, { childList: true, subtree: true });
  });
}

/** In the page: the names of what the device keeps verified; taken away where that is wished. */
function verified(away: boolean): Promise<string[]> {
  return new Promise((done, refuse) => {
    const asked = indexedDB.open("underseal");
    asked.onerror = () => refuse(asked.error);
    asked.onsuccess = () => {
      const base = asked.result;
      const change = base.transaction("values", "readwrite");
      const values = change.objectStore("values");
      // "0" follows the stroke.
      const below = IDBKeyRange.bound("verified/", "verified0", false, true);
      const names = values.getAllKeys(below);
      if (away) values.delete(below);
      change.onabort = () => refuse(change.error);
      change.oncomplete = () => {
        base.close();
        done(names.result.map(String));
      };
    };
  });
}

test("journal", async ({ browser }) => {
  const out = process.env.UNDERSEAL_BENCH_OUT;
  if (!out) throw new Error("UNDERSEAL_BENCH_OUT must name the file for the result");
  const firms = process.env.UNDERSEAL_BENCH_FIRMS;
  if (!firms) throw new Error("UNDERSEAL_BENCH_FIRMS must name the folder with the firms");
  const { handle, long, short } = JSON.parse(await readFile(join(firms, "firms.json"), "utf8"));
  const base = await Desk.at(browser, join(firms, "short"), handle, short);
  const desk = await Desk.at(browser, join(firms, "long"), handle, long);
  await desk.kept();

  const times: Record<"base" | "cold" | "warm", Times[]> = { base: [], cold: [], warm: [] };
  for (let turn = -1; turn < ROUNDS; turn += 1) {
    await base.come();
    const alone = await base.open(NONE);
    await desk.come();
    await desk.forget();
    const cold = await desk.open(NEWEST);
    await desk.kept();
    await desk.come();
    await desk.kept();
    const warm = await desk.open(NEWEST);
    // The first turn fetches the workers' program.
    if (turn < 0) continue;
    times.base.push(alone);
    times.cold.push(cold);
    times.warm.push(warm);
  }
  await base.remove();
  await desk.remove();

  const shown = (all: Times[]) => median(all.map((one) => one.shown));
  // Unlocking is done when the desk stands. What stretching a passphrase takes scatters by more than a warm
  // opening lasts, so a difference is taken from there, and between neighbours in time.
  const after = ({ desk, shown }: Times) => shown - desk;
  const over = (all: Times[]) =>
    median(all.map((one, at) => after(one) - (times.base.map(after)[at] ?? Number.NaN)));
  const cold_s = over(times.cold) / 1000;
  const warm_ms = over(times.warm);
  const figures: [string, number, string][] = [
    ["browser_open_10000_cold_s", cold_s, "s, over a short matter"],
    ["browser_open_10000_warm_ms", warm_ms, "ms, over a short matter"],
    ["browser_open_short_desk_ms", median(times.base.map(after)), "ms, from the desk"],
    ["browser_open_10000_cold_desk_s", median(times.cold.map(after)) / 1000, "s, from the desk"],
    ["browser_open_10000_warm_desk_ms", median(times.warm.map(after)), "ms, from the desk"],
    ["browser_open_short_unlock_s", shown(times.base) / 1000, "s, from the press"],
    ["browser_open_10000_cold_unlock_s", shown(times.cold) / 1000, "s, from the press"],
    ["browser_open_10000_warm_unlock_s", shown(times.warm) / 1000, "s, from the press"],
  ];
  const goals: [string, number, number][] = [
    ["browser_open_10000_cold_s", cold_s, 1],
    ["browser_open_10000_warm_ms", warm_ms, 100],
  ];
  const id = (name: string) => `journal.${name}`;
  const result = {
    figures: figures.map(([name, value, unit]) => ({ id: id(name), value: round(value), unit })),
    goals: goals.map(([name, value, goal]) => ({ id: id(name), value: round(value), goal, better: "lower" })),
  };
  await writeFile(out, `${JSON.stringify(result, null, 2)}\n`);
});
