//! Links: their fragment, and what binds a client to one.

use proptest::prelude::*;
use shared::crypto::error::FormatError;
use shared::crypto::hash::Hash32;
use shared::crypto::invite::{Fragment, LinkSecret};
use shared::ids::InviteId;

const FIRM: Hash32 = Hash32([0xf1; 32]);
const INVITE: InviteId = InviteId([3; 16]);
const BLOB: Hash32 = Hash32([8; 32]);

#[test]
fn a_fragment_is_read_in_its_one_form_only() {
    let secret = LinkSecret::generate();
    let text = Fragment::format(&secret, FIRM).expose().clone();
    let read = Fragment::parse(&text).map_err(|e| e.to_string()).ok().unwrap();
    assert!(read.secret.bytes() == secret.bytes());
    assert!(read.is_of(FIRM) && !read.is_of(Hash32([0xf2; 32])));

    let mut bad = vec![
        String::new(),
        format!("#{text}"),
        format!("{text}."),
        format!("{text}="),
        format!(" {text}"),
        format!("{text}&utm_source=mail"),
        text.replacen("1.", "01.", 1),
        text.replacen("1.", "+1.", 1),
        text.replacen("1.", "", 1),
    ];
    bad.extend((0..text.len()).map(|end| text.chars().take(end).collect()));
    for text in bad {
        assert!(Fragment::parse(&text).is_err(), "{text:?} passed");
    }
    let newer = text.replacen("1.", "2.", 1);
    assert_eq!(Fragment::parse(&newer).err(), Some(FormatError::VersionUnknown(2)));
}

#[test]
fn the_mac_binds_bundle_invitation_blob_and_link() {
    let keys = LinkSecret::from_bytes([1; 32]).derive();
    let mac = keys.ci_mac(b"bundle", INVITE, BLOB);
    assert!(keys.check_ci_mac(&mac, b"bundle", INVITE, BLOB));
    assert!(!keys.check_ci_mac(&mac, b"bundlE", INVITE, BLOB));
    assert!(!keys.check_ci_mac(&mac, b"bundle\x03", INVITE, BLOB));
    assert!(!keys.check_ci_mac(&mac, b"bundle", InviteId([4; 16]), BLOB));
    assert!(!keys.check_ci_mac(&mac, b"bundle", INVITE, Hash32([9; 32])));
    assert!(!LinkSecret::from_bytes([2; 32]).derive().check_ci_mac(&mac, b"bundle", INVITE, BLOB));
    for at in 0..32 {
        for bit in 0..8 {
            let mut bad = mac;
            bad[at] ^= 1 << bit;
            assert!(!keys.check_ci_mac(&bad, b"bundle", INVITE, BLOB));
        }
    }
}

#[test]
fn what_the_server_sees_of_a_link_opens_nothing() {
    use shared::crypto::keys::RecordKey;
    use shared::crypto::sealed::{RecordKind, open_record, seal_record};
    let keys = LinkSecret::from_bytes([1; 32]).derive();
    let sealed = seal_record(&keys.seal, RecordKind::Invitation, INVITE.0, &[], b"blob").unwrap();
    assert!(open_record(&keys.seal, RecordKind::Invitation, INVITE.0, &[], &sealed).is_ok());
    let seen = RecordKey::from_bytes(*keys.auth.expose());
    assert!(open_record(&seen, RecordKind::Invitation, INVITE.0, &[], &sealed).is_err());
}

proptest! {
    #[test]
    fn noise_is_no_fragment(text in "[!-~]{0,120}") {
        if let Ok(read) = Fragment::parse(&text) {
            // Only what would be written is read.
            let mut firm = [0; 32];
            firm[..20].copy_from_slice(&read.firm);
            let written = Fragment::format(&read.secret, Hash32(firm));
            prop_assert_eq!(written.expose(), &text);
        }
    }
}
