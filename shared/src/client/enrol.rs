//! A colleague joins: invited by a link, on a device of their own, and admitted by whoever invited.

use alloc::string::String;
use alloc::vec::Vec;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::account::{self, Newcomer, Ways};
use super::error::{ClientError, Thing};
use super::host::Host;
use super::offer::{as_offered, keep_secret, standing};
use super::ring::{Keys, Ring};
use super::{Portal, blob, link, office, people, unlock};
use crate::crypto::cbor;
use crate::crypto::hash::{Hash32, sha256};
use crate::crypto::invite::{Fragment, LinkSecret};
use crate::crypto::keys::{Caps, Identity, Role};
use crate::crypto::sealed::{self, RecordKind};
use crate::crypto::signed::{Namespace, Signed};
use crate::crypto::slots::{AccountProfile, AccountSecrets};
use crate::encoding::B64;
use crate::identity::wire::{Enrol, ListEnrolled, OpenEnrolment};
use crate::ids::{AccountId, EnrolmentId, InviteId};
use crate::journal::statement::{Admitted, EnrolmentOffered, KeyringAct};
use crate::journal::stream::StreamId;
use crate::keys::plain::PersonV1;
use crate::secret::Secret;
use crate::time::{DAY, Timestamp};

pub use super::offer::{Standing, WaitingPerson};
pub use crate::journal::posts::{Placing, Post};

const BROKEN: ClientError = ClientError::NotVerified(Thing::Invitation);

/// The statement inside the offer's blob (`USS1`, namespace 20).
#[derive(Encode, Decode)]
#[cbor(map)]
struct OfferV1 {
    #[n(1)]
    enrolment: EnrolmentId,
    /// From the root statement to the admission of whoever invites.
    #[n(2)]
    path: Vec<ByteVec>,
    #[n(3)]
    expires: Timestamp,
    #[n(4)]
    role: u8,
    #[n(5)]
    caps: u32,
    #[n(6)]
    firm_name: String,
    /// Who invites, by name.
    #[n(7)]
    inviter: String,
    /// The post, where role and capabilities do not tell.
    #[n(8)]
    post: Option<Post>,
}

impl blob::Body for OfferV1 {
    const NAMESPACE: Namespace = Namespace::Offer;
    const NEEDS: Caps = Caps::ADMIT;

    fn link(&self) -> [u8; 16] {
        self.enrolment.0
    }

    fn expires(&self) -> Timestamp {
        self.expires
    }

    fn path(&self) -> &[ByteVec] {
        &self.path
    }
}

/// A verified offer.
struct OpenedOffer {
    firm: Hash32,
    firm_name: String,
    inviter: String,
    role: Role,
    caps: Caps,
    post: Post,
}

/// What a newcomer brings.
pub struct Joining {
    /// The account, for which passkey and authenticator app were made.
    pub account: AccountId,
    /// The name, as colleagues will read it.
    pub display_name: String,
    /// The sign-in name.
    pub handle: String,
    /// How they will sign in and unlock.
    pub ways: Ways,
}

/// An offer as the newcomer sees it.
pub struct EnrolmentView {
    /// Which firm.
    pub firm_name: String,
    /// Who invites.
    pub inviter: String,
    /// With which keys.
    pub role: Role,
    /// As what.
    pub post: Post,
}

impl<H: Host> Portal<H> {
    /// Offers a colleague a place: gives the link's path and fragment. The inviter admits later,
    /// from any of their devices.
    ///
    /// # Errors
    /// When locked, or refused.
    pub async fn invite_staff(
        &self,
        ring: &Ring,
        what: impl Into<Placing>,
        days: u32,
    ) -> Result<String, ClientError> {
        let placing = what.into();
        let enrolment = EnrolmentId::random();
        let secret = LinkSecret::generate();
        let expires = self.host.now().plus(u64::from(days) * DAY);
        self.enter_office(ring).await?;
        let (role, caps) = (placing.post.role(), placing.post.caps());
        self.append(ring, &[StreamId::Keyring], |keys, pen| {
            let officer = placing.post != Post::Officer || keys.directory.is_officer(keys.kid);
            if !placing.fits(role, caps) || !officer {
                return Err(ClientError::Unfit);
            }
            let blob = offer_blob(keys, &secret, enrolment, placing.post, expires)?;
            let act = KeyringAct::Invited(EnrolmentOffered {
                enrolment,
                // EXPOSE: the server keeps the token's hash alone.
                auth_hash: sha256(secret.derive().auth.expose()),
                blob_hash: pen.attach(blob),
                expires,
                role: role as u8,
                caps: caps.0,
                placing: placing.said_beside(role, caps),
                kept: keep_secret(keys, enrolment, &secret)?,
            });
            let key = &keys.identity.signing;
            pen.write(Namespace::Keyring, StreamId::Keyring, act, key, keys.kid).map(|_| ())
        })
        .await?;
        Ok(link::write("join", enrolment, &secret, ring.with(Keys::firm)?))
    }

