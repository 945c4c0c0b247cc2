//! Words for states, written once.

use leptos::prelude::*;
use shared::client::matters::{Closed, MatterSummary, MatterView, Seat, SubmissionState};
use shared::ids::MatterId;
use shared::journal::statement::Decision;
use shared::matters::plain::{DescriptionV1, Label};

use crate::ui::icon::Mark;
use crate::ui::seal::Sealed;

/// The mark over every view and print.
#[must_use]
pub const fn label(label: Label) -> &'static str {
    match label {
        Label::Confidential => "Confidential",
        Label::Privileged => "Confidential and privileged",
        Label::Internal => "Internal use only",
    }
}

/// What a matter is called in a list, or what stands where its name would.
#[derive(Clone, PartialEq, Eq)]
pub struct Called {
    /// The client; of a matter that does not open, that it does not.
    pub client: String,
    /// What it is about; of a matter that does not open, why, and which it is.
    pub title: String,
    /// Whether this is no name at all: it is never drawn as one.
    pub closed: bool,
}

impl Called {
    /// The name, or the broken seal and what is wrong.
    #[must_use]
    pub fn name(&self, class: &'static str) -> AnyView {
        let client = self.client.clone();
        if self.closed {
            let mark = Sealed::Fails.mark();
            return view! { <span class="closed"><Mark name=mark/><span>{client}</span></span> }
                .into_any();
        }
        view! { <span class=class>{client}</span> }.into_any()
    }
}

/// That a decision is noted in the firm, and that telling the client is still to be done.
#[must_use]
pub const fn untold(decision: Decision) -> &'static str {
    match decision {
        Decision::Accepted => {
            "Your client is told nothing by itself. Tell them that you take the case, by the safe way they named."
        }
        Decision::AskedBack => {
            "Nothing is sent to your client by itself. Ask them yourself, by the safe way they named."
        }
        Decision::Declined => {
            "Nothing is sent to the person by itself. Tell them yourself, by the safe way they named."
        }
    }
}

/// The first letters of a matter's id: which it is, where it has no name.
#[must_use]
pub fn short(matter: MatterId) -> String {
    matter.to_string().chars().take(8).collect()
}

/// The client and the title of a matter; of one that does not open, that it does not, and why.
#[must_use]
pub fn called(matter: MatterId, description: &Result<DescriptionV1, Closed>) -> Called {
    // The second may be followed by more after a comma: no full stop.
    let (what, why) = match description {
        Ok(about) => {
            let (client, title) = (about.client.clone(), about.title.clone());
            return Called { client, title, closed: false };
        }
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
    let title = format!("{why} (matter {})", short(matter));
    Called { client: what.to_owned(), title, closed: true }
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
