//! Everything about HTTP that knows no feature.

pub mod csrf;
pub mod headers;
pub mod limits;
pub mod log;
pub mod peer;
pub mod request_id;
pub mod security_txt;
pub mod serve;
pub mod static_files;
pub mod well_known;
