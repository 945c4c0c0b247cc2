// Documents: choosing them, and on the client's side the row with its bar.
import { expect, type Locator, type Page } from "@playwright/test";
import { ClientForm } from "./intake.ts";

/** Sealing and sending takes as long as the machine lets it. */
export const SENT = { timeout: 90_000 };

/** Hands in files the way a person does: by the button and the system's own dialog. */
export async function chooseFiles(page: Page, paths: string | string[], where: Page | Locator = page): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await where.getByRole("button", { name: "Choose files" }).click();
  await (await chooser).setFiles(paths);
}

export class Papers {
  readonly page: Page;
  private readonly question: Locator;

  constructor(page: Page, question = "Anything else") {
    this.page = page;
    this.question = new ClientForm(page).group(question);
  }

  async add(...paths: string[]): Promise<void> {
    await chooseFiles(this.page, paths, this.question);
  }

  row(name: string): Locator {
    return this.question.getByRole("listitem").filter({ hasText: name });
  }

  bar(name: string): Locator {
    return this.row(name).getByRole("progressbar");
  }

  async delivered(name: string): Promise<void> {
    await expect(this.row(name).getByText("sealed and delivered")).toBeVisible(SENT);
  }

  async press(what: "Pause" | "Go on" | "Cancel" | "Remove" | "Try again", name: string): Promise<void> {
    await this.row(name).getByRole("button", { name: `${what}: ${name}`, exact: true }).click();
  }

  /** Waits until some of it, but not all, has arrived. */
  async partly(name: string): Promise<void> {
    await expect
      .poll(async () => Number(await this.bar(name).getAttribute("value")), SENT)
      .toBeGreaterThan(0);
  }
}
