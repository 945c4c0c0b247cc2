//! How surely a client is known, in words, written once.

use leptos::prelude::*;
use shared::client::standing::{Standing, State};
use shared::journal::verdict::{Need, Ways};

use crate::platform::clock;

/// In two or three words.
#[must_use]
pub const fn state(state: State) -> &'static str {
    match state {
        State::Stranger => "Not known",
        State::Invited => "Known by the link alone",
        State::Contact => "Contact confirmed",
        State::InReview => "Identity being checked",
        State::Verified => "Identity verified",
        State::Failed => "Identity not confirmed",
        State::Expired => "Verification over",
        State::Ended => "Key ended",
    }
}

/// The mark beside a client's words.
#[must_use]
pub fn tag(standing: &Standing) -> AnyView {
    let class = match standing.state {
        State::Verified => "tag good",
        State::Contact => "tag",
        State::InReview => "tag new",
        State::Invited | State::Expired => "tag warn",
        State::Stranger | State::Failed | State::Ended => "tag stop",
    };
    view! { <span class=class>{state(standing.state)}</span> }.into_any()
}

/// One way, as it stands in a sentence.
const fn way(way: Ways) -> &'static str {
    match way {
        Ways::SPOKEN => "by comparing the spoken number",
        Ways::CODE => "by a one-time code",
        Ways::PAPER => "by an identity paper",
        Ways::QUESTIONS => "by questions",
        _ => "in person",
    }
}

/// "by an identity paper and in person".
#[must_use]
pub fn ways(ways: Ways) -> String {
    let all: Vec<&str> = ways.each().map(way).collect();
    all.join(" and ")
}

/// "Clara Marsh, 22 Nov 2026, in person, until 22 Nov 2027".
#[must_use]
pub fn detail(standing: &Standing, by: Option<&str>) -> String {
    let mut parts = Vec::new();
    if standing.since.is_some() {
        parts.push(by.unwrap_or("A colleague").to_owned());
    }
    parts.extend(standing.since.map(clock::short));
    if !standing.ways.is_empty() {
        parts.push(ways(standing.ways));
    }
    parts.extend(standing.until.map(|end| format!("until {}", clock::short(end))));
    parts.join(", ")
}

/// What a matter needs, as a sentence.
#[must_use]
pub fn need(need: Option<&Need>) -> String {
    let Some(need) = need else {
        return "The link is enough: what clients send opens at once.".to_owned();
    };
    let all: Vec<String> = need.enough.iter().map(|one| ways(*one)).collect();
    let again = match need.again {
        Some(1) => ", and again after a day".to_owned(),
        Some(days) => format!(", and again after {days} days"),
        None => String::new(),
    };
    format!(
        "A client must be verified {}{again}. Until then what they send waits.",
        all.join(", or ")
    )
}
