//! Intake in the browser: a client opens a link, fills a form section by section, hands in
//! documents, looks everything over and sends it sealed.

pub mod page;
pub mod arrival;
pub mod visit;
pub mod filling;
pub mod place;
pub mod section_page;
pub mod field_view;
pub mod dates;
pub mod scaled;
pub mod parts;
pub mod group_view;
pub mod uploads;
pub mod upload_view;
pub mod saved;
pub mod review_page;
pub mod receipt_page;
pub mod publish;
pub mod forms_page;
pub mod answers_view;
