// How a client comes back without the link, as the pages show it before a passkey is touched.
import { expect, type Page } from "@playwright/test";
import { heading, KEYS } from "./identity.ts";
import type { Look } from "./screens.ts";

/** From the receipt. */
export async function wayBack(page: Page, look: Look): Promise<void> {
  await page.getByRole("link", { name: "Come back without the link" }).click();
  await expect(heading(page, "Come back without the link")).toBeVisible(KEYS);
  await look(page, "client-5-way-back");
  await page.goto("/back");
  await expect(heading(page, "Come back to your matter")).toBeVisible(KEYS);
  await look(page, "client-5-back");
}
