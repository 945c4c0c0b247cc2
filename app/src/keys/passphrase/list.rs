//! The commonest passwords: 267 kB, which only somebody who chooses a passphrase fetches.

use std::sync::Arc;

use shared::identity::passphrase::list::CommonList;

use crate::net::pinned;

/// Judging by this, nothing counts as common.
static NONE: CommonList = CommonList::none();

/// Whether the list is here.
#[derive(Clone)]
pub(super) enum Common {
    /// Nobody needed it yet.
    Unasked,
    /// Under way.
    Coming,
    /// Here.
    Here(Arc<CommonList>),
    /// It could not be fetched; the rest judges.
    Absent,
}

impl Common {
    /// The list, or an empty one.
    pub(super) fn list(&self) -> &CommonList {
        match self {
            Self::Here(list) => list,
            Self::Unasked | Self::Coming | Self::Absent => &NONE,
        }
    }
}

/// Fetches it from our own server, under the hash that the page names for it.
pub(super) async fn fetch() -> Common {
    let read = |bytes: Vec<u8>| CommonList::read(&bytes).ok();
    match pinned::file("passwords").await.and_then(read) {
        Some(list) => Common::Here(Arc::new(list)),
        None => Common::Absent,
    }
}
