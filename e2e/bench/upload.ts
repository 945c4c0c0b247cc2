// One file of 1 GiB through Chromium on loopback: how fast it is sealed and sent, how much memory the
// tab and the server take for it, and how fast the same browser sends it to nginx as it is.
import { writeFile } from "node:fs/promises";
import { type Browser, expect, test } from "@playwright/test";
import { sparse } from "../fixtures/files.ts";
import { renderers, Watch } from "../fixtures/memory.ts";
import { Nginx } from "../fixtures/nginx.ts";
import { device, Firm, onDesk } from "../fixtures/people.ts";
import { Server } from "../fixtures/server.ts";
import { Papers } from "../pages/documents.ts";
import { ClientForm } from "../pages/intake.ts";

const SIZE = 1024 * 1024 * 1024;
const NAME = "Recording of one GiB.mp4";

/** Seconds for the same file by WebDAV. */
async function plainly(browser: Browser, path: string): Promise<number> {
  const nginx = await Nginx.start();
  const page = await browser.newPage();
  await page.goto(nginx.origin);
  await page.locator("input").setInputFiles(path);
  const took = await page.evaluate(async () => {
    const [file] = document.querySelector("input")?.files ?? [];
    if (!file) throw new Error("no file was picked");
    const began = performance.now();
    const answer = await fetch("/put/file", { method: "PUT", body: file });
    if (answer.status !== 201 && answer.status !== 204) throw new Error(`nginx said ${answer.status}`);
    return performance.now() - began;
  });
  await page.close();
  await nginx.remove();
  return took / 1000;
}

test("upload", async ({ browser }) => {
  const out = process.env.UNDERSEAL_BENCH_OUT;
  if (!out) throw new Error("UNDERSEAL_BENCH_OUT must name the file for the result");
  const server = await Server.start();
  const firm = await Firm.found(browser, server);
  const link = await firm.link({ client: "A client with a recording", title: "Upload" });
  await firm.context.close();

  const page = await (await device(browser, server, onDesk)).newPage();
  const form = new ClientForm(page);
  await form.arrive(link);
  await form.begin();
  await form.skipToPapers();
  const papers = new Papers(page);
  const path = await sparse(NAME, SIZE);
  const before = await plainly(browser, path);
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");

  const ids = await renderers(browser);
  const tab = await Watch.begin(async () => ids);
  const host = await Watch.begin(async () => [server.pid]);
  const began = performance.now();
  await papers.add(path);
  // Asks every frame: Playwright's own waiting looks once a second by then, and nginx is timed in the page.
  const delivered = () => document.querySelector("main")?.textContent?.includes("sealed and delivered");
  await page.waitForFunction(delivered, undefined, { timeout: 1_500_000 });
  const seconds = (performance.now() - began) / 1000;
  await expect(papers.row(NAME).getByText("sealed and delivered")).toBeVisible();
  const [tabPeak, serverPeak] = [await tab.above(), await host.above()];

  await page.context().close();
  await server.remove();
  // Before and after, since the machine may have become busier or less.
  const plain = (before + (await plainly(browser, path))) / 2;

  const round = (value: number) => Math.round(value * 100) / 100;
  const result = {
    figures: [
      { id: "upload.mb_per_s", value: round(SIZE / 1e6 / seconds), unit: "MB/s" },
      { id: "upload.seconds", value: round(seconds), unit: "s" },
      { id: "upload.nginx_put_mb_per_s", value: round(SIZE / 1e6 / plain), unit: "MB/s" },
      { id: "upload.tab_idle_mib", value: round(tab.idle), unit: "MiB" },
      { id: "upload.tab_peak_mib", value: round(tabPeak), unit: "MiB above idle" },
      { id: "upload.server_idle_mib", value: round(host.idle), unit: "MiB" },
      { id: "upload.server_peak_mib", value: round(serverPeak), unit: "MiB above idle" },
    ],
    goals: [
      { id: "upload.vs_nginx_put", value: round(plain / seconds), goal: 0.6, better: "higher" },
      { id: "upload.tab_peak_mib", value: round(tabPeak), goal: 128, better: "lower" },
      { id: "upload.server_peak_mib", value: round(serverPeak), goal: 64, better: "lower" },
    ],
  };
  await writeFile(out, `${JSON.stringify(result, null, 2)}\n`);
});
