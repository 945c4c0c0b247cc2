//! A lawyer's invitation: what travels in it, and how a stranger's browser checks it.
//!
//! It travels in the blob behind a link ([`super::blob`]), as a statement (`USS1`, namespace 12) of
//! the lawyer.

use alloc::string::String;
use alloc::vec::Vec;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::directory::Directory;
use super::error::{ClientError, Thing};
use super::host::Host;
use super::join::InviteSecretV1;
use super::ring::{Keys, Ring};
use super::{Portal, blob, link, people, record, witness};
use crate::crypto::hash::{Hash32, sha256};
use crate::crypto::invite::{Fragment, LinkSecret};
use crate::crypto::keys::{Caps, Kid, PublicBundle, Role};
use crate::crypto::manifest::FileKind;
use crate::crypto::sealed::RecordKind;
use crate::crypto::signed::{Namespace, Signed};
use crate::ids::{FormId, InviteId, MatterId, RecordId};
use crate::intake::form::FormV1;
use crate::journal::anchor::Pin;
use crate::journal::papers::{PapersKey, VERIFIES};
use crate::journal::statement::{ClientInvited, EpochAct, MatterAct, Placed};
use crate::journal::stream::StreamId;
use crate::problem::Code;
use crate::time::{DAY, Timestamp};

const BROKEN: ClientError = ClientError::NotVerified(Thing::Invitation);

/// What the lawyer promises with an invitation.
pub struct InviteTerms {
    /// How long the link can be used.
    pub days: u32,
    /// Who will read the answers, as the client should see them.
    pub readers: Vec<String>,
}

/// The statement inside the blob.
#[derive(Encode, Decode)]
#[cbor(map)]
struct InvitationV1 {
    #[n(1)]
    invite: InviteId,
    #[n(2)]
    matter: MatterId,
    #[n(3)]
    expires: Timestamp,
    /// From the root statement to the lawyer's admission.
    #[n(4)]
    path: Vec<ByteVec>,
    /// The epoch statement of the matter's key.
    #[n(5)]
    epoch: ByteVec,
    /// The form's definition.
    #[n(6)]
    form: ByteVec,
    #[n(7)]
    firm_name: String,
    #[n(8)]
    lawyer_name: String,
    #[n(9)]
    readers: Vec<String>,
    /// The newest checkpoint that the lawyer's device saw.
    #[n(10)]
    checkpoint: String,
    /// The statement of the key that identity papers are sealed to, where the form asks for any.
    #[n(11)]
    papers: Option<ByteVec>,
}

impl blob::Body for InvitationV1 {
    const NAMESPACE: Namespace = Namespace::Invite;
    const NEEDS: Caps = Caps::INVITE;

    fn link(&self) -> [u8; 16] {
        self.invite.0
    }

    fn expires(&self) -> Timestamp {
        self.expires
    }

    fn path(&self) -> &[ByteVec] {
        &self.path
    }
}

/// A verified invitation.
pub(crate) struct Invitation {
    /// Who invites.
    pub(crate) by: Kid,
    pub(crate) matter: MatterId,
    pub(crate) epoch: u32,
    pub(crate) key: PublicBundle,
    /// What identity papers are sealed to; the matter's key opens none.
    papers: Option<PublicBundle>,
    pub(crate) directory: Directory,
    pub(crate) form: FormV1,
    pub(crate) firm_name: String,
    pub(crate) lawyer_name: String,
    pub(crate) readers: Vec<String>,
    pub(crate) expires: Timestamp,
    pub(crate) blob_hash: Hash32,
    /// The newest checkpoint that the lawyer's device had verified.
    pub(crate) checkpoint: Pin,
    /// When the lawyer cosigned it.
    pub(crate) vouched: Option<Timestamp>,
    /// The firm's root statement, with which its path begins.
    pub(crate) root: Vec<u8>,
}

impl Invitation {
    /// What a file of this kind is sealed to.
    pub(crate) fn key_for(&self, kind: FileKind) -> Option<&PublicBundle> {
        if kind == FileKind::Identification { self.papers.as_ref() } else { Some(&self.key) }
    }
}