    /// Opens an offer on the newcomer's device.
    ///
    /// # Errors
    /// A bad or expired link; [`ClientError::NotVerified`].
    pub async fn open_enrolment(
        &self,
        enrolment: EnrolmentId,
        fragment: &str,
    ) -> Result<EnrolmentView, ClientError> {
        let blob = self.blob(enrolment, fragment).await?;
        read_offer(fragment, enrolment, &blob, self.host.now())
    }

    /// Makes the newcomer's account and keys; gives the recovery words. Signing in works once
    /// admitted.
    ///
    /// # Errors
    /// As [`Portal::open_enrolment`]; refused when the sign-in name is taken.
    pub async fn enrol(
        &self,
        enrolment: EnrolmentId,
        fragment: &str,
        joining: &Joining,
    ) -> Result<Secret<String>, ClientError> {
        let Joining { account, display_name, handle, ways } = joining;
        let account = *account;
        account::check_handle(handle)?;
        let link = link::read(fragment)?;
        let blob = self.blob(enrolment, fragment).await?;
        let now = self.host.now();
        let offer = open_offer(&link, enrolment, &blob, now)?;
        let identity = Identity::generate(offer.role);
        let firm = offer.firm;
        let bundle = identity.bundle(offer.role, account.0, firm, now, None, offer.caps);
        let bundle_kid = bundle.kid();
        let profile = AccountProfile { name: display_name.clone(), firm_name: offer.firm_name };
        let secrets = AccountSecrets {
            identity,
            root: None,
            recovery: None,
            firm,
            profile: Some(profile),
            device: Some(account::device_secret()),
        };
        let newcomer = Newcomer { account, handle: handle.clone(), ways, secrets: &secrets };
        let enlisted = account::enlist(self, newcomer).await?;
        let body = cbor::encode(&bundle);
        let key = &secrets.identity.signing;
        let signed = Signed::sign(Namespace::StaffBundle, key, bundle_kid, &body)
            .map_err(|_| ClientError::Unfit)?;
        let keys = link.secret.derive();
        let name = PersonV1 { account, name: display_name.clone() };
        let name = sealed::seal_record(
            &keys.seal,
            RecordKind::Profile,
            account.0,
            &cbor::encode(&enrolment),
            &cbor::encode(&name),
        )
        .map_err(|_| ClientError::Unfit)?;
        let mac = keys.ci_mac(signed.as_bytes(), InviteId(enrolment.0), firm);
        let call = Enrol {
            enrolment,
            // EXPOSE: the token is made to be shown.
            token: B64(keys.auth.expose().to_vec()),
            account: enlisted.new_account,
            bundle: B64(signed.as_bytes().to_vec()),
            mac: B64(mac.to_vec()),
            name: B64(name),
        };
        unlock::keep_device(self, account, handle, &enlisted.device_secret, firm).await?;
        self.call(&call).await?;
        Ok(enlisted.recovery_words)
    }

    /// Who enrolled and waits.
    ///
    /// # Errors
    /// When locked, unreachable, or refused.
    pub async fn waiting(&self, ring: &Ring) -> Result<Vec<WaitingPerson>, ClientError> {
        self.sync_directory(ring).await?;
        let waiting = self.call(&ListEnrolled {}).await?.waiting;
        let now = self.host.now();
        ring.with(|keys| waiting.iter().map(|person| standing(keys, person, now)).collect())?
    }

