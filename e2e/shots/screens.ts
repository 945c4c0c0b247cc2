// A picture of every screen, on a phone and on a desk, in light and in dark, to be looked at.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { settled } from "../fixtures/a11y.ts";
import { DESK, PAPER, PHONE } from "../fixtures/people.ts";
import { Server } from "../fixtures/server.ts";
import { walk } from "../pages/screens.ts";

/** A PDF draws what is near the eye, and a frame out of sight draws nothing. */
async function drawn(page: Page): Promise<void> {
  const frame = page.locator("iframe");
  if ((await frame.count()) === 0) return;
  await frame.scrollIntoViewIfNeeded();
  await expect(page.frameLocator("iframe").locator('[data-page="1"][data-drawn]')).toBeAttached();
}

test("screens", async ({ browser }) => {
  test.setTimeout(900_000);
  const folder = process.env.UNDERSEAL_SHOTS ?? "../target/shots";
  await mkdir(folder, { recursive: true });
  const server = await Server.start();
  await walk(browser, server, async (page, name, on) => {
    const own = page.viewportSize() ?? DESK;
    if (on === "paper") {
      await page.setViewportSize(PAPER);
      await page.emulateMedia({ media: "print" });
      await page.screenshot({ path: join(folder, `${name}-paper.png`), fullPage: true, scale: "css" });
      await page.emulateMedia({ media: null });
      await page.setViewportSize(own);
      return;
    }
    for (const [form, size] of [["phone", PHONE], ["desk", DESK]] as const) {
      await page.setViewportSize(size);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await settled(page);
        await drawn(page);
        const path = join(folder, `${name}-${form}-${colorScheme}.png`);
        // A dialog stands before the page, which does not scroll then.
        const dialog = await page.getByRole("dialog").isVisible();
        await page.screenshot({ path, fullPage: !dialog, scale: "css" });
      }
    }
    await page.emulateMedia({ colorScheme: null });
    await page.setViewportSize(own);
  });
  await server.remove();
});
