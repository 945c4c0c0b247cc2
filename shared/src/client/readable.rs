//! Answers as plain text that a person can read and print without any program of ours: questions
//! and answers in the form's order, who sent them and when, how the matter is marked.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::fmt::Write as _;

use crate::ids::SubmissionId;
use crate::intake::answers::{Answer, AnswersV1, FileRef, Signature};
use crate::intake::form::{Field, FormV1};
use crate::intake::kind::Kind;
use crate::intake::logic::Shown;
use crate::intake::value::{ApproxDate, Date, Language};
use crate::matters::plain::Label;
use crate::time::{DAY, Timestamp};

/// Columns of a line: what a printer takes in a fixed pitch.
const WIDTH: usize = 76;

/// A form filled in, as it was opened.
pub struct Filled<'a> {
    /// The submission.
    pub submission: SubmissionId,
    /// In which language the person read and answered.
    pub language: Language,
    /// The answers.
    pub answers: &'a AnswersV1,
    /// Ids of the consents that were given.
    pub consents: Vec<&'a str>,
    /// The closing signature.
    pub signature: Option<&'a Signature>,
    /// When, by the clock of the person's device.
    pub written: Timestamp,
}

/// What the answers themselves do not say.
pub struct About<'a> {
    /// The firm.
    pub firm: &'a str,
    /// The client, as the firm calls them.
    pub client: &'a str,
    /// The matter's title.
    pub matter: &'a str,
    /// How the matter is marked: [`label_words`].
    pub label: &'a str,
    /// Who signed it, and how surely the firm knows that key.
    pub sender: &'a str,
    /// When the server received it.
    pub received: Timestamp,
}

/// The answers as text in UTF-8, lines ended by a line feed; the questions stand in the language in
/// which the person read them.
#[must_use]
pub fn readable(form: &FormV1, filled: &Filled, about: &About) -> String {
    let language = filled.language;
    let answers = filled.answers;
    let mut page = Page { text: String::new(), language };
    page.head(form, filled, about);
    let shown = Shown::of(form, answers);
    for section in form.sections.iter().filter(|section| shown.section(&section.id)) {
        let asked: Vec<&Field> = section
            .fields
            .iter()
            .filter(|field| shown.field(&field.id) && !matches!(field.kind, Kind::Statement))
            .collect();
        if asked.is_empty() {
            continue;
        }
        page.heading(section.title.read(language));
        for field in asked {
            page.field(field, answers.get(&field.id), &shown);
        }
    }
    page.agreed(form, filled);
    page.line(0, "");
    page.line(0, about.label);
    page.text
}

