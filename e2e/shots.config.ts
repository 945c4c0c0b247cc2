// Pictures of every screen: `cargo xtask shots`. The files in shots/ write to UNDERSEAL_SHOTS.
import { defineConfig } from "@playwright/test";
import { browser } from "./playwright.config.ts";

export default defineConfig({
  testDir: "shots",
  testMatch: "**/*.ts",
  outputDir: "../target/e2e-shots",
  workers: 1,
  retries: 0,
  timeout: 600_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: { ...browser },
});