impl<H: Host> Portal<H> {
    /// Invites a client to a matter with a form: gives the link's path and fragment. The link is
    /// shown once; it is not kept anywhere but sealed for those with a seat.
    ///
    /// # Errors
    /// When locked, refused, or the form is too long for an invitation.
    pub async fn invite_client(
        &self,
        ring: &Ring,
        matter: MatterId,
        form: FormId,
        terms: &InviteTerms,
    ) -> Result<String, ClientError> {
        self.turn_owed(ring, matter).await?;
        let forms = self.forms(ring).await?;
        let form = forms.into_iter().find(|known| known.form == form);
        let form = form.ok_or(ClientError::Missing)?.definition;
        let form = form.ok_or(ClientError::NotVerified(Thing::Forms))?;
        if form.asks_for_papers() {
            self.ready_for_papers(ring, matter).await?;
        }
        let log = ring.with(|keys| keys.directory.log())?;
        let pin = self.prove_standing(&log).await?;
        // The lawyer vouches for it as a witness, too.
        let checkpoint = pin.note.clone() + &self.cosignature(ring, &pin)?;
        let invite = InviteId::random();
        let secret = LinkSecret::generate();
        let stream = StreamId::Matter(matter);
        let expires = self.host.now().plus(u64::from(terms.days) * DAY);
        self.append(ring, &[stream], |keys, pen| {
            let invitation = compose(keys, (invite, matter), expires, &form, terms, &checkpoint)?;
            let blob = blob::seal(&invitation, &secret, (&keys.identity.signing, keys.kid))?;
            let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
            let (epoch, _) = room.epoch().ok_or(ClientError::Missing)?;
            keys.matter_key(matter, epoch)?;
            let key = keys.matter_keys.get(&(matter, epoch)).ok_or(ClientError::Missing)?;
            // EXPOSE: the link's secret is sealed for staff right here.
            let kept = InviteSecretV1 { secret: *secret.bytes() };
            let firm = keys.firm();
            let (at, bytes) = record::seal(
                &kept,
                RecordKind::InviteSecret,
                firm,
                matter,
                (epoch, key),
                RecordId::random(),
            )?;
            let act = ClientInvited {
                invite,
                // EXPOSE: the server keeps the token's hash alone.
                auth_hash: sha256(secret.derive().auth.expose()),
                blob_hash: pen.attach(blob),
                expires,
                secret: at,
            };
            pen.attach(bytes);
            let act = MatterAct::Invited(act);
            pen.write(Namespace::Matter, stream, act, &keys.identity.signing, keys.kid).map(|_| ())
        })
        .await?;
        self.sync_rooms(ring, &[matter]).await?;
        Ok(link::write("i", invite, &secret, ring.with(Keys::firm)?))
    }
}

fn compose(
    keys: &mut Keys,
    (invite, matter): (InviteId, MatterId),
    expires: Timestamp,
    form: &FormV1,
    terms: &InviteTerms,
    checkpoint: &str,
) -> Result<InvitationV1, ClientError> {
    let firm_name = people::firm_name(keys)?;
    let lawyer_name =
        people::names(keys).get(&keys.account).cloned().ok_or(ClientError::Missing)?;
    let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
    let epoch = room.epoch_statements.last().ok_or(ClientError::Missing)?;
    let papers = match form.asks_for_papers() {
        // Somebody took access back meanwhile: the new key has none yet.
        true => Some(room.newest_papers().ok_or(ClientError::Refused(Code::Stale))?.clone()),
        false => None,
    };
    let mut path = keys.directory.path_to(keys.kid).ok_or(ClientError::Missing)?;
    // The matter's keys may be other colleagues' making: the client needs those chains, too.
    for made in [Some(epoch), papers.as_ref()].into_iter().flatten() {
        let maker = Signed::parse(made).map_err(|_| BROKEN)?.signer();
        for statement in keys.directory.path_to(maker).ok_or(ClientError::Missing)? {
            if !path.contains(&statement) {
                path.push(statement);
            }
        }
    }
    Ok(InvitationV1 {
        invite,
        matter,
        expires,
        path: path.into_iter().map(ByteVec::from).collect(),
        epoch: epoch.clone(),
        form: form.to_bytes().into(),
        firm_name,
        lawyer_name,
        readers: terms.readers.clone(),
        checkpoint: checkpoint.into(),
        papers,
    })
}

