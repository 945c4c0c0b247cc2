//! How far the verifying of the journal has come: drawn only where somebody would have the time to read it.

use std::cell::Cell;

use leptos::prelude::*;
use shared::time::Timestamp;

use crate::platform::clock;
use crate::ui::waiting::Bar;

/// Not sooner than this, in milliseconds, and not for less than this.
const SOON: u64 = 500;
/// Said again after so long: a screen reader reads each one out.
const EVERY: u64 = 1000;

/// What is drawn: how many records of how many are verified.
pub type SoFar = RwSignal<Option<(u64, u64)>>;

/// One verifying, from its beginning.
pub struct Telling {
    shown: SoFar,
    begun: Timestamp,
    told: Cell<Option<Timestamp>>,
}

impl Telling {
    /// Begins.
    #[must_use]
    pub fn begin(shown: SoFar) -> Self {
        Self { shown, begun: clock::now(), told: Cell::new(None) }
    }

    /// So many are verified. Gives the page a moment to draw it, and to hear its reader.
    pub async fn tell(&self, done: u64, size: u64) {
        let now = clock::now();
        if is_due(self.begun, self.told.get(), now, (done, size)) {
            self.told.set(Some(now));
            let _ = self.shown.try_set(Some((done, size)));
        }
        clock::sleep(0).await;
    }
}

impl Drop for Telling {
    fn drop(&mut self) {
        let _ = self.shown.try_set(None);
    }
}

/// Whether to say it: the first time when it has taken a while and will take another, then now and then.
fn is_due(
    begun: Timestamp,
    told: Option<Timestamp>,
    now: Timestamp,
    (done, size): (u64, u64),
) -> bool {
    if let Some(last) = told {
        return last.plus(EVERY) <= now;
    }
    let so_far = now.0.saturating_sub(begun.0);
    let left = so_far.saturating_mul(size.saturating_sub(done));
    so_far >= SOON && left >= SOON.saturating_mul(done)
}

/// "3,400".
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev();
    let groups: Vec<&str> = groups.filter_map(|group| str::from_utf8(group).ok()).collect();
    groups.join(",")
}

/// The bar, as long as there is something to say.
#[component]
pub fn Progress(shown: SoFar) -> impl IntoView {
    let share = move || shown.get().map_or(0.0, |(done, size)| done as f64 / size.max(1) as f64);
    let said = move || {
        let (done, size) = shown.get()?;
        Some(format!("Verified {} of {} records", grouped(done), grouped(size)))
    };
    let detail = Signal::derive(move || said().unwrap_or_default());
    view! {
        <Show when=move || shown.with(Option::is_some)>
            <div class="stack stack-2" role="status">
                <Bar name="Verifying the journal" share=Signal::derive(share) detail/>
            </div>
        </Show>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn numbers_are_read_in_groups() {
        let said = [0, 999, 1200, 48_211, 1_000_000].map(grouped);
        assert_eq!(said, ["0", "999", "1,200", "48,211", "1,000,000"]);
    }

    #[wasm_bindgen_test]
    fn a_short_journal_shows_no_number_and_a_long_one_now_and_then() {
        let (begun, at) = (Timestamp(10_000), |millis: u64| Timestamp(10_000 + millis));
        // Done in no time, or nearly done when it is time to say so.
        assert!(!is_due(begun, None, at(60), (200, 3400)));
        assert!(!is_due(begun, None, at(600), (1600, 1800)));
        assert!(!is_due(begun, None, at(600), (1800, 1800)));
        assert!(is_due(begun, None, at(600), (1600, 3400)));
        assert!(!is_due(begun, Some(at(600)), at(1599), (2600, 3400)));
        assert!(is_due(begun, Some(at(600)), at(1600), (3400, 3400)));
        // A clock that is set back does no harm.
        assert!(!is_due(begun, None, Timestamp(0), (1600, 3400)));
    }
}
