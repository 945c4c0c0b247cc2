//! What the maker of an offer keeps of it, and how it tells the invited colleague from a stranger.
//!
//! The link's secret stands in the offer itself, sealed under the account key of whoever invites. So
//! it needs no room's key, which an administrator must not have, and the same person admits from any
//! of their devices. Nobody else of the firm can tell, and nobody else admits.

use alloc::string::String;
use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::blob::CLOCK_SLACK;
use super::directory::open_self_signed;
use super::error::{ClientError, Thing};
use super::ring::Keys;
use crate::crypto::cbor;
use crate::crypto::hash::Hash32;
use crate::crypto::invite::LinkSecret;
use crate::crypto::keys::PublicBundle;
use crate::crypto::sealed::{self, RecordKind};
use crate::identity::wire::Waiting;
use crate::ids::{AccountId, EnrolmentId, InviteId};
use crate::journal::posts::Post;
use crate::journal::statement::EnrolmentOffered;
use crate::keys::plain::PersonV1;
use crate::secret::Secret;
use crate::time::Timestamp;
use crate::vuln;

const BROKEN: ClientError = ClientError::NotVerified(Thing::Invitation);

/// The offer's secret as the inviter keeps it, under their own account key.
#[derive(Encode, Decode)]
#[cbor(map)]
struct OfferSecretV1 {
    #[n(1)]
    enrolment: EnrolmentId,
    #[cbor(n(2), with = "minicbor::bytes")]
    secret: [u8; 32],
}

/// Where that record belongs; bound into its key and its ciphertext.
#[derive(Encode, Decode)]
#[cbor(map)]
struct OfferPlace {
    #[n(1)]
    firm: Hash32,
    #[n(2)]
    account: AccountId,
    #[n(3)]
    enrolment: EnrolmentId,
}

/// Whether somebody who waits is the person who was invited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The proof under the link's secret holds.
    Genuine,
    /// It does not: somebody else used the link's place.
    Forged,
    /// The offer's time is over, by this device's own clock.
    Late,
    /// Somebody else invited, and keeps the secret by which it could be told.
    InvitedBy(AccountId),
}

/// Somebody who waits for admission.
pub struct WaitingPerson {
    /// Which offer.
    pub enrolment: EnrolmentId,
    /// The name, as the newcomer typed it.
    pub name: Option<String>,
    /// The sign-in name.
    pub handle: String,
    /// As what.
    pub post: Post,
    /// Whether it is the invited one.
    pub standing: Standing,
}

/// Seals the link's secret for its maker, who admits later, from any of their devices.
pub(crate) fn keep_secret(
    keys: &Keys,
    enrolment: EnrolmentId,
    secret: &LinkSecret,
) -> Result<Vec<u8>, ClientError> {
    // EXPOSE: sealed for the maker's account right here.
    let kept = OfferSecretV1 { enrolment, secret: *secret.bytes() };
    let plain = Secret::new(cbor::encode(&kept));
    let place = offer_place(keys, enrolment);
    // EXPOSE: the record seals it.
    sealed::seal_record(
        &keys.amk.record_key(),
        RecordKind::InviteSecret,
        enrolment.0,
        &place,
        plain.expose(),
    )
    .map_err(|_| ClientError::Unfit)
}

fn offer_place(keys: &Keys, enrolment: EnrolmentId) -> Vec<u8> {
    cbor::encode(&OfferPlace { firm: keys.firm(), account: keys.account, enrolment })
}

/// Opens the secret of an offer that this account made.
fn kept_secret(keys: &Keys, offered: &EnrolmentOffered) -> Result<LinkSecret, ClientError> {
    let enrolment = offered.enrolment;
    let place = offer_place(keys, enrolment);
    let kind = RecordKind::InviteSecret;
    let key = keys.amk.record_key();
    let plain =
        sealed::open_record(&key, kind, enrolment.0, &place, &offered.kept).map_err(|_| BROKEN)?;
    // EXPOSE: the secret goes straight into its type.
    let kept: OfferSecretV1 = cbor::decode_strict(plain.expose(), 256).map_err(|_| BROKEN)?;
    if kept.enrolment != enrolment {
        return Err(BROKEN);
    }
    Ok(LinkSecret::from_bytes(kept.secret))
}

/// How somebody who waits stands to the offer, as far as this account can tell. Only the server knows
/// when they enrolled, so an offer long over admits nobody, whenever they came.
pub(crate) fn standing(
    keys: &Keys,
    person: &Waiting,
    now: Timestamp,
) -> Result<WaitingPerson, ClientError> {
    let offer = keys.directory.offer(person.enrolment).ok_or(BROKEN)?;
    let post = offer.offered.post().ok_or(BROKEN)?;
    let (standing, name) = if offer.by == keys.kid {
        match genuine_name(keys, &offer.offered, person)? {
            Some(name) if offer.offered.expires.is_before(now, CLOCK_SLACK) && !vuln::a38() => {
                (Standing::Late, Some(name))
            }
            Some(name) => (Standing::Genuine, Some(name)),
            None => (Standing::Forged, None),
        }
    } else {
        let by = keys.directory.member_by_kid(offer.by).ok_or(BROKEN)?;
        (Standing::InvitedBy(by.account), None)
    };
    let (enrolment, handle) = (person.enrolment, person.handle.clone());
    Ok(WaitingPerson { enrolment, name, handle, post, standing })
}

/// The newcomer's keys, when they are of the role and with the capabilities that were offered.
pub(crate) fn as_offered(keys: &Keys, person: &Waiting) -> Result<PublicBundle, ClientError> {
    let bundle = open_self_signed(&person.bundle.0).ok_or(BROKEN)?;
    let offer = keys.directory.offer(person.enrolment).ok_or(BROKEN)?;
    let fits = offer.offered.role == bundle.role as u8 && offer.offered.caps == bundle.caps.0;
    if fits || vuln::a28() { Ok(bundle) } else { Err(BROKEN) }
}

/// The name of a person whose MAC under the offer's secret holds; `None` for anybody else.
fn genuine_name(
    keys: &Keys,
    offered: &EnrolmentOffered,
    person: &Waiting,
) -> Result<Option<String>, ClientError> {
    let link = kept_secret(keys, offered)?.derive();
    let Ok(mac) = <[u8; 32]>::try_from(person.mac.0.as_slice()) else { return Ok(None) };
    if !link.check_ci_mac(&mac, &person.bundle.0, InviteId(person.enrolment.0), keys.firm()) {
        return Ok(None);
    }
    let ctx = cbor::encode(&person.enrolment);
    let opened = sealed::open_record(
        &link.seal,
        RecordKind::Profile,
        person.account.0,
        &ctx,
        &person.name.0,
    );
    let Ok(plain) = opened else { return Ok(None) };
    // EXPOSE: the name goes straight into its type.
    let profile: Result<PersonV1, _> = cbor::decode_strict(plain.expose(), 4096);
    Ok(profile.ok().filter(|profile| profile.account == person.account).map(|one| one.name))
}
