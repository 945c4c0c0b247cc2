//! The printer.

/// Opens the browser's print dialog for this page.
pub fn print() {
    let _ = super::page::window().print();
}
