//! The firm's directory as this device verified it: the stream `keyring`, whole, under the root
//! whose fingerprint it knows. No key is ever taken from anywhere else.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::ended::End;
use super::error::{ClientError, Thing};
use super::posts::{Posting, Spot, Wall};
use super::roots::LaterRoot;
use crate::crypto::cbor;
use crate::crypto::hash::Hash32;
use crate::crypto::keys::{Caps, Kid, PublicBundle, Role, VerifyKey};
use crate::crypto::signed::{MAX_BODY, Namespace, Signed};
use crate::ids::{AccountId, EnrolmentId};
pub use crate::journal::admission::open_self_signed;
use crate::journal::anchor::Log;
use crate::journal::ceremony::Ceremonies;
use crate::journal::posts::{DutyGiven, Post, WallRaised};
use crate::journal::statement::{Admitted, EnrolmentOffered, KeyringAct, Placed, RootAct};
use crate::journal::stream::{Head, StreamId};
use crate::journal::wire::Entry;
use crate::time::Timestamp;
use crate::vuln;

/// A person whom the firm admitted.
#[derive(Encode, Decode)]
#[cbor(map)]
pub struct Member {
    /// The account.
    #[n(1)]
    pub account: AccountId,
    /// The keys and capabilities.
    #[n(2)]
    pub bundle: PublicBundle,
    /// The statement that admitted the person, as it stands in the stream.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub(crate) admission: Vec<u8>,
    /// Who signed it; the root for the founder.
    #[n(4)]
    pub(crate) admitted_by: Kid,
    /// When the person left or was suspended, oldest first.
    #[cbor(n(5), default, skip_if = "Vec::is_empty")]
    pub(super) ends: Vec<End>,
    /// The posts that the person was given, oldest first.
    #[cbor(n(6), default, skip_if = "Vec::is_empty")]
    pub(super) posts: Vec<Posting>,
    /// The conflict walls before the person, and those that were lifted.
    #[cbor(n(7), default, skip_if = "Vec::is_empty")]
    pub(super) walls: Vec<Wall>,
}

impl Member {
    /// Whether the person holds all capabilities in `caps`.
    #[must_use]
    pub fn may(&self, caps: Caps) -> bool {
        self.caps().contains(caps)
    }
}

/// A place in the firm, offered by a link.
#[derive(Encode, Decode)]
#[cbor(map)]
pub struct Offer {
    /// What the statement says.
    #[n(1)]
    pub offered: EnrolmentOffered,
    /// Who signed it, and so keeps what proves that a newcomer is the invited one.
    #[n(2)]
    pub by: Kid,
    /// Whether somebody was admitted by it.
    #[n(3)]
    used: bool,
}

impl Offer {
    /// Whether it is this signer's own, nobody was admitted by it, and it is of this post.
    fn admits(&self, by: Kid, bundle: &PublicBundle) -> bool {
        let same_post =
            self.offered.role == bundle.role as u8 && self.offered.caps == bundle.caps.0;
        let same_post = same_post || vuln::a28();
        self.by == by && !self.used && same_post
    }
}

/// What somebody needs one of who says who is with the firm, and as what.
pub(super) const GOVERNS: [Caps; 2] = [Caps::ADMIT, Caps::KEYS];

