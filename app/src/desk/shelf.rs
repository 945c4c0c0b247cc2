//! The matters of the person, read once and shared by all pages of the desk.

use leptos::prelude::*;
use shared::client::matters::{MatterSummary, SubmissionState};

use super::load::Loaded;
use crate::keys::ring::ring;
use crate::platform::visibility;
use crate::portal::portal;

/// New submissions should be seen without a reload.
const LOOK_EVERY: core::time::Duration = core::time::Duration::from_secs(45);

/// The shared list. Cheap to copy about.
#[derive(Clone, Copy)]
pub struct Shelf(pub Loaded<Vec<MatterSummary>>);

impl Shelf {
    /// Made once by the desk.
    pub fn provide() -> Self {
        let shelf = Self(Loaded::begin(|| async { portal().matters(&*ring()?).await }));
        if let Ok(every) = set_interval_with_handle(
            move || {
                if !visibility::hidden() && ring().is_ok() {
                    shelf.0.again();
                }
            },
            LOOK_EVERY,
        ) {
            on_cleanup(move || every.clear());
        }
        provide_context(shelf);
        shelf
    }

    /// The desk's.
    ///
    /// # Panics
    /// Outside the desk.
    #[must_use]
    pub fn here() -> Self {
        expect_context()
    }

    /// Submissions that nobody decided on.
    #[must_use]
    pub fn waiting(self) -> usize {
        self.0.ready().map_or(0, |matters| {
            matters
                .iter()
                .flat_map(|matter| &matter.submissions)
                .filter(|one| undecided(one))
                .count()
        })
    }
}

/// Whether a submission waits for a decision.
#[must_use]
pub const fn undecided(one: &SubmissionState) -> bool {
    one.decision.is_none()
}
