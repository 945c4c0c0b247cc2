// What a person near the client must not read over their shoulder.
import { expect, test } from "../fixtures/app.ts";
import { ClientForm } from "../pages/intake.ts";

test("what was chosen on a covered question is put away whole when one comes back", async ({ firm, phone }) => {
  const link = await firm.link({ client: "Watched client", title: "Covered answers" });
  const page = await phone();
  const form = new ClientForm(page);
  await form.arrive(link);
  await form.begin();
  await form.skipToSafety();
  const [harm, show] = ["Has the other person done any of this?", "Show my answer"];
  // Nothing is hidden where nothing was said.
  await expect(page.getByRole("button", { name: show })).toHaveCount(0);
  await form.tick(harm, "Hurt or hit me");
  await form.tick(harm, "Threatened me");
  await form.saved();
  await page.reload();
  await form.at("Safety");
  await expect(page.getByText("Answered, and hidden")).toHaveCount(1);
  await expect(page.getByText("Hurt or hit me")).toHaveCount(0);
  await page.getByRole("button", { name: show }).click();
  await expect(form.group(harm).getByRole("checkbox", { name: "Hurt or hit me" })).toBeChecked();
  await page.getByRole("button", { name: "Hide my answer" }).click();
  await expect(page.getByText("Hurt or hit me")).toHaveCount(0);
});