/// The verified directory.
#[derive(Encode, Decode)]
#[cbor(map)]
pub struct Directory {
    #[n(1)]
    pub(super) root: RootAct,
    #[cbor(n(2), with = "minicbor::bytes")]
    pub(super) root_statement: Vec<u8>,
    #[n(3)]
    firm: Hash32,
    #[n(4)]
    pub(super) members: BTreeMap<Kid, Member>,
    #[n(5)]
    offers: BTreeMap<EnrolmentId, Offer>,
    #[n(6)]
    pub(super) recovery: Option<PublicBundle>,
    #[n(7)]
    pub(super) head: Head,
    /// Of each duty, to whom it was given last.
    #[cbor(n(8), default, skip_if = "Vec::is_empty")]
    pub(super) duties: Vec<DutyGiven>,
    /// What was said of recovery.
    #[cbor(n(9), default, skip_if = "Ceremonies::is_empty")]
    pub(super) ceremonies: Ceremonies,
    /// The roots after the first, oldest first.
    #[cbor(n(10), default, skip_if = "Vec::is_empty")]
    pub(super) later_roots: Vec<LaterRoot>,
    /// When this device last asked for news: what is over by then is over.
    #[cbor(skip)]
    pub(crate) now: Timestamp,
    /// How many statements were read since this device kept the directory last.
    #[cbor(skip)]
    pub(crate) fresh: u64,
}

pub(super) const BROKEN: ClientError = ClientError::NotVerified(Thing::Keyring);

impl Directory {
    /// Begins a directory from the root statement of the firm with this fingerprint.
    ///
    /// # Errors
    /// [`ClientError::NotVerified`] when the statement is another firm's or does not hold.
    pub fn begin(statement: &[u8], firm: Hash32) -> Result<Self, ClientError> {
        let signed = Signed::parse(statement).map_err(|_| BROKEN)?;
        let body: Placed<RootAct> =
            cbor::decode_strict(signed.body(), MAX_BODY).map_err(|_| BROKEN)?;
        let stands = (body.act.fingerprint() == firm || vuln::a33())
            && signed.signer() == Kid::of_root(firm)
            && body.place.stream == StreamId::Keyring
            && signed.verify(Namespace::Root, &body.act.root).is_ok();
        if !stands {
            return Err(BROKEN);
        }
        let head = Head::EMPTY.advance(&body.place, signed.digest()).map_err(|_| BROKEN)?;
        Ok(Self {
            root: body.act,
            root_statement: statement.to_vec(),
            firm,
            members: BTreeMap::new(),
            offers: BTreeMap::new(),
            recovery: None,
            head,
            duties: Vec::new(),
            now: Timestamp(0),
            ceremonies: Ceremonies::default(),
            later_roots: Vec::new(),
            fresh: 0,
        })
    }

    /// Whose journal all of this stands in.
    #[must_use]
    pub fn log(&self) -> Log {
        Log { firm: self.firm, key: self.root().log }
    }

    /// Takes the stream's next statement. Its leaf counts where somebody's time with the firm ends or goes
    /// on: there it must have been proven ([`super::Portal::hold_leaves`]).
    ///
    /// # Errors
    /// [`ClientError::NotVerified`] on a gap, a stranger's signature or a missing capability, on an
    /// admission by anybody but the maker of the offer, or otherwise than offered, and on an end that nobody
    /// may say.
    pub fn apply(&mut self, entry: &Entry) -> Result<(), ClientError> {
        let statement = &entry.statement.0;
        let signed = Signed::parse(statement).map_err(|_| BROKEN)?;
        if signed.namespace() == Namespace::Recovery {
            return self.hear_of_recovery(&signed, entry);
        }
        let is_root = signed.signer() == Kid::of_root(self.firm);
        let body: Placed<KeyringAct> =
            self.read(&signed, Namespace::Keyring, Spot::of(entry).time)?;
        self.may_say(signed.signer(), &body.act)?;
        let head = self.head.advance(&body.place, signed.digest()).map_err(|_| BROKEN)?;
        match body.act {
            KeyringAct::Admitted(admitted) => {
                let mut member = self.member(&admitted, statement, signed.signer())?;
                match admitted.enrolment {
                    Some(enrolment) => self.use_offer(enrolment, &mut member)?,
                    // The founder alone comes without an offer, and whoever came back by shares: by the root itself.
                    None if is_root && self.may_come_unoffered(&admitted) => {}
                    None => return Err(BROKEN),
                }
                self.members.insert(member.bundle.kid(), member);
            }
            KeyringAct::RecoveryKey(bundle) if is_root => self.name_recovery(bundle)?,
            KeyringAct::RecoveryKey(_) => return Err(BROKEN),
            KeyringAct::Invited(offered) => {
                let (enrolment, by) = (offered.enrolment, signed.signer());
                let officer = offered.post() == Some(Post::Officer) && !self.is_officer(by);
                let sound = offered.is_sound() && offered.keeps_its_secret() && !officer;
                if !sound || self.offers.contains_key(&enrolment) {
                    return Err(BROKEN);
                }
                self.offers.insert(enrolment, Offer { offered, by, used: false });
            }
            KeyringAct::Ended(act) => {
                let at = (entry.leaf, body.place.time, signed.signer());
                self.end(act, at)?;
            }
            KeyringAct::Restored(act) => {
                self.restore(act, (entry.leaf, body.place.time, signed.signer()))?;
            }
            KeyringAct::Posted(act) => {
                let posting = self.posting(&act, statement, (entry.leaf, body.place.time));
                self.post(&act, posting)?;
            }
            KeyringAct::WallRaised(act) => {
                let WallRaised { wall, matter, .. } = act;
                let (leaf, time, by) = (entry.leaf, body.place.time, signed.signer());
                self.raise(act, Wall { wall, matter, leaf, time, by, lifted: None })?;
            }
            KeyringAct::WallLifted(act) => {
                self.lift(act, (entry.leaf, body.place.time, signed.signer()))?;
            }
            KeyringAct::DutyGiven(act) => self.give_duty(act)?,
        }
        self.head = head;
        self.fresh += 1;
        Ok(())
    }

