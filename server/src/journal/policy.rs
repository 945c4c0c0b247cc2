//! Who may change the firm's directory and forms, and who may read which stream. Pure, over facts
//! already fetched. The browser checks the same on reading (`shared::client::directory`).

use shared::crypto::cbor;
use shared::crypto::hash::Hash32;
use shared::crypto::keys::{Caps, Kid, PublicBundle, Role, VerifyKey};
use shared::crypto::signed::{MAX_BODY, Namespace, Signed};
use shared::ids::{AccountId, EnrolmentId, MatterId};
use shared::journal::statement::{Admitted, EnrolmentOffered, FormPublished, RootAct};
use shared::journal::stream::StreamId;
use shared::problem::Code;

use super::permit::Permit;
use super::signer::{Authority, Part, Signer};
use crate::error::ApiError;
use crate::extract::caller::Caller;

/// The firm as its root statement made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Firm {
    /// The root's fingerprint.
    pub fingerprint: Hash32,
    /// The root's key.
    pub root: VerifyKey,
    /// The firm's own room.
    pub office: MatterId,
    /// The newest recovery key.
    pub recovery: Option<Kid>,
}

/// A firm comes into being once, in founding, and names this server's log key.
///
/// # Errors
/// When there is one already, or the statement names another log.
pub fn may_found(
    authority: &Authority,
    firm: Option<&Firm>,
    act: RootAct,
    log: &VerifyKey,
) -> Result<Permit<RootAct>, ApiError> {
    if !matches!(authority, Authority::Founding { .. }) || firm.is_some() {
        return Err(already_founded());
    }
    if act.log != *log || !act.root.is_sound() {
        return Err(ApiError::invalid("The root statement does not name this server's log key."));
    }
    Ok(Permit::allow(act))
}

/// What the server knows of an invitation of staff when somebody is to be admitted by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Whoever made it.
    pub maker: Kid,
    /// The role offered.
    pub role: u8,
    /// The capabilities offered.
    pub caps: u32,
    /// Who was admitted by it already.
    pub admitted: Option<AccountId>,
    /// Who enrolled by it, with the bundle he handed in.
    pub enrolled: Option<(AccountId, Vec<u8>)>,
}

/// A new member, checked.
pub struct Member {
    /// The account.
    pub account: AccountId,
    /// The bundle that its holder signed.
    pub bundle: PublicBundle,
    /// By which invitation; none for the founder.
    pub enrolment: Option<EnrolmentId>,
}

/// A person is admitted with a bundle that its holder signed: the founder by the root, everybody
/// else by whoever made the offer and still has `ADMIT`, exactly as offered and enrolled.
///
/// # Errors
/// When the signer may not, or the bundle is not the one offered and enrolled.
pub fn may_admit(
    authority: &Authority,
    signer: &Signer,
    firm: &Firm,
    act: &Admitted,
    offer: Option<&Offer>,
) -> Result<Permit<Member>, ApiError> {
    by_root_or_admitter(signer)?;
    let bundle = open_self_signed(&act.bundle)
        .ok_or(ApiError::invalid("The admitted bundle is not signed by its own key."))?;
    let fits = bundle.firm == firm.fingerprint
        && bundle.subject == act.account.0
        && matches!(bundle.role, Role::Staff | Role::Admin);
    if !fits {
        return Err(ApiError::invalid("The admitted bundle is not a person's of this firm."));
    }
    match (authority, act.enrolment, offer) {
        (Authority::Founding { account }, None, None) if *account == act.account => {}
        (Authority::Staff(_), Some(_), Some(offer)) => {
            // Only the maker holds what tells the invited person from a stranger.
            if offer.maker != signer.kid {
                return Err(ApiError::invalid("Only the maker of an invitation admits by it."));
            }
            as_offered(act, &bundle, offer)?;
        }
        _ => return Err(ApiError::invalid("Nobody is admitted without an invitation.")),
    }
    Ok(Permit::allow(Member { account: act.account, bundle, enrolment: act.enrolment }))
}

fn as_offered(act: &Admitted, bundle: &PublicBundle, offer: &Offer) -> Result<(), ApiError> {
    if offer.admitted.is_some() {
        return Err(ApiError::invalid("Somebody was admitted by this invitation already."));
    }
    let same_person = offer
        .enrolled
        .as_ref()
        .is_some_and(|(account, bytes)| *account == act.account && *bytes == act.bundle);
    if !same_person {
        return Err(ApiError::invalid("The admitted bundle is not the one that was enrolled."));
    }
    if offer.role != bundle.role as u8 || offer.caps != bundle.caps.0 {
        return Err(ApiError::invalid("The admitted role or capabilities are not those offered."));
    }
    Ok(())
}

/// The recovery key is the root's word alone.
///
/// # Errors
/// When anybody else names one, or the bundle is no recovery key of this firm.
pub fn may_name_recovery(
    signer: &Signer,
    firm: &Firm,
    bundle: PublicBundle,
) -> Result<Permit<PublicBundle>, ApiError> {
    if signer.part != Part::Root {
        return Err(ApiError::invalid("Only the firm root names the recovery key."));
    }
    if bundle.role != Role::Recovery || bundle.firm != firm.fingerprint {
        return Err(ApiError::invalid("The bundle is no recovery key of this firm."));
    }
    Ok(Permit::allow(bundle))
}

