// Where the operator enrolled the portal with WEBCAT, no worker begins as a blob: the viewer still draws.
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { pdf } from "../fixtures/files.ts";
import { device, onDesk } from "../fixtures/people.ts";
import { Server } from "../fixtures/server.ts";

test("a PDF is drawn without a worker where none may begin as a blob", async ({ browser }) => {
  const folder = await mkdtemp(join(tmpdir(), "underseal-well-known-"));
  await mkdir(join(folder, "webcat"));
  await writeFile(join(folder, "webcat/bundle.json"), "{}");
  const server = await Server.start({ flags: ["--well-known", folder] });
  const context = await device(browser, server, onDesk);
  const page = await context.newPage();
  const policies: string[] = [];
  page.on("response", (answer) => {
    if (answer.url().endsWith("/viewer/viewer.html")) policies.push(answer.headers()["content-security-policy"] ?? "");
  });
  await page.goto("/");
  await expect(page.locator("#boot")).toHaveCount(0);
  // As app/src/documents/preview.rs frames it, and app/src/platform/viewer.rs hands it the bytes.
  await page.evaluate((bytes) => {
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "allow-scripts");
    frame.width = "800";
    frame.height = "600";
    addEventListener("message", (event) => {
      if (event.source === frame.contentWindow && event.data === "ready") {
        frame.contentWindow?.postMessage(new Uint8Array(bytes).buffer, "*");
      }
    });
    frame.src = "/viewer/viewer.html";
    document.body.prepend(frame);
  }, [...pdf("A letter")]);
  const first = page.frameLocator("iframe").locator("figure[data-drawn]").first();
  await expect(first).toBeVisible({ timeout: 60_000 });
  expect(policies.map((policy) => policy.includes("worker-src 'none'"))).toEqual([true]);
  await context.close();
  await server.remove();
});