/// Opens and verifies an invitation's blob, for a stranger's browser and for the firm's own device.
///
/// # Errors
/// [`ClientError::NotVerified`] when any link of the chain is missing, from the fingerprint in the
/// fragment down to the form; [`ClientError::LinkExpired`] at this instant.
pub(crate) fn open(
    fragment: &Fragment,
    invite: InviteId,
    blob: &[u8],
    now: Timestamp,
) -> Result<Invitation, ClientError> {
    let blob::Opened { body, by, directory } =
        blob::open::<InvitationV1>(fragment, invite.0, blob, now)?;
    let (epoch, key) = epoch_key(&body.epoch, body.matter, &directory)?;
    let papers = body.papers.as_ref();
    let papers = papers.map(|one| papers_key(one, (body.matter, epoch, key.kid()), &directory));
    let papers = papers.transpose()?;
    let form = FormV1::from_bytes(&body.form).map_err(|_| BROKEN)?;
    form.check().map_err(|_| BROKEN)?;
    let checkpoint = Pin::read(&body.checkpoint, &directory.log()).map_err(|_| BROKEN)?;
    // Invitations of before have no line; one that is not the maker's own spoils the whole.
    let vouched =
        witness::cosigners(directory.firm(), &body.checkpoint, &witness::witnesses(&directory))
            .map_err(|_| BROKEN)?;
    let vouched = vouched.into_iter().find(|(kid, _)| *kid == by).map(|(_, time)| time);
    Ok(Invitation {
        by,
        matter: body.matter,
        epoch,
        key,
        papers,
        form,
        firm_name: body.firm_name,
        lawyer_name: body.lawyer_name,
        readers: body.readers,
        expires: body.expires,
        blob_hash: sha256(blob),
        checkpoint,
        vouched,
        root: body.path.first().map(|root| root.to_vec()).unwrap_or_default(),
        directory,
    })
}

fn epoch_key(
    statement: &[u8],
    matter: MatterId,
    directory: &Directory,
) -> Result<(u32, PublicBundle), ClientError> {
    let signed = Signed::parse(statement).map_err(|_| BROKEN)?;
    let maker = directory.member_by_kid(signed.signer()).ok_or(BROKEN)?;
    let key = maker.bundle.verify_key.filter(|_| maker.may(Caps::MATTERS)).ok_or(BROKEN)?;
    let body: Placed<EpochAct> = signed.body_as(Namespace::EpochKey, &key).map_err(|_| BROKEN)?;
    let EpochAct { matter: of, epoch, key, .. } = body.act;
    let fits = of == matter
        && body.place.stream == StreamId::Matter(matter)
        && key.role == Role::Matter
        && key.subject == matter.0
        && key.firm == directory.firm()
        && key.kem.is_some();
    if fits { Ok((epoch, key)) } else { Err(BROKEN) }
}

/// The act that begins a key of papers, alone of all at a matter.
#[derive(Encode, Decode)]
enum Begins {
    #[n(8)]
    PapersKey(#[n(0)] PapersKey),
}

fn papers_key(
    statement: &[u8],
    (matter, epoch, follows): (MatterId, u32, Kid),
    directory: &Directory,
) -> Result<PublicBundle, ClientError> {
    let signed = Signed::parse(statement).map_err(|_| BROKEN)?;
    let maker = directory.member_by_kid(signed.signer()).ok_or(BROKEN)?;
    let key = maker.bundle.verify_key.filter(|_| maker.may(VERIFIES)).ok_or(BROKEN)?;
    let body: Placed<Begins> = signed.body_as(Namespace::Matter, &key).map_err(|_| BROKEN)?;
    let Begins::PapersKey(act) = body.act;
    let here = body.place.stream == StreamId::Matter(matter);
    let fits = here && act.fits(directory.firm(), matter, (epoch, follows));
    if fits { Ok(act.key) } else { Err(BROKEN) }
}