/// Staff is invited by the root or by somebody with `ADMIT`, to a role that people have.
///
/// # Errors
/// When the signer may not, or the role is no person's.
pub fn may_offer(
    signer: &Signer,
    offer: EnrolmentOffered,
) -> Result<Permit<EnrolmentOffered>, ApiError> {
    by_root_or_admitter(signer)?;
    let person = matches!(Role::from_u8(offer.role), Some(Role::Staff | Role::Admin));
    if !person || !Caps::ALL.contains(Caps(offer.caps)) {
        return Err(ApiError::invalid("The offered role or capabilities do not exist."));
    }
    if !offer.keeps_its_secret() {
        return Err(ApiError::invalid("The offer does not keep its link's secret."));
    }
    Ok(Permit::allow(offer))
}

/// Versions of a form follow each other without gaps.
///
/// # Errors
/// When the signer lacks `FORMS`, or the version is not the next.
pub fn may_publish(
    signer: &Signer,
    newest: Option<u32>,
    form: FormPublished,
) -> Result<Permit<FormPublished>, ApiError> {
    if !signer.is_staff_with(Caps::FORMS) {
        return Err(lacks_capability());
    }
    if newest.unwrap_or(0).checked_add(1) != Some(form.version) {
        return Err(ApiError::invalid("The form's version is not the next one."));
    }
    Ok(Permit::allow(form))
}

/// A stream that the caller may look at.
pub struct Readable {
    /// Which.
    pub stream: StreamId,
    /// Whether its sealed attachments come along.
    pub attachments: bool,
}

/// Who may read a stream: any staff the keyring, the policy and the forms, whoever sits at a matter its
/// streams. `seated` is asked of the matter, or of the office for the forms.
///
/// # Errors
/// Absent and forbidden look alike.
pub fn may_read(
    caller: &Caller,
    stream: StreamId,
    seated: bool,
) -> Result<Permit<Readable>, ApiError> {
    let attachments = match (caller, stream) {
        // Blobs of enrolments are for the invited person, who asks by token.
        (Caller::Staff { .. }, StreamId::Keyring | StreamId::Policy) => false,
        (Caller::Staff { .. }, StreamId::Forms) => seated,
        (Caller::Staff { .. }, StreamId::Matter(_) | StreamId::Access(_)) if seated => true,
        _ => return Err(ApiError::not_found()),
    };
    Ok(Permit::allow(Readable { stream, attachments }))
}

/// Who may ask for a stream's end: whoever reads it, and a client for its own matter, whose stream
/// it writes to.
///
/// # Errors
/// Absent and forbidden look alike.
pub fn may_link(
    caller: &Caller,
    stream: StreamId,
    seated: bool,
) -> Result<Permit<StreamId>, ApiError> {
    match (caller, stream) {
        (Caller::Client { matter, .. }, StreamId::Matter(asked)) if *matter == asked => {
            Ok(Permit::allow(stream))
        }
        _ => may_read(caller, stream, seated).map(|_| Permit::allow(stream)),
    }
}

/// The journal as a whole is for staff.
///
/// # Errors
/// Absent and forbidden look alike.
pub fn may_read_journal(caller: &Caller) -> Result<Permit<()>, ApiError> {
    match caller {
        Caller::Staff { .. } => Ok(Permit::allow(())),
        Caller::Client { .. } => Err(ApiError::not_found()),
    }
}

/// There is a firm already.
#[must_use]
pub const fn already_founded() -> ApiError {
    ApiError::new(Code::AlreadyFounded, "A firm lives here already.")
}

/// The signer has not the capability that the act needs.
#[must_use]
pub fn lacks_capability() -> ApiError {
    ApiError::invalid("The signer has not the capability that this act needs.")
}

fn by_root_or_admitter(signer: &Signer) -> Result<(), ApiError> {
    if signer.part == Part::Root || signer.is_staff_with(Caps::ADMIT) {
        Ok(())
    } else {
        Err(lacks_capability())
    }
}

