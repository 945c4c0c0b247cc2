//! Invitations as the door needs them. SQL and nothing else.

use shared::crypto::hash::Hash32;
use shared::crypto::keys::Kid;
use shared::crypto::signed::{Namespace, Signed};
use shared::ids::{InviteId, MatterId};
use shared::journal::stream::StreamId;
use shared::time::Timestamp;

use crate::db::pool::DbError;
use crate::db::{Conn, args};

/// An invitation with its sealed blob.
pub(super) struct Invite {
    pub(super) matter: MatterId,
    pub(super) auth_hash: Hash32,
    pub(super) expires: Timestamp,
    pub(super) used_by: Option<Kid>,
    pub(super) blob: Vec<u8>,
}

/// An invitation, if there is one.
pub(super) async fn find(conn: &mut Conn, invite: InviteId) -> Result<Option<Invite>, DbError> {
    let row = conn
        .fetch_optional(
            "SELECT matter, auth_hash, expires, used_by, body FROM invite \
             JOIN attachment ON attachment.leaf = invite.leaf \
             AND attachment.hash = invite.blob_hash WHERE invite.id = $1",
            args![invite],
        )
        .await?;
    row.map(|row| {
        Ok(Invite {
            matter: row.get(0)?,
            auth_hash: row.get(1)?,
            expires: row.get(2)?,
            used_by: row.get(3)?,
            blob: row.get(4)?,
        })
    })
    .transpose()
}

/// The receipt of the statement by which a client joined a matter.
pub(super) async fn joining_receipt(
    conn: &mut Conn,
    matter: MatterId,
    client: Kid,
) -> Result<Option<Vec<u8>>, DbError> {
    let rows = conn
        .fetch_all(
            "SELECT body, receipt FROM statement WHERE stream = $1 ORDER BY seq",
            args![StreamId::Matter(matter).to_string()],
        )
        .await?;
    for row in rows {
        let joined = Signed::parse(&row.get::<Vec<u8>>(0)?).is_ok_and(|signed| {
            signed.namespace() == Namespace::ClientBundle && signed.signer() == client
        });
        if joined {
            return row.get(1).map(Some);
        }
    }
    Ok(None)
}
