//! A person is given another post, a conflict wall is raised or lifted, a duty is given. Each is said in the
//! keyring alone; the keys that matters are owed by it turn as after an end ([`super::leave`]).

use alloc::vec::Vec;

use super::Portal;
use super::error::ClientError;
use super::host::Host;
use super::leave::governs;
use super::posts::Answers;
use super::ring::{Keys, Ring};
use crate::crypto::keys::{Caps, Kid};
use crate::crypto::signed::Namespace;
use crate::ids::{MatterId, WallId};
use crate::journal::posts::{Duty, DutyGiven, Placing, Post, Posted, WallLifted, WallRaised};
use crate::journal::statement::KeyringAct;
use crate::journal::stream::StreamId;

impl<H: Host> Portal<H> {
    /// Gives somebody another post. What they signed before stands. Matters where they must not sit any more
    /// get their new keys by [`Portal::turn_keys`].
    ///
    /// # Errors
    /// [`ClientError::Unfit`] when the caller may not say it, for oneself, for a post that their keys cannot
    /// hold, and for the last person who admits; [`ClientError::Missing`] when the key is nobody's.
    pub async fn change_post(
        &self,
        ring: &Ring,
        kid: Kid,
        placing: Placing,
    ) -> Result<(), ClientError> {
        self.say(ring, |keys| may_post(keys, kid, placing).map(KeyringAct::Posted)).await
    }

    /// Raises a conflict wall between a person and a matter.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] when the caller may not say it, for oneself, and where one stands already.
    pub async fn raise_wall(
        &self,
        ring: &Ring,
        kid: Kid,
        matter: MatterId,
    ) -> Result<(), ClientError> {
        let wall = WallId::random();
        if ring.with(|keys| !may_lift(keys))? {
            // Whoever does not sit there is told so below.
            drop(self.sync_rooms(ring, &[matter]).await);
        }
        self.say(ring, |keys| may_raise(keys, wall, kid, matter).map(KeyringAct::WallRaised)).await
    }

    /// Lifts the wall between a person and a matter.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] when the caller may not; [`ClientError::Missing`] where none stands.
    pub async fn lift_wall(
        &self,
        ring: &Ring,
        kid: Kid,
        matter: MatterId,
    ) -> Result<(), ClientError> {
        self.say(ring, |keys| {
            if !may_lift(keys) || kid == keys.kid {
                return Err(ClientError::Unfit);
            }
            let member = keys.directory.member_by_kid(kid).ok_or(ClientError::Missing)?;
            let wall = member.wall(matter).ok_or(ClientError::Missing)?.wall;
            Ok(KeyringAct::WallLifted(WallLifted { wall, kid }))
        })
        .await
    }

    /// Gives a duty to somebody, with a deputy; to nobody, where none is named.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] when the caller may not, or one of the two is not with the firm.
    pub async fn give_duty(
        &self,
        ring: &Ring,
        duty: Duty,
        holder: Option<Kid>,
        deputy: Option<Kid>,
    ) -> Result<(), ClientError> {
        self.say(ring, |keys| {
            // A duty is an honour that one may give oneself.
            let me = keys.directory.member_by_kid(keys.kid).ok_or(ClientError::Missing)?;
            let may = me.may(Caps::ADMIT) || me.may(Caps::KEYS);
            let here = |kid: &Kid| {
                keys.directory.member_by_kid(*kid).is_some_and(|one| keys.directory.is_with_us(one))
            };
            let named = holder.iter().chain(&deputy).all(here);
            let two = deputy.is_none() || deputy != holder;
            if may && named && two {
                Ok(KeyringAct::DutyGiven(DutyGiven { duty, holder, deputy }))
            } else {
                Err(ClientError::Unfit)
            }
        })
        .await
    }

    /// Who answers for each duty, as the directory was read last.
    ///
    /// # Errors
    /// [`ClientError::Locked`].
    pub fn duties(&self, ring: &Ring) -> Result<Vec<(Duty, Answers)>, ClientError> {
        ring.with(|keys| {
            Duty::ALL.into_iter().map(|duty| (duty, keys.directory.answers(duty))).collect()
        })
    }

    async fn say(
        &self,
        ring: &Ring,
        act: impl Fn(&Keys) -> Result<KeyringAct, ClientError>,
    ) -> Result<(), ClientError> {
        // Asked with each try: the keyring may have moved since.
        self.append(ring, &[StreamId::Keyring], |keys, pen| {
            let act = act(keys)?;
            let (key, by) = (&keys.identity.signing, keys.kid);
            pen.write(Namespace::Keyring, StreamId::Keyring, act, key, by).map(drop)
        })
        .await?;
        self.sync_directory(ring).await
    }
}

fn may_post(keys: &Keys, kid: Kid, placing: Placing) -> Result<Posted, ClientError> {
    governs(keys, kid)?;
    let directory = &keys.directory;
    let member = directory.member_by_kid(kid).ok_or(ClientError::Missing)?;
    let caps = placing.post.caps();
    let of_officers = [member.placing().post, placing.post].contains(&Post::Officer);
    let admits = caps.contains(Caps::ADMIT) && placing.until.is_none();
    let fits = member.end().is_none()
        && placing.fits(member.bundle.role, caps)
        && placing.matter != Some(keys.office())
        && (!of_officers || directory.is_officer(keys.kid))
        && (admits || directory.others_admit(kid));
    let account = member.account;
    if fits { Ok(Posted { account, kid, placing, caps }) } else { Err(ClientError::Unfit) }
}

/// A wall, when the caller may raise it.
pub(super) fn may_raise(
    keys: &Keys,
    wall: WallId,
    kid: Kid,
    matter: MatterId,
) -> Result<WallRaised, ClientError> {
    let me = keys.directory.member_by_kid(keys.kid).ok_or(ClientError::Missing)?;
    let shares =
        me.may(Caps::GRANT) && keys.rooms.get(&matter).is_some_and(|room| room.is_seated(keys.kid));
    let member = keys.directory.member_by_kid(kid).ok_or(ClientError::Missing)?;
    let fits = (may_lift(keys) || shares)
        && kid != keys.kid
        && matter != keys.office()
        && member.bundle.kem.is_some()
        && member.wall(matter).is_none();
    let account = member.account;
    if fits { Ok(WallRaised { wall, account, kid, matter }) } else { Err(ClientError::Unfit) }
}

fn may_lift(keys: &Keys) -> bool {
    let any = [Caps::ADMIT, Caps::KEYS, Caps::POLICY];
    let me = keys.directory.member_by_kid(keys.kid);
    me.is_some_and(|me| any.iter().any(|caps| me.may(*caps)))
}
