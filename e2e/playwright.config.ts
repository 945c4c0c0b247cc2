// The journeys. `cargo xtask test e2e` builds what they need and names it in the environment; the
// fixtures in fixtures/ start one server per worker, so there is no server to start here.
import { defineConfig, type PlaywrightTestConfig } from "@playwright/test";

// The browser is the system's: nothing is downloaded. Chromium refuses its sandbox to root only.
export const browser: NonNullable<PlaywrightTestConfig["use"]> = {
  browserName: "chromium",
  headless: true,
  // So that a test sees the product as it is served, policy and all.
  bypassCSP: false,
  // What cannot be pressed is told where it is, and not when the whole test is over.
  actionTimeout: 30_000,
  locale: "en-GB",
  timezoneId: "Europe/London",
  launchOptions: {
    ...(process.env.CHROMIUM ? { executablePath: process.env.CHROMIUM } : {}),
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  },
};

export default defineConfig({
  testDir: ".",
  testMatch: ["tests/**/*.spec.ts", "bugs/**/*.spec.ts"],
  // Row A35 makes its weakened page of the product's.
  testIgnore: process.env.UNDERSEAL_WEAKENED ? ["**/a35_*"] : [],
  outputDir: "../target/e2e",
  // A file's tests share one firm and run in order; files run beside each other.
  fullyParallel: false,
  workers: Number(process.env.E2E_WORKERS ?? 2),
  // A test that only passes the second time has found something.
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    ...browser,
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
  },
});
