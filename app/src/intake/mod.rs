//! Intake in the browser: a client opens a link, fills a form section by section, hands in
//! documents, looks everything over and sends it sealed.

pub mod answers_view;
pub mod app;
pub mod arrival;
pub mod back;
pub mod code_back;
pub mod dates;
pub mod field_view;
pub mod filling;
pub mod forms_page;
pub mod group_view;
pub mod page;
pub mod parts;
pub mod place;
pub mod publish;
pub mod receipt_page;
pub mod review_page;
pub mod saved;
pub mod scaled;
pub mod section_page;
pub mod upload_view;
pub mod uploads;
pub mod visit;
