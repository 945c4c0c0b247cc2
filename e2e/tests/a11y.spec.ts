// Every screen, on a phone and on a desk, in light and in dark: no violation of WCAG 2.2 AA.
import type { BrowserContext } from "@playwright/test";
import { accessible } from "../fixtures/a11y.ts";
import { expect, test } from "../fixtures/app.ts";
import { DESK, PHONE } from "../fixtures/people.ts";
import { Server } from "../fixtures/server.ts";
import { walk } from "../pages/screens.ts";

test("axe finds nothing on any screen", async ({ browser }) => {
  test.setTimeout(900_000);
  const server = await Server.start();
  let screens = 0;
  const warned = new Set<string>();
  // A browser that warns of a page of ours warns of a header or a script that is wrong.
  const listen = (context: BrowserContext) =>
    context.on("console", (said) => {
      if (said.type() === "warning") warned.add(said.text());
    });
  await walk(browser, server, async (page, name, on) => {
    // Paper needs neither focus nor contrast with a screen behind it.
    if (on === "paper") return;
    const own = page.viewportSize() ?? DESK;
    for (const size of [PHONE, DESK]) {
      await page.setViewportSize(size);
      for (const [colorScheme, rules] of [["light", "all"], ["dark", "colours"]] as const) {
        await page.emulateMedia({ colorScheme });
        await accessible(page, `${name}, ${size.width} wide, ${colorScheme}`, rules);
      }
    }
    // 320 pixels is what 400 % of zoom leaves of a desk: nothing may need scrolling sideways.
    await page.setViewportSize({ width: 320, height: 740 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect.soft(wide, `${name} at 320 pixels`).toBeLessThanOrEqual(320);
    await page.emulateMedia({ colorScheme: null });
    await page.setViewportSize(own);
    screens += 1;
  }, listen);
  expect(screens).toBeGreaterThan(50);
  expect([...warned]).toEqual([]);
  await server.remove();
});
