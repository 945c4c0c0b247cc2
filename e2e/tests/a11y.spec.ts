// Every screen, on a phone and on a desk, in light and in dark: no violation of WCAG 2.2 AA.
import { accessible } from "../fixtures/a11y.ts";
import { expect, test } from "../fixtures/app.ts";
import { DESK, PHONE } from "../fixtures/people.ts";
import { Server } from "../fixtures/server.ts";
import { walk } from "../pages/screens.ts";

test("axe finds nothing on any screen", async ({ browser }) => {
  test.setTimeout(600_000);
  const server = await Server.start();
  let screens = 0;
  await walk(browser, server, async (page, name) => {
    const own = page.viewportSize() ?? DESK;
    for (const size of [PHONE, DESK]) {
      await page.setViewportSize(size);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await accessible(page, `${name}, ${size.width} wide, ${colorScheme}`);
      }
    }
    // 320 pixels is what 400 % of zoom leaves of a desk: nothing may need scrolling sideways.
    await page.setViewportSize({ width: 320, height: 740 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect.soft(wide, `${name} at 320 pixels`).toBeLessThanOrEqual(320);
    await page.emulateMedia({ colorScheme: null });
    await page.setViewportSize(own);
    screens += 1;
  });
  expect(screens).toBeGreaterThan(40);
  await server.remove();
});
