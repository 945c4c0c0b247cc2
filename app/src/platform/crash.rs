//! When the app itself breaks: one readable sentence in place of a page that no longer answers.
//!
//! The sentence stands below; nothing is sent anywhere.

use std::panic;

use super::page;

/// Shows the sentence from now on when something panics. Workers are programs of their own; the page
/// hears of a worker's death and replaces it.
pub fn watch() {
    panic::set_hook(Box::new(|info| {
        #[cfg(debug_assertions)]
        leptos::logging::error!("{info}");
        #[cfg(not(debug_assertions))]
        let _ = info;
        show();
    }));
}

const SENTENCE: &str = "The page met an error and stopped. What it said was saved or delivered is safe. Please load the page again. / La página encontró un error y se detuvo. Lo que indicó como guardado o entregado está a salvo. Vuelva a cargar la página, por favor.";

fn show() {
    let document = page::document();
    let (Some(body), Ok(panel)) = (document.body(), document.create_element("p")) else { return };
    panel.set_class_name("crash");
    let _ = panel.set_attribute("role", "alert");
    panel.set_text_content(Some(SENTENCE));
    let _ = body.prepend_with_node_1(&panel);
}
