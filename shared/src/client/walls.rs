//! Walls before a client: whoever is kept from one matter of a client is kept from the client's others, as far
//! as the caller can read whose they are. The server knows no client's name: only devices can see that two
//! matters are one client's.

use alloc::string::String;
use alloc::vec::Vec;

use super::Portal;
use super::directory::Member;
use super::error::{ClientError, Thing};
use super::host::Host;
use super::pen::Pen;
use super::posting::may_raise;
use super::ring::{Keys, Ring};
use crate::crypto::keys::Kid;
use crate::crypto::signed::Namespace;
use crate::ids::{MatterId, WallId};
use crate::journal::posts::WallRaised;
use crate::journal::statement::KeyringAct;
use crate::journal::stream::StreamId;

/// Statements in one call.
const AT_ONCE: usize = 60;

impl<H: Host> Portal<H> {
    /// The other matters of the same client at which the caller sits, by the client's name as the firm writes
    /// it: capitals and spaces aside.
    ///
    /// # Errors
    /// As [`Portal::matters`].
    pub async fn of_same_client(
        &self,
        ring: &Ring,
        matter: MatterId,
    ) -> Result<Vec<MatterId>, ClientError> {
        let all = self.matters(ring).await?;
        let name = |one: &super::matters::MatterSummary| {
            one.description.as_ref().ok().map(|described| same(&described.client))
        };
        let wanted = all.iter().find(|one| one.matter == matter).and_then(name);
        let others = all.iter().filter(|one| wanted.is_some() && name(one) == wanted);
        Ok(others.map(|one| one.matter).filter(|one| *one != matter).collect())
    }

    /// Raises a conflict wall between a person and several matters at once; where one stands already, or the
    /// caller may not raise one, none is added.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] when none is left; otherwise as [`Portal::raise_wall`].
    pub async fn raise_walls(
        &self,
        ring: &Ring,
        kid: Kid,
        matters: &[MatterId],
    ) -> Result<(), ClientError> {
        let walls: Vec<(WallId, MatterId)> =
            matters.iter().map(|matter| (WallId::random(), *matter)).collect();
        let unfit = ring.with(|keys| {
            walls.iter().all(|(wall, matter)| may_raise(keys, *wall, kid, *matter).is_err())
        })?;
        if unfit {
            return Err(ClientError::Unfit);
        }
        for some in walls.chunks(AT_ONCE) {
            self.append(ring, &[StreamId::Keyring], |keys, pen| {
                let may =
                    |(wall, matter): &(WallId, MatterId)| may_raise(keys, *wall, kid, *matter).ok();
                let (key, by) = (&keys.identity.signing, keys.kid);
                for act in some.iter().filter_map(may) {
                    let act = KeyringAct::WallRaised(act);
                    pen.write(Namespace::Keyring, StreamId::Keyring, act, key, by)?;
                }
                Ok(())
            })
            .await?;
        }
        self.sync_directory(ring).await
    }

    /// Who is kept from a client's matters, as far as the caller reads them. A firm without walls reads nothing
    /// for it.
    ///
    /// # Errors
    /// [`ClientError::NotVerified`] of the matter when somebody is kept from one that the caller held and cannot read
    /// now: it could be the client's.
    pub(super) async fn kept_from_client(
        &self,
        ring: &Ring,
        client: &str,
    ) -> Result<Vec<Kid>, ClientError> {
        self.sync_directory(ring).await?;
        let standing = |keys: &Keys| {
            keys.directory.members().any(|member| member.walls_now().next().is_some())
        };
        if !ring.with(standing)? {
            return Ok(Vec::new());
        }
        let wanted = same(client);
        let all = self.matters(ring).await?;
        let described = |one: &super::matters::MatterSummary| {
            one.description.as_ref().is_ok_and(|described| same(&described.client) == wanted)
        };
        let theirs: Vec<MatterId> =
            all.iter().filter(|one| described(one)).map(|one| one.matter).collect();
        let read = |matter: &MatterId| {
            all.iter().any(|one| one.matter == *matter && one.description.is_ok())
        };
        ring.with(|keys| {
            let mut walls = keys.directory.members().flat_map(Member::walls_now);
            let held = |matter: &MatterId| {
                keys.rooms.get(matter).is_some_and(|room| room.is_seated(keys.kid))
            };
            if walls.any(|wall| held(&wall.matter) && !read(&wall.matter)) {
                return Err(ClientError::NotVerified(Thing::Matter));
            }
            let members = keys.directory.members();
            let kept = members.filter(|member| {
                member.bundle.kid() != keys.kid
                    && member.walls_now().any(|wall| theirs.contains(&wall.matter))
            });
            Ok(kept.map(|member| member.bundle.kid()).collect())
        })?
    }
}

/// Walls before a matter that its maker opens in the same moment.
pub(super) fn raise_all(
    keys: &Keys,
    pen: &mut Pen,
    matter: MatterId,
    kept: &[(WallId, Kid)],
) -> Result<(), ClientError> {
    for (wall, kid) in kept {
        let member = keys.directory.member_by_kid(*kid).ok_or(ClientError::Missing)?;
        let act = WallRaised { wall: *wall, account: member.account, kid: *kid, matter };
        let (key, by) = (&keys.identity.signing, keys.kid);
        pen.write(Namespace::Keyring, StreamId::Keyring, KeyringAct::WallRaised(act), key, by)?;
    }
    Ok(())
}

/// A client's name for comparing.
fn same(name: &str) -> String {
    let words: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}