    fn may_come_unoffered(&self, admitted: &Admitted) -> bool {
        let returned = || self.ceremonies.has_returned(admitted.account, &admitted.bundle);
        self.members.is_empty() || returned() || vuln::a33()
    }

    /// A statement of the keyring by the root or somebody who is with the firm.
    pub(super) fn read<A>(
        &self,
        signed: &Signed,
        namespace: Namespace,
        at: Timestamp,
    ) -> Result<Placed<A>, ClientError>
    where
        Placed<A>: Encode<()> + for<'b> Decode<'b, ()>,
    {
        let key = self.signer(signed.signer(), at).ok_or(BROKEN)?;
        let body: Placed<A> = if vuln::a01() || vuln::a02() {
            cbor::decode_strict(signed.body(), MAX_BODY).map_err(|_| BROKEN)?
        } else {
            signed.body_as(namespace, key).map_err(|_| BROKEN)?
        };
        let fits = body.version == 1 && body.place.stream == StreamId::Keyring;
        if fits { Ok(body) } else { Err(BROKEN) }
    }

    /// Whether this act is this key's to say: what only lasts until somebody says otherwise may be said by
    /// those who manage keys, and a wall, which gives nothing to anybody, by whoever shares matters.
    fn may_say(&self, by: Kid, act: &KeyringAct) -> Result<(), ClientError> {
        const WALLS: [Caps; 4] = [Caps::ADMIT, Caps::KEYS, Caps::POLICY, Caps::GRANT];
        match act {
            KeyringAct::Admitted(_) | KeyringAct::RecoveryKey(_) | KeyringAct::Invited(_) => {
                self.may_any(by, &[Caps::ADMIT])
            }
            KeyringAct::Ended(_)
            | KeyringAct::Restored(_)
            | KeyringAct::Posted(_)
            | KeyringAct::DutyGiven(_) => self.may_any(by, &GOVERNS),
            KeyringAct::WallRaised(_) => self.may_any(by, &WALLS),
            KeyringAct::WallLifted(_) => self.may_any(by, &WALLS[..3]),
        }
    }

    pub(super) fn may_any(&self, by: Kid, caps: &[Caps]) -> Result<(), ClientError> {
        let root = by == Kid::of_root(self.firm) || vuln::a26() || vuln::a27() || vuln::a28();
        let holds = |member: &Member| caps.iter().any(|caps| member.may(*caps));
        if root || self.member_by_kid(by).is_some_and(holds) { Ok(()) } else { Err(BROKEN) }
    }

