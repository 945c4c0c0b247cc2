// The client's form, as a person on a phone sees it.
import { expect, type Locator, type Page } from "@playwright/test";
import { heading } from "./identity.ts";

export interface Person {
  given: string;
  family: string;
}

/** What a client of the family form says; everything that must be answered, and the story. */
export interface Story {
  self: Person;
  partner: Person;
  child: Person;
  phone: string;
  street: string;
  story: string;
}

export const AMARA: Story = {
  self: { given: "Amara", family: "Okonkwo" },
  partner: { given: "Julian", family: "Okonkwo" },
  child: { given: "Leni", family: "Okonkwo" },
  phone: "+1 555 010 7788",
  street: "14 Tanner Row",
  story: "We have lived apart since March. He wants to move abroad with our daughter.",
};

/** Places among the sections, as the address counts them. */
const SAFETY = 7;
const PAPERS = 9;

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
/** A question's accessible name: its words, perhaps followed by "(optional)". */
const asked = (question: string) => new RegExp(`^${escape(question)}( \\(optional\\))?$`);

export class ClientForm {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  group(question: string, within: Page | Locator = this.page): Locator {
    return within.getByRole("group", { name: asked(question) });
  }

  line(question: string, within: Page | Locator = this.page): Locator {
    return within.getByRole("textbox", { name: asked(question) });
  }

  async choose(question: string, answer: string, within?: Locator): Promise<void> {
    const group = this.group(question, within);
    await group.getByRole("radio", { name: answer, exact: true }).check();
  }

  async tick(question: string, answer: string): Promise<void> {
    await this.group(question).getByRole("checkbox", { name: answer }).check();
  }

  async person(question: string, person: Person, within?: Locator): Promise<void> {
    const group = this.group(question, within);
    await group.getByLabel("Given name").fill(person.given);
    await group.getByLabel("Family name").fill(person.family);
  }

  async date(question: string, day: [string, string, string], within?: Locator): Promise<void> {
    const group = this.group(question, within);
    await group.getByLabel("Day").fill(day[0]);
    await group.getByLabel("Month").fill(day[1]);
    await group.getByLabel("Year").fill(day[2]);
  }

  /** Opens the link and waits for the arrival page. */
  async arrive(link: string, firm = /has some questions for you/): Promise<void> {
    await this.page.goto(link);
    await expect(heading(this.page, firm)).toBeVisible();
  }

  async begin(): Promise<void> {
    await this.page.getByRole("button", { name: "Begin" }).click();
    await this.at("Names");
  }

  /** Waits until the section of this title is shown. */
  async at(title: string): Promise<void> {
    await expect(heading(this.page, title)).toBeVisible();
  }

  async next(title: string): Promise<void> {
    await this.page.getByRole("button", { name: "Continue", exact: true }).click();
    await this.at(title);
  }

  async saved(): Promise<void> {
    await expect(this.page.getByText("Saved on this device")).toBeVisible();
  }

  async names(story: Story): Promise<void> {
    await this.person("Your full legal name", story.self);
    await this.date("Your date of birth", ["14", "2", "1988"]);
    await this.person("The other person’s full name", story.partner);
  }

  async contact(story: Story): Promise<void> {
    await this.line("A telephone number that only you answer").fill(story.phone);
    await this.choose("Is it safe to call you on this number?", "Yes");
    await this.choose("May we leave a voice message there?", "No");
    const home = this.group("Where you live");
    await home.getByLabel("Street and number").fill(story.street);
    await home.getByLabel("City or town").fill("Norwich");
    await home.getByLabel("Postal code").fill("NR1 4DB");
    await home.getByLabel("Country").fill("United Kingdom");
    await this.choose("Which way is best?", "A call");
  }

  async urgent(): Promise<void> {
    await this.choose("Are you, or is a child, in danger now?", "No");
    await this.choose("Have you received papers from a court or a lawyer?", "Yes");
    await this.date("On which day did you receive them?", ["3", "3", "2026"]);
    await this.choose("Is there a court hearing to come?", "No");
    await this.choose("Do you fear that somebody may take a child away or abroad?", "Yes");
  }

  async reason(story: Story): Promise<void> {
    await this.tick("What would you like help with?", "Divorce or separation");
    await this.line("What has happened, in your own words?").fill(story.story);
    await this.choose("Is there a court case about this already?", "No");
  }

  async children(story: Story): Promise<void> {
    await this.choose("Are children concerned?", "Yes");
    await this.page.getByRole("button", { name: "Add the first child" }).click();
    const child = this.page.getByRole("group", { name: "Child 1" });
    await this.person("Name", story.child, child);
    await this.date("Date of birth", ["9", "7", "2019"], child);
    await this.choose("Whose child?", "Of both of you", child);
    await this.choose("Lives mostly", "With me", child);
  }

  /** From the first section to the papers. */
  async toPapers(story: Story = AMARA): Promise<void> {
    await this.names(story);
    await this.next("How we may reach you");
    await this.contact(story);
    await this.next("What cannot wait");
    await this.urgent();
    await this.next("What brings you here");
    await this.reason(story);
    await this.next("Your relationship");
    await this.choose("How are, or were, you connected?", "Married");
    await this.next("Children");
    await this.children(story);
    await this.next("Safety");
    await this.choose("Is there a protection or restraining order, for or against anybody?", "No");
    await this.next("Work and money");
    await this.next("Papers");
  }

  /** Straight to the papers, as the browser's own forward button would. The form lets one. */
  async skipToPapers(): Promise<void> {
    await this.skip(PAPERS, "Papers");
  }

  async skipToSafety(): Promise<void> {
    await this.skip(SAFETY, "Safety");
  }

  private async skip(to: number, title: string): Promise<void> {
    await this.page.evaluate((section) => {
      const [, i, invite] = location.pathname.split("/");
      history.pushState(null, "", `/${i}/${invite}/${section}`);
      dispatchEvent(new PopStateEvent("popstate"));
    }, to);
    await this.at(title);
  }

  /** From the papers to the page that shows everything once more. */
  async toReview(): Promise<void> {
    await this.next("What matters to you");
    await this.next("Look it over");
  }

  /** Consents to what must be, signs, and sends. */
  async signAndSend(name: string): Promise<void> {
    const { page } = this;
    await page.getByRole("checkbox", { name: /does not make the firm my lawyers/ }).check();
    await page.getByRole("checkbox", { name: /I have read the notice/ }).check();
    const children = page.getByRole("checkbox", { name: /what I tell about children/ });
    if (await children.isVisible()) await children.check();
    await page.getByRole("checkbox", { name: /true and complete/ }).check();
    await page.getByRole("textbox", { name: "Your signature" }).fill(name);
    await page.getByRole("button", { name: "Seal and send" }).click();
    await expect(heading(page, "Sealed and delivered")).toBeVisible({ timeout: 60_000 });
  }
}
