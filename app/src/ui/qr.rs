//! A link as a square code, for the phone on the other side of the desk. Drawn as one path.

use fast_qr::qr::QRBuilder;
use leptos::prelude::*;

/// Light modules around the code that readers need to find it.
const QUIET: usize = 4;

/// The code; nothing when the text is too long for one.
#[component]
pub fn Qr(text: String, #[prop(into)] name: String) -> impl IntoView {
    let Ok(code) = QRBuilder::new(text).build() else { return ().into_any() };
    let mut path = String::new();
    for row in 0..code.size {
        for column in 0..code.size {
            if code[row][column].value() {
                path.push_str(&format!("M{} {}h1v1h-1z", column + QUIET, row + QUIET));
            }
        }
    }
    let side = code.size + 2 * QUIET;
    view! {
        <svg
            class="qr"
            role="img"
            aria-label=name
            viewBox=format!("0 0 {side} {side}")
            shape-rendering="crispEdges"
        >
            <path d=path fill="currentColor"></path>
        </svg>
    }
    .into_any()
}