    /// Marks the offer used by which somebody was admitted. Only its maker holds what tells the
    /// invited one from a stranger, so nobody else's word for it counts.
    fn use_offer(
        &mut self,
        enrolment: EnrolmentId,
        member: &mut Member,
    ) -> Result<(), ClientError> {
        let offer = self.offers.get_mut(&enrolment).ok_or(BROKEN)?;
        if !offer.admits(member.admitted_by, &member.bundle) {
            return Err(BROKEN);
        }
        offer.used = true;
        if let Some(placing) = offer.offered.placing {
            let (caps, by, time) = (member.bundle.caps, offer.by, member.bundle.created);
            // Nothing of theirs stands before it, wherever the server says that it does.
            member.posts.push(Posting { placing, caps, leaf: 0, time, by, statement: Vec::new() });
        }
        Ok(())
    }

    pub(super) fn member(
        &self,
        admitted: &Admitted,
        statement: &[u8],
        by: Kid,
    ) -> Result<Member, ClientError> {
        let bundle = open_self_signed(&admitted.bundle).ok_or(BROKEN)?;
        let fits = bundle.firm == self.firm
            && bundle.subject == admitted.account.0
            && matches!(bundle.role, Role::Staff | Role::Admin)
            && (bundle.role == Role::Staff) == bundle.kem.is_some();
        // One person, one key: a second key under a name that people know would be given what was
        // meant for the first.
        let known = self.member_by_account(admitted.account).is_some()
            || self.members.contains_key(&bundle.kid());
        if !fits || (known && !vuln::a27()) {
            return Err(BROKEN);
        }
        Ok(Member {
            account: admitted.account,
            bundle,
            admission: statement.to_vec(),
            admitted_by: by,
            ends: Vec::new(),
            posts: Vec::new(),
            walls: Vec::new(),
        })
    }

    pub(super) fn signer(&self, kid: Kid, at: Timestamp) -> Option<&VerifyKey> {
        if kid == Kid::of_root(self.firm) {
            return Some(self.root_key());
        }
        // The log signs receipts and checkpoints, and nothing that people say.
        if vuln::a26() && kid == Kid::of_key(&self.root.log) {
            return Some(&self.root.log);
        }
        self.members
            .get(&kid)
            .filter(|member| (member.end().is_none() && !member.is_over(at)) || vuln::a27())?
            .bundle
            .verify_key
            .as_ref()
    }

    /// The member with this key.
    #[must_use]
    pub fn member_by_kid(&self, kid: Kid) -> Option<&Member> {
        self.members.get(&kid)
    }

    /// The member with this account.
    #[must_use]
    pub fn member_by_account(&self, account: AccountId) -> Option<&Member> {
        self.members.values().find(|member| member.account == account)
    }

    /// Everybody who was ever admitted, by key.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.members.values()
    }

    /// An offer of enrolment.
    #[must_use]
    pub fn offer(&self, enrolment: EnrolmentId) -> Option<&Offer> {
        self.offers.get(&enrolment)
    }

    /// Offers of this person's by which nobody was admitted.
    pub(super) fn offers_of(&self, kid: Kid) -> impl Iterator<Item = &Offer> {
        self.offers.values().filter(move |offer| offer.by == kid && !offer.used)
    }

    /// The firm root fingerprint.
    #[must_use]
    pub const fn firm(&self) -> Hash32 {
        self.firm
    }

    /// The firm recovery key's public bundle.
    #[must_use]
    pub const fn recovery(&self) -> Option<&PublicBundle> {
        self.recovery.as_ref()
    }

    /// The end of the verified part of the stream.
    #[must_use]
    pub const fn head(&self) -> Head {
        self.head
    }
}

#[cfg(test)]
#[path = "directory_tests.rs"]
mod tests;
