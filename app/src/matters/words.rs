//! Words for states, written once.

use leptos::prelude::*;
use shared::client::matters::{MatterSummary, MatterView, Seat, SubmissionState};
use shared::journal::statement::Decision;
use shared::matters::plain::Label;

/// The mark over every view and print.
#[must_use]
pub const fn label(label: Label) -> &'static str {
    match label {
        Label::Confidential => "Confidential",
        Label::Privileged => "Confidential and privileged",
        Label::Internal => "Internal use only",
    }
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

/// Whether a matter's words hold everything that was typed, in any order and any case.
#[must_use]
pub fn matches(matter: &MatterSummary, typed: &str) -> bool {
    let about = &matter.description;
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
