// Measurements: `cargo xtask bench NAME`. A file in bench/ writes `{figures, goals}` to
// UNDERSEAL_BENCH_OUT; nothing runs beside it.
import { defineConfig } from "@playwright/test";
import { browser } from "./playwright.config.ts";

export default defineConfig({
  testDir: "bench",
  testMatch: "*.ts",
  outputDir: "../target/e2e-bench",
  workers: 1,
  retries: 0,
  timeout: 1_800_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: { ...browser },
});
