//! Links of invitation: a path, and a fragment that never leaves the browser.

use alloc::format;
use alloc::string::String;

use super::error::ClientError;
use crate::crypto::hash::Hash32;
use crate::crypto::invite::{Fragment, LinkSecret};

/// `/i/<id>#1.<secret>.<fingerprint>`: what a lawyer sends, without the host.
pub(crate) fn write(
    room: &str,
    id: impl core::fmt::Display,
    secret: &LinkSecret,
    firm: Hash32,
) -> String {
    // EXPOSE: the link is handed to the person who sends it.
    format!("/{room}/{id}#{}", Fragment::format(secret, firm).expose())
}

/// The secret and the fingerprint's beginning from a fragment, with or without its `#`.
pub(crate) fn read(fragment: &str) -> Result<Fragment, ClientError> {
    let text = fragment.strip_prefix('#').unwrap_or(fragment);
    if text.is_empty() {
        return Err(ClientError::NoSecret);
    }
    Fragment::parse(text).map_err(|_| ClientError::BadLink)
}
