//! Telling the invited client from a stranger: only those with the link's secret can make, or
//! check, the MAC over the client's keys.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::error::ClientError;
use super::record;
use super::ring::Keys;
use super::room::{Client, Invited};
use crate::crypto::cbor;
use crate::crypto::invite::LinkSecret;
use crate::crypto::keys::Kid;
use crate::crypto::sealed::RecordKind;
use crate::ids::MatterId;
use crate::journal::statement::ClientAccepted;
use crate::vuln;

/// The link secret as staff keeps it.
#[derive(Encode, Decode)]
#[cbor(map)]
pub(crate) struct InviteSecretV1 {
    /// S.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub(crate) secret: [u8; 32],
}

/// The clients of a matter whose MAC holds, as far as the secrets of its links open.
pub(crate) fn genuine_clients(
    keys: &mut Keys,
    matter: MatterId,
) -> Result<BTreeSet<Kid>, ClientError> {
    open_keys(keys, matter);
    let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
    let mut genuine = BTreeSet::new();
    for (kid, client) in &room.clients {
        let Some(invited) = room.invites.get(&client.invite) else { continue };
        // Of a link whose secret does not open nothing is proven.
        let Ok(link) = link_of(keys, matter, invited).map(|secret| secret.derive()) else {
            continue;
        };
        let bundle = cbor::encode(&client.bundle);
        let proven = link.check_ci_mac(&client.mac, &bundle, client.invite, invited.act.blob_hash);
        if proven || vuln::a34() {
            genuine.insert(*kid);
        }
    }
    Ok(genuine)
}

/// Opens the keys under which the secrets of a matter's invitations are kept, those that open.
pub(crate) fn open_keys(keys: &mut Keys, matter: MatterId) {
    let invites = keys.rooms.get(&matter).map(|room| room.invites.values());
    let epochs: BTreeSet<u32> =
        invites.into_iter().flatten().map(|invite| invite.act.secret.epoch).collect();
    keys.open_epochs(matter, epochs);
}

/// The secret of an invitation's link; its key is open already.
pub(crate) fn link_of(
    keys: &Keys,
    matter: MatterId,
    invited: &Invited,
) -> Result<LinkSecret, ClientError> {
    let at = &invited.act.secret;
    let key = keys.matter_keys.get(&(matter, at.epoch)).ok_or(ClientError::Missing)?;
    let (sealed, kind) = (invited.secret.as_ref(), RecordKind::InviteSecret);
    let kept: InviteSecretV1 = record::open_bytes(
        sealed.map(|bytes| bytes.as_slice()),
        at,
        kind,
        keys.firm(),
        matter,
        key,
    )?;
    Ok(LinkSecret::from_bytes(kept.secret))
}

/// Whether nobody accepted a client yet whose key still speaks.
fn waiting(client: &Client) -> bool {
    client.level.is_none() && client.ended.is_none()
}

/// Acceptances owed to clients whose MAC holds, who came in time, and whom nobody accepted yet.
pub(crate) fn genuine_waiting(
    keys: &mut Keys,
    matter: MatterId,
) -> Result<Vec<ClientAccepted>, ClientError> {
    let waits = keys.rooms.get(&matter).is_some_and(|room| room.clients.values().any(waiting));
    if !waits {
        return Ok(Vec::new());
    }
    let genuine = genuine_clients(keys, matter)?;
    let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
    Ok(room
        .clients
        .iter()
        .filter(|(kid, client)| {
            waiting(client) && genuine.contains(kid) && room.came_in_time(client)
        })
        .map(|(kid, client)| ClientAccepted { client: *kid, invite: client.invite, level: 1 })
        .collect())
}