    /// Admits a person whose MAC holds: the keyring says so. A lawyer gets the key of the office
    /// room where the admitter has it; else somebody lets them in later ([`Portal::let_in`]).
    ///
    /// # Errors
    /// [`ClientError::NotVerified`] when the person is not the invited one,
    /// [`ClientError::LinkExpired`] when the offer's time is over, [`ClientError::Missing`]
    /// when nobody waits there or somebody else invited; otherwise as usual.
    pub async fn admit(&self, ring: &Ring, enrolment: EnrolmentId) -> Result<(), ClientError> {
        self.sync_directory(ring).await?;
        let waiting = self.call(&ListEnrolled {}).await?.waiting;
        let person = waiting
            .into_iter()
            .find(|one| one.enrolment == enrolment)
            .ok_or(ClientError::Missing)?;
        let now = self.host.now();
        let office = ring.with(Keys::office)?;
        let inside = self.enter_office(ring).await?;
        if inside {
            self.turn_owed(ring, office).await?;
        }
        let room = StreamId::Matter(office);
        let streams: &[StreamId] =
            if inside { &[StreamId::Keyring, room] } else { &[StreamId::Keyring] };
        self.append(ring, streams, |keys, pen| {
            let seen = standing(keys, &person, now)?;
            let name = match (seen.standing, seen.name) {
                (Standing::Genuine, Some(name)) => name,
                (Standing::InvitedBy(_), _) => return Err(ClientError::Missing),
                (Standing::Late, _) => return Err(ClientError::LinkExpired),
                _ => return Err(BROKEN),
            };
            let bundle = as_offered(keys, &person)?;
            let act = KeyringAct::Admitted(Admitted {
                account: person.account,
                bundle: person.bundle.0.clone(),
                enrolment: Some(enrolment),
            });
            let key = &keys.identity.signing;
            pen.write(Namespace::Keyring, StreamId::Keyring, act, key, keys.kid)?;
            if inside {
                // A third party reads one matter, and nothing of the firm's own.
                let offer = keys.directory.offer(enrolment).ok_or(BROKEN)?;
                let bound = offer.offered.placing.is_some_and(|placing| placing.matter.is_some());
                let to = (!bound).then_some(&bundle);
                office::welcome(keys, pen, to, &PersonV1 { account: person.account, name })?;
            }
            Ok(())
        })
        .await?;
        self.sync_directory(ring).await?;
        self.enter_office(ring).await.map(drop)
    }

    async fn blob(&self, enrolment: EnrolmentId, fragment: &str) -> Result<Vec<u8>, ClientError> {
        // EXPOSE: the token is made to be shown.
        let token = B64(link::read(fragment)?.secret.derive().auth.expose().to_vec());
        Ok(self.call(&OpenEnrolment { enrolment, token }).await?.blob.0)
    }
}

/// What the blob of an offer says to the newcomer, by the whole fragment of the link.
///
/// # Errors
/// [`ClientError::NotVerified`] unless it is signed by somebody whom the firm root in the link
/// admitted, and who may admit; [`ClientError::LinkExpired`]; a bad link.
pub fn read_offer(
    fragment: &str,
    enrolment: EnrolmentId,
    blob: &[u8],
    now: Timestamp,
) -> Result<EnrolmentView, ClientError> {
    let offer = open_offer(&link::read(fragment)?, enrolment, blob, now)?;
    let OpenedOffer { firm_name, inviter, role, post, .. } = offer;
    Ok(EnrolmentView { firm_name, inviter, role, post })
}

fn open_offer(
    link: &Fragment,
    enrolment: EnrolmentId,
    blob: &[u8],
    now: Timestamp,
) -> Result<OpenedOffer, ClientError> {
    let blob::Opened { body, directory, .. } = blob::open::<OfferV1>(link, enrolment.0, blob, now)?;
    let role = Role::from_u8(body.role).ok_or(BROKEN)?;
    let caps = Caps(body.caps);
    if !matches!(role, Role::Staff | Role::Admin) || !Caps::ALL.contains(caps) {
        return Err(BROKEN);
    }
    let post = body.post.unwrap_or(Post::of_bundle(role, caps));
    if post.role() != role || !post.caps().contains(caps) {
        return Err(BROKEN);
    }
    let (firm, firm_name, inviter) = (directory.firm(), body.firm_name, body.inviter);
    Ok(OpenedOffer { firm, firm_name, inviter, role, caps, post })
}

fn offer_blob(
    keys: &mut Keys,
    secret: &LinkSecret,
    enrolment: EnrolmentId,
    post: Post,
    expires: Timestamp,
) -> Result<Vec<u8>, ClientError> {
    let firm_name = people::firm_name(keys)?;
    let inviter = people::my_name(keys).unwrap_or_default();
    let path = keys.directory.path_to(keys.kid).ok_or(ClientError::Missing)?;
    let offer = OfferV1 {
        enrolment,
        path: path.into_iter().map(ByteVec::from).collect(),
        expires,
        role: post.role() as u8,
        caps: post.caps().0,
        firm_name,
        inviter,
        post: Placing::of(post).said_beside(post.role(), post.caps()).map(|_| post),
    };
    blob::seal(&offer, secret, (&keys.identity.signing, keys.kid))
}

#[cfg(test)]
#[path = "enrol_tests.rs"]
mod tests;
