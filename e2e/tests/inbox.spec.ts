// Decisions on what arrived, while the reader looks at something else already.
import { expect, test } from "../fixtures/app.ts";
import { hold } from "../fixtures/hold.ts";
import { heading } from "../pages/identity.ts";
import { AMARA, ClientForm } from "../pages/intake.ts";
import { go } from "../pages/matters.ts";

test("a decision is kept, and the page goes on, wherever the reader is when it is taken", async ({ firm, phone }) => {
  const client = "Client of a quick reader";
  const form = new ClientForm(await phone());
  await form.arrive(await firm.link({ client, title: "Decided in passing" }));
  await form.begin();
  await form.toPapers(AMARA);
  await form.toReview();
  await form.signAndSend("Amara Okonkwo");

  const desk = await firm.unlocked();
  await go(desk, "Today");
  await go(desk, "Inbox");
  const row = desk.getByRole("button", { name: new RegExp(client) });

  // Another list, which this submission is not in yet.
  await row.click();
  let line = await hold(desk, "**/api/v1/journal/append");
  let asked = line.asked();
  await desk.getByRole("button", { name: "Ask back", exact: true }).click();
  await asked;
  await desk.getByRole("button", { name: "Asked back", exact: true }).click();
  await expect(desk.getByText("No submission is in this state.")).toBeVisible();
  line.release();
  await expect(row).toBeVisible();
  await desk.unrouteAll({ behavior: "wait" });

  // Another page.
  await row.click();
  line = await hold(desk, "**/api/v1/journal/append");
  asked = line.asked();
  await desk.getByRole("button", { name: "Accept", exact: true }).click();
  await asked;
  await go(desk, "Journal");
  line.release();
  await desk.unrouteAll({ behavior: "wait" });
  await go(desk, "Inbox");
  await desk.getByRole("button", { name: "Accepted", exact: true }).click();
  await expect(row).toBeVisible();
  await expect(heading(desk, "Inbox")).toBeVisible();
});
