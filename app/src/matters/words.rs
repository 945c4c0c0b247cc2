//! Words for states, written once.

use leptos::prelude::*;
use shared::client::matters::{Closed, MatterSummary, MatterView, Seat, SubmissionState};
use shared::journal::statement::Decision;
use shared::matters::plain::{DescriptionV1, Label};

/// The mark over every view and print.
#[must_use]
pub const fn label(label: Label) -> &'static str {
    match label {
        Label::Confidential => "Confidential",
        Label::Privileged => "Confidential and privileged",
        Label::Internal => "Internal use only",
    }
}

/// The client and the title of a matter; of one that does not open, that it does not, and why.
#[must_use]
pub fn called(description: &Result<DescriptionV1, Closed>) -> (String, String) {
    // The second may be followed by more after a comma: no full stop.
    let (what, why) = match description {
        Ok(about) => return (about.client.clone(), about.title.clone()),
        Err(Closed::Stream) => {
            ("A matter that does not verify", "Its record is not what was signed, and stays closed")
        }
        Err(Closed::Key) => (
            "A matter that does not open",
            "Your key to it does not open: ask a colleague to give you access again",
        ),
        Err(Closed::Description) => {
            ("A matter whose name does not open", "What it holds is listed all the same")
        }
    };
    (what.to_owned(), why.to_owned())
}

/// What was decided on a submission.
#[must_use]
pub const fn decision(decision: Option<Decision>) -> &'static str {
    match decision {
        None => "New",
        Some(Decision::Accepted) => "Accepted",
        Some(Decision::Declined) => "Declined",
        Some(Decision::AskedBack) => "Asked back",
    }
}

/// The same as a tag.
#[must_use]
pub fn decision_tag(one: Option<Decision>) -> AnyView {
    let class = match one {
        None => "tag new",
        Some(Decision::Accepted) => "tag good",
        Some(Decision::Declined) => "tag",
        Some(Decision::AskedBack) => "tag warn",
    };
    view! { <span class=class>{decision(one)}</span> }.into_any()
}

/// "1 document", "3 documents".
#[must_use]
pub fn documents(count: usize) -> String {
    if count == 1 { "1 document".to_owned() } else { format!("{count} documents") }
}

/// The newest submission that nobody decided on.
#[must_use]
pub fn waiting(matter: &MatterSummary) -> Option<&SubmissionState> {
    matter.submissions.iter().rev().find(|one| one.decision.is_none())
}

/// Whether a matter's words hold everything that was typed, in any order and any case. One that does
/// not open has none: it is listed while nothing is looked for.
#[must_use]
pub fn matches(matter: &MatterSummary, typed: &str) -> bool {
    let Ok(about) = &matter.description else { return typed.trim().is_empty() };
    let all = [about.client.as_str(), about.title.as_str(), about.practice.as_str()];
    let text = all.join(" ").to_lowercase();
    typed.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

/// The people who hold a key to a matter, by name.
#[must_use]
pub fn readers(view: &MatterView) -> Vec<String> {
    let people = view.seats.iter().filter(|seat| seat.account.is_some());
    let name = |seat: &Seat| seat.name.clone().unwrap_or_else(|| "A colleague".to_owned());
    people.map(name).collect()
}
