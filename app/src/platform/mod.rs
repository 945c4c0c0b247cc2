//! What the browser lends us: the only room (with `net` for fetching) that touches `web_sys`.

pub mod channel;
pub mod clipboard;
pub mod clock;
pub mod crash;
pub mod device;
pub mod file;
pub mod locks;
pub mod page;
pub mod passkey;
pub mod print;
pub mod sealed_box;
pub mod storage;
pub mod viewer;
pub mod visibility;
pub mod worker;
