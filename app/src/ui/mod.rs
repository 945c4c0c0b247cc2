//! The parts that pages are arranged from: no feature words, no network, no keys.

pub mod announcer;
pub mod button;
pub mod choice;
pub mod copy_box;
pub mod date_field;
pub mod dialog;
pub mod empty;
pub mod error_summary;
pub mod evidence;
pub mod field;
pub mod fingerprint;
pub mod icon;
pub mod link;
pub mod live;
pub mod more;
pub mod notice;
pub mod qr;
pub mod seal;
pub mod shell;
pub mod tabs;
pub mod trouble;
pub mod waiting;
