//! Matters in the browser: what waits, the list, one matter with its tabs, and what is done to it.

pub mod words;
pub mod today_page;
pub mod inbox_page;
pub mod inbox_detail;
pub mod matters_page;
pub mod matter_page;
pub mod submission;
pub mod access_tab;
pub mod new_matter;
pub mod invite;
pub mod export;
