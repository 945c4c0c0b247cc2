// A lawyer leaves a firm of a thousand matters: seconds from the last press until every matter has its new key,
// in the browser of whoever ends their time, and what somebody else waits for meanwhile.
import { writeFile } from "node:fs/promises";
import { type APIRequestContext, expect, type Page, test } from "@playwright/test";
import { deskOf, seed } from "../fixtures/demo.ts";
import { median, quantile, round } from "../fixtures/figures.ts";
import { bringPasskeys } from "../fixtures/passkeys.ts";
import { Server } from "../fixtures/server.ts";
import { KEYS } from "../pages/identity.ts";
import { go } from "../pages/matters.ts";

const MATTERS = 1000;
const LEAVES = { name: "Daniel Okafor", handle: "daniel.okafor" };
const FOUNDER = "margaret.hale";
const BYSTANDER = "ruth.lindqvist";
/** Calls of the bystander before anything happens. */
const QUIET = 2000;
const LONG = { timeout: 600_000 };

/** In milliseconds, each kind of call apart. */
interface Waits {
  read: number[];
  write: number[];
}

/** What a colleague's desk asks for all day: whether there is a session, the newest of a stream. And something that
 * the server has to write down. */
const READS = [
  ["identity/session", {}],
  ["journal/head", { stream: "keyring" }],
] as const;
const WRITE = ["identity/step-up/start", {}] as const;

class Bystander {
  private readonly calls: APIRequestContext;
  private readonly origin: string;

  constructor(page: Page, server: Server) {
    this.calls = page.context().request;
    this.origin = server.origin;
  }

  /** Calls one after the other, as long as `more` says. */
  async calls_while(more: (made: number) => boolean): Promise<Waits> {
    const waits: Waits = { read: [], write: [] };
    for (let made = 0; more(made); made += 1) {
      const write = made % 10 === 9;
      const call = write ? WRITE : READS[made % READS.length];
      if (call === undefined) break;
      (write ? waits.write : waits.read).push(await this.one(call[0], call[1]));
    }
    return waits;
  }

  private async one(path: string, data: object): Promise<number> {
    const headers = { origin: this.origin, "sec-fetch-site": "same-origin" };
    const began = performance.now();
    const answer = await this.calls.post(`${this.origin}/api/v1/${path}`, { data, headers });
    const took = performance.now() - began;
    expect(answer.ok(), `${path}: ${answer.status()} ${await answer.text()}`).toBe(true);
    return took;
  }
}

test("revoke", async ({ browser }) => {
  const out = process.env.UNDERSEAL_BENCH_OUT;
  if (!out) throw new Error("UNDERSEAL_BENCH_OUT must name the file for the result");
  const server = await Server.start();
  const firm = await seed(server, { more: MATTERS, sharedWith: LEAVES.handle });
  const bystander = new Bystander(await deskOf(browser, server, firm, BYSTANDER), server);
  const desk = await deskOf(browser, server, firm, FOUNDER);
  await go(desk, "People");
  const row = desk.getByRole("listitem").filter({ hasText: LEAVES.name });
  const counting = performance.now();
  await row.getByRole("button", { name: "Leaves the firm" }).click();
  const dialog = desk.getByRole("dialog", { name: `${LEAVES.name} leaves the firm` });
  await expect(dialog.getByText(/matters get a new key/)).toBeVisible(LONG);
  const counted_s = (performance.now() - counting) / 1000;
  await dialog.getByLabel("Type their name to confirm").fill(LEAVES.name);
  await bringPasskeys(desk);
  await bystander.calls_while((made) => made < 100);
  const before = await bystander.calls_while((made) => made < QUIET);

  let turning = true;
  const began = performance.now();
  const during = bystander.calls_while(() => turning);
  await dialog.getByRole("button", { name: "End their time with the firm" }).click();
  await expect(dialog.getByText(`${LEAVES.name} is no longer with the firm.`)).toBeVisible(LONG);
  const said_s = (performance.now() - began) / 1000;
  // The bar is there while matters wait for their key.
  await expect(dialog.getByRole("progressbar")).toBeVisible(KEYS);
  await expect(dialog.getByRole("progressbar")).toHaveCount(0, LONG);
  const revoke_s = (performance.now() - began) / 1000;
  turning = false;
  const busy = await during;
  await server.remove();

  const p99 = (waits: number[]) => quantile(waits, 0.99);
  const read = p99(busy.read) / p99(before.read);
  const write = p99(busy.write) / p99(before.write);
  const figures: [string, number, string][] = [
    ["counted_s", counted_s, "s, what hangs on the person"],
    ["said_s", said_s, "s, until the act stands"],
    ["seconds", revoke_s, "s, until every matter has its key"],
    ["bystander_quiet_p50_ms", median(before.read), "ms, reading, before"],
    ["bystander_busy_p50_ms", median(busy.read), "ms, reading, meanwhile"],
    ["bystander_quiet_p99_ms", p99(before.read), "ms, reading, before"],
    ["bystander_busy_p99_ms", p99(busy.read), "ms, reading, meanwhile"],
    ["bystander_write_quiet_p99_ms", p99(before.write), "ms, writing, before"],
    ["bystander_write_busy_p99_ms", p99(busy.write), "ms, writing, meanwhile"],
    ["bystander_write_p99_ratio", write, "writing, meanwhile over before"],
    ["bystander_calls", busy.read.length + busy.write.length, "calls meanwhile"],
  ];
  const goals: [string, number, number][] = [
    ["seconds", revoke_s, 60],
    ["bystander_p99_ratio", read, 2],
  ];
  const id = (name: string) => `revoke.${name}`;
  const result = {
    figures: figures.map(([name, value, unit]) => ({ id: id(name), value: round(value), unit })),
    goals: goals.map(([name, value, goal]) => ({ id: id(name), value: round(value), goal, better: "lower" })),
  };
  await writeFile(out, `${JSON.stringify(result, null, 2)}\n`);
});
