//! Matters in the browser: what waits, the list, one matter with its tabs, and what is done to it.

pub mod access_tab;
pub mod export;
pub mod history;
pub mod identity_check;
pub mod identity_code;
pub mod identity_need;
pub mod identity_paper;
pub mod identity_questions;
pub mod identity_tab;
pub mod identity_words;
pub mod inbox_detail;
pub mod inbox_page;
pub mod invite;
pub mod matter_page;
pub mod matters_page;
pub mod new_matter;
pub mod policy_kinds;
pub mod policy_page;
mod policy_papers;
pub mod renew;
pub mod share;
pub mod submission;
pub mod take_back;
pub mod today_page;
pub mod waiting;
pub mod wall;
pub mod words;