/// An instant as a person writes it, in UTC.
#[must_use]
pub fn moment(at: Timestamp) -> String {
    let seconds = at.0 % DAY / 1000;
    alloc::format!(
        "{}, {:02}:{:02}:{:02} UTC",
        day(Date::at(at, 0)),
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// How a matter is marked, in capitals.
#[must_use]
pub const fn label_words(label: Label) -> &'static str {
    match label {
        Label::Confidential => "CONFIDENTIAL",
        Label::Privileged => "PRIVILEGED AND CONFIDENTIAL",
        Label::Internal => "INTERNAL: NOT FOR THE CLIENT",
    }
}

struct Page {
    text: String,
    language: Language,
}

impl Page {
    fn head(&mut self, form: &FormV1, filled: &Filled, about: &About) {
        self.line(0, about.label);
        self.line(0, "");
        self.line(0, form.title.read(self.language));
        self.line(0, &alloc::format!("{}: {}", about.client, about.matter));
        self.line(0, "");
        for (name, value) in [
            ("Firm", about.firm),
            ("Sent by", about.sender),
            ("Received", &moment(about.received)),
            ("Written", &alloc::format!("{} (by the sender's clock)", moment(filled.written))),
            ("Submission", &filled.submission.to_string()),
        ] {
            self.line(0, &alloc::format!("{name}: {value}"));
        }
    }

    fn heading(&mut self, words: &str) {
        self.line(0, "");
        self.line(0, "");
        let title = printable(words);
        self.line(0, &title);
        self.line(0, &"=".repeat(title.chars().count().min(WIDTH)));
    }

    fn field(&mut self, field: &Field, answer: Option<&Answer>, shown: &Shown) {
        self.line(0, "");
        self.line(0, field.label.read(self.language));
        match answer.filter(|answer| !answer.is_empty()) {
            None => self.line(4, "(no answer)"),
            Some(Answer::Items(items)) => self.items(field, items, shown),
            Some(answer) => self.answer(4, field, answer),
        }
    }

    fn items(&mut self, field: &Field, items: &[AnswersV1], shown: &Shown) {
        let Some(group) = field.group() else { return };
        for (number, item) in items.iter().enumerate() {
            let name = group.item.read(self.language);
            self.line(0, "");
            self.line(4, &alloc::format!("{name} {}", number + 1));
            let asked = shown.item(&group.fields, item);
            for inner in group.fields.iter().filter(|inner| asked.field(&inner.id)) {
                if matches!(inner.kind, Kind::Statement) {
                    continue;
                }
                self.line(4, inner.label.read(self.language));
                match item.get(&inner.id).filter(|answer| !answer.is_empty()) {
                    None => self.line(8, "(no answer)"),
                    Some(answer) => self.answer(8, inner, answer),
                }
            }
        }
    }

    fn answer(&mut self, indent: usize, field: &Field, answer: &Answer) {
        match answer {
            Answer::Text(text) => self.line(indent, text.trim()),
            Answer::Number(steps) => self.line(indent, &number(*steps, field, self.language)),
            Answer::Money(minor) => self.line(indent, &money(*minor, field)),
            Answer::Date(date) => self.line(indent, &day(*date)),
            Answer::ApproxDate(date) => self.line(indent, &about_when(*date)),
            Answer::YesNo(yes) => self.line(indent, if *yes { "Yes" } else { "No" }),
            Answer::Choice(id) => self.option(indent, field, id),
            Answer::Choices(ids) => ids.iter().for_each(|id| self.option(indent, field, id)),
            Answer::Name(name) => self.line(indent, &name.line()),
            Answer::Address(address) => {
                let parts = address.parts();
                parts
                    .iter()
                    .filter(|part| !part.trim().is_empty())
                    .for_each(|part| self.line(indent, part));
            }
            Answer::Items(_) => {}
            Answer::Files(files) => files.iter().for_each(|file| self.file(indent, file)),
            Answer::Signature(signature) => self.line(indent, &signed(signature)),
            Answer::Consent(given) => {
                self.line(indent, if *given { "[x] agreed" } else { "[ ] not agreed" })
            }
        }
    }

    fn option(&mut self, indent: usize, field: &Field, id: &str) {
        let language = self.language;
        // An option that the form does not know is shown as it came: nothing is left out.
        self.line(indent, field.option(id).map_or(id, |label| label.read(language)));
    }

    fn file(&mut self, indent: usize, file: &FileRef) {
        self.line(
            indent,
            &alloc::format!("{} ({} bytes; object {})", file.name, file.size, file.object),
        );
    }

    fn agreed(&mut self, form: &FormV1, filled: &Filled) {
        if form.consents.is_empty() && filled.signature.is_none() {
            return;
        }
        self.heading("Consents and signature");
        let shown = Shown::of(form, filled.answers);
        for consent in form.consents.iter().filter(|consent| shown.consent(consent)) {
            let given = filled.consents.contains(&consent.id.as_str());
            self.line(0, "");
            self.line(0, consent.text.read(self.language));
            self.line(4, if given { "[x] agreed" } else { "[ ] not agreed" });
        }
        if let Some(signature) = filled.signature {
            self.line(0, "");
            if let Some(signing) = &form.signing {
                self.line(0, signing.read(self.language));
            }
            self.line(4, &signed(signature));
        }
    }

    /// Writes words, broken at blanks, each of their own lines indented.
    fn line(&mut self, indent: usize, words: &str) {
        for paragraph in words.split('\n') {
            let mut column = 0;
            for word in printable(paragraph).split(' ').filter(|word| !word.is_empty()) {
                let len = word.chars().count();
                if column > 0 && indent + column + 1 + len > WIDTH {
                    self.text.push('\n');
                    column = 0;
                }
                if column == 0 {
                    self.text.extend(core::iter::repeat_n(' ', indent));
                } else {
                    self.text.push(' ');
                    column += 1;
                }
                self.text.push_str(word);
                column += len;
            }
            self.text.push('\n');
        }
    }
}

/// Without control characters (they would command a terminal) and without marks that turn the
/// direction of the text around them (they would let an answer rewrite its neighbours).
#[must_use]
pub fn printable(words: &str) -> String {
    words
        .chars()
        .map(|c| match c {
            '\t' | '\r' => ' ',
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            c if c.is_control() => '\u{fffd}',
            c => c,
        })
        .collect()
}

fn signed(signature: &Signature) -> String {
    alloc::format!("Signed: {}, {}", signature.name.trim(), day(signature.date))
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// 1970-01-01 was a Thursday.
const WEEKDAYS: [&str; 7] =
    ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];

fn month(number: u8) -> &'static str {
    MONTHS.get(usize::from(number).wrapping_sub(1)).copied().unwrap_or_default()
}

fn day(date: Date) -> String {
    let weekday = usize::try_from(date.days().rem_euclid(7)).ok().and_then(|day| WEEKDAYS.get(day));
    alloc::format!(
        "{} {} {} {}",
        weekday.copied().unwrap_or_default(),
        date.day(),
        month(date.month()),
        date.year()
    )
}

fn about_when(date: ApproxDate) -> String {
    match (date.month(), date.day()) {
        (Some(_), Some(_)) => day(date.earliest()),
        (Some(number), None) => alloc::format!("{} {}", month(number), date.year()),
        (None, _) => date.year().to_string(),
    }
}

/// An integer of the smallest step, with so many digits behind the point.
fn decimal(steps: i64, digits: u8) -> String {
    let digits = usize::from(digits);
    let mut text = alloc::format!("{:0>width$}", steps.unsigned_abs(), width = digits + 1);
    if digits > 0 {
        text.insert(text.len() - digits, '.');
    }
    if steps < 0 {
        text.insert(0, '-');
    }
    text
}

fn number(steps: i64, field: &Field, language: Language) -> String {
    let Kind::Number(kind) = &field.kind else { return steps.to_string() };
    let mut text = decimal(steps, kind.decimals);
    if let Some(unit) = &kind.unit {
        // Writing to a String cannot fail.
        let _ = write!(text, " {}", unit.read(language));
    }
    text
}

fn money(minor: i64, field: &Field) -> String {
    let Kind::Money(kind) = &field.kind else { return minor.to_string() };
    let amount = decimal(minor, kind.digits);
    match &kind.currency {
        Some(currency) => alloc::format!("{currency} {amount}"),
        None => amount,
    }
}

#[cfg(test)]
#[path = "readable_tests.rs"]
mod tests;
