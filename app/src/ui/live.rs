//! A polite voice for screen readers: what happened, without a toast that comes and goes.

use leptos::prelude::*;

/// Says sentences through the page's live region. Cheap to copy about.
#[derive(Debug, Clone, Copy)]
pub struct Voice(RwSignal<String>);

impl Voice {
    /// Made once by the app and found by everything beneath it.
    pub fn provide() -> Self {
        let voice = Self(RwSignal::new(String::new()));
        provide_context(voice);
        voice
    }

    /// The page's voice.
    #[must_use]
    pub fn here() -> Self {
        use_context().unwrap_or_else(|| Self(RwSignal::new(String::new())))
    }

    /// Says a sentence when the reader pauses.
    pub fn say(self, text: impl Into<String>) {
        self.0.set(text.into());
    }
}

/// The region itself; one a page.
#[component]
pub fn LiveRegion(voice: Voice) -> impl IntoView {
    view! { <div class="sr-only" role="status" aria-live="polite">{move || voice.0.get()}</div> }
}