/// A bundle that its own signing key signed (`USS1`, namespace 3).
#[must_use]
pub fn open_self_signed(bytes: &[u8]) -> Option<PublicBundle> {
    let signed = Signed::parse(bytes).ok()?;
    let bundle: PublicBundle = cbor::decode_strict(signed.body(), MAX_BODY).ok()?;
    let key = bundle.verify_key?;
    (signed.signer() == bundle.kid() && signed.verify(Namespace::StaffBundle, &key).is_ok())
        .then_some(bundle)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use shared::crypto::keys::Identity;
    use shared::crypto::sealed::RecordKind;
    use shared::time::Timestamp;

    use super::*;

    const FIRM: Firm = Firm {
        fingerprint: Hash32([1; 32]),
        root: VerifyKey([2; 32]),
        office: MatterId([3; 16]),
        recovery: None,
    };
    const NEW: AccountId = AccountId([4; 16]);
    const ADMITTER: AccountId = AccountId([5; 16]);

    fn signed_bundle(role: Role, firm: Hash32, caps: Caps) -> Vec<u8> {
        let keys = Identity::generate(role);
        let bundle = keys.bundle(role, NEW.0, firm, Timestamp(0), None, caps);
        let body = cbor::encode(&bundle);
        Signed::sign(Namespace::StaffBundle, &keys.signing, bundle.kid(), &body)
            .unwrap()
            .into_bytes()
    }

    // Its shape is all that the server sees of a record.
    fn record(kind: RecordKind, reference: u8) -> Vec<u8> {
        [b"USR1", &[1, kind as u8][..], &[reference; 16], &[0; 336]].concat()
    }

    fn signer(part: Part) -> Signer {
        Signer { kid: Kid([6; 32]), key: VerifyKey([6; 32]), part }
    }

    fn admitter() -> Signer {
        signer(Part::Staff { account: ADMITTER, caps: Caps::ADMIT })
    }

    fn by_invitation(bundle: &[u8], offer: &Offer) -> Result<Permit<Member>, ApiError> {
        let act = Admitted {
            account: NEW,
            bundle: bundle.to_vec(),
            enrolment: Some(EnrolmentId([7; 16])),
        };
        may_admit(&Authority::Staff(ADMITTER), &admitter(), &FIRM, &act, Some(offer))
    }

    #[test]
    fn who_is_admitted_is_who_was_invited_and_enrolled() {
        let bundle = signed_bundle(Role::Staff, FIRM.fingerprint, Caps::GRANT);
        let other = signed_bundle(Role::Staff, FIRM.fingerprint, Caps::GRANT);
        let good = Offer {
            maker: admitter().kid,
            role: Role::Staff as u8,
            caps: Caps::GRANT.0,
            admitted: None,
            enrolled: Some((NEW, bundle.clone())),
        };
        assert!(by_invitation(&bundle, &good).is_ok());
        assert!(by_invitation(&other, &good).is_err());
        for bad in [
            Offer { maker: Kid([8; 32]), ..good.clone() },
            Offer { role: Role::Admin as u8, ..good.clone() },
            Offer { caps: Caps::NONE.0, ..good.clone() },
            Offer { admitted: Some(NEW), ..good.clone() },
            Offer { enrolled: None, ..good.clone() },
            Offer { enrolled: Some((ADMITTER, bundle.to_vec())), ..good },
        ] {
            assert!(by_invitation(&bundle, &bad).is_err(), "{bad:?}");
        }
        let foreign = signed_bundle(Role::Staff, Hash32([9; 32]), Caps::GRANT);
        let offer = Offer { enrolled: Some((NEW, foreign.clone())), ..good };
        assert!(by_invitation(&foreign, &offer).is_err());
    }

    #[test]
    fn the_founder_alone_comes_without_an_invitation() {
        let bundle = signed_bundle(Role::Staff, FIRM.fingerprint, Caps::ALL);
        let act = Admitted { account: NEW, bundle, enrolment: None };
        let root = signer(Part::Root);
        let may =
            |authority, signer: &Signer| may_admit(&authority, signer, &FIRM, &act, None).is_ok();
        assert!(may(Authority::Founding { account: NEW }, &root));
        assert!(!may(Authority::Founding { account: ADMITTER }, &root));
        assert!(!may(Authority::Staff(NEW), &root));
        assert!(!may(Authority::Staff(ADMITTER), &admitter()));
    }

    #[test]
    fn a_client_bundle_makes_nobody_staff() {
        let bundle = signed_bundle(Role::Client, FIRM.fingerprint, Caps::NONE);
        let act = Admitted { account: NEW, bundle, enrolment: None };
        let authority = Authority::Founding { account: NEW };
        assert!(may_admit(&authority, &signer(Part::Root), &FIRM, &act, None).is_err());
    }

    #[test]
    fn an_offer_is_of_a_role_that_people_have() {
        let offer = EnrolmentOffered {
            enrolment: EnrolmentId([7; 16]),
            auth_hash: Hash32([0; 32]),
            blob_hash: Hash32([0; 32]),
            expires: Timestamp(0),
            role: Role::Staff as u8,
            caps: 0,
            kept: record(RecordKind::InviteSecret, 7),
        };
        assert!(may_offer(&admitter(), offer.clone()).is_ok());
        let powerless = signer(Part::Staff { account: ADMITTER, caps: Caps::GRANT });
        assert!(may_offer(&powerless, offer.clone()).is_err());
        for role in [0, Role::Client as u8, Role::Matter as u8, Role::Root as u8, 200] {
            assert!(may_offer(&admitter(), EnrolmentOffered { role, ..offer.clone() }).is_err());
        }
        assert!(may_offer(&admitter(), EnrolmentOffered { caps: 256, ..offer.clone() }).is_err());
        let long = [record(RecordKind::InviteSecret, 7), vec![0; 1024]].concat();
        for kept in
            [Vec::new(), long, record(RecordKind::InviteSecret, 8), record(RecordKind::Profile, 7)]
        {
            assert!(may_offer(&admitter(), EnrolmentOffered { kept, ..offer.clone() }).is_err());
        }
    }
}
