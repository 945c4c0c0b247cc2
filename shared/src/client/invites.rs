//! The invitations of a matter as its lawyers see them: which form, by whom, until when, and whether
//! it was used.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::error::ClientError;
use super::invite;
use super::join;
use super::ring::Keys;
use super::room::{Invited, Room};
use crate::crypto::invite::Fragment;
use crate::ids::{AccountId, InviteId, MatterId};
use crate::intake::value::Text;
use crate::time::Timestamp;

/// Where an invitation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InviteState {
    /// It can be used.
    Open,
    /// A browser joined by it.
    Used,
    /// Its time is over, and nobody used it.
    Expired,
    /// Nobody used it before access to the matter was taken back from somebody.
    Void,
}

/// An invitation of a client.
pub struct InviteSeen {
    /// Which.
    pub invite: InviteId,
    /// The title of the form that it asks for; `None` when the sealed invitation does not open.
    pub form: Option<Text>,
    /// Who made it, where the name is known.
    pub by: Option<String>,
    /// When it was made, as its maker says.
    pub made: Timestamp,
    /// Until when it can be used.
    pub expires: Timestamp,
    /// Where it stands.
    pub state: InviteState,
}

/// The invitations of a matter, newest first.
pub(crate) fn seen(
    keys: &mut Keys,
    matter: MatterId,
    names: &BTreeMap<AccountId, String>,
    now: Timestamp,
) -> Result<Vec<InviteSeen>, ClientError> {
    join::open_keys(keys, matter);
    let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
    let mut all: Vec<InviteSeen> = room
        .invites
        .values()
        .map(|invited| {
            let by = keys.directory.member_by_kid(invited.by);
            InviteSeen {
                invite: invited.act.invite,
                form: title(keys, room, invited),
                by: by.and_then(|member| names.get(&member.account).cloned()),
                made: invited.time,
                expires: invited.act.expires,
                state: state(room, invited, now),
            }
        })
        .collect();
    all.sort_by_key(|one| core::cmp::Reverse((one.made, one.invite)));
    Ok(all)
}

/// How many links to a matter nobody used yet.
pub(super) fn open(room: &Room, now: Timestamp) -> usize {
    room.invites.values().filter(|one| state(room, one, now) == InviteState::Open).count()
}

/// Where an invitation stands at this instant. The server takes a joining in the last millisecond.
pub(crate) fn state(room: &Room, invited: &Invited, now: Timestamp) -> InviteState {
    if room.clients.values().any(|client| client.invite == invited.act.invite) {
        InviteState::Used
    } else if room.is_void(invited) {
        InviteState::Void
    } else if now <= invited.act.expires {
        InviteState::Open
    } else {
        InviteState::Expired
    }
}

fn title(keys: &Keys, room: &Room, invited: &Invited) -> Option<Text> {
    let secret = join::link_of(keys, room.matter(), invited).ok()?;
    let fragment = Fragment::new(secret, keys.firm());
    let blob = invited.blob.as_deref()?;
    // As on the day when it was made: what it asked for does not expire.
    let opened = invite::open(&fragment, invited.act.invite, blob, invited.time).ok()?;
    (opened.by == invited.by).then_some(opened.form.title)
}
