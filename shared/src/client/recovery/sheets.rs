//! Somebody comes back by a quorum of sheets in one browser, with nobody's session: the practice of one whose
//! every device and words are lost. The sheets show the server that they are of the newest cutting, without
//! being given to it; the keyring that it shows then must name each of them, so that no other firm can be shown
//! for theirs. They open the root, which says that the person comes back with new keys. A day later it admits
//! these, if nobody said no, and what the recovery key opens is granted to them.

use alloc::string::String;
use alloc::vec::Vec;

use super::pass::{PassedOn, Quorum, put_together};
use super::shares::WRONG;
use crate::client::account::{self, Newcomer, Ways};
use crate::client::directory::{Directory, Member};
use crate::client::error::ClientError;
use crate::client::host::Host;
use crate::client::pen::Pen;
use crate::client::ring::Ring;
use crate::client::{Portal, unlock};
use crate::crypto::hash::Hash32;
use crate::crypto::keys::{Identity, Kid, Role};
use crate::crypto::share_word::Saying;
use crate::crypto::shares::Share;
use crate::crypto::signed::{Namespace, Signed};
use crate::crypto::slots::{AccountProfile, AccountSecrets};
use crate::crypto::{cbor, fingerprint};
use crate::identity::wire::sheets::{ReadBySheets, ReturnBySheets, SheetsAnswer, StartSheets};
use crate::ids::{AccountId, RecoveryId};
use crate::journal::ceremony::{Ceremony, When};
use crate::journal::recovery::{RecoveryAct, Returning};
use crate::journal::statement::{Admitted, KeyringAct, Placed};
use crate::journal::stream::StreamId;
use crate::keys::wire::Handle;
use crate::secret::Secret;
use crate::time::Timestamp;

/// What a quorum of sheets opens, for as long as the page is open.
pub struct BySheets {
    directory: Directory,
    quorum: Quorum,
    shares: Vec<Share>,
    handles: Vec<Handle>,
}

/// Somebody who can come back so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// The key.
    pub kid: Kid,
    /// The sign-in name, as the server says.
    pub handle: String,
    /// Since when.
    pub since: Timestamp,
}

/// How far a return is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnSeen {
    /// Which.
    pub session: RecoveryId,
    /// The key that was lost.
    pub lost: Kid,
    /// The new sign-in name.
    pub handle: String,
    /// From when on it can be finished.
    pub ready: Timestamp,
    /// Whether the new keys are the firm's already.
    pub admitted: bool,
}

/// What somebody who comes back brings.
pub struct ComingBack {
    /// Whose key was lost.
    pub lost: Kid,
    /// The new account, for which passkey and authenticator app were made.
    pub account: AccountId,
    /// The name, as colleagues will read it.
    pub display_name: String,
    /// The new sign-in name.
    pub handle: String,
    /// How they will sign in and unlock.
    pub ways: Ways,
}

impl<H: Host> Portal<H> {
    /// The firm whose sheets are asked for, as the server says; [`Share::parse`] reads them by it.
    ///
    /// # Errors
    /// As usual; refused where no firm lives.
    pub async fn begin_sheets(&self) -> Result<Hash32, ClientError> {
        Ok(self.call(&StartSheets {}).await?.firm)
    }

    /// Opens the firm by its sheets.
    ///
    /// # Errors
    /// [`ClientError::SignIn`] when the server does not find the sheets to be a quorum of the newest cutting;
    /// [`ClientError::NotVerified`] of the share when the keyring that it shows names others, of the keyring when that
    /// does not hold; otherwise as usual.
    pub async fn open_by_sheets(&self, mut shares: Vec<Share>) -> Result<BySheets, ClientError> {
        shares.sort_by_key(Share::number);
        shares.dedup_by_key(|share| share.number());
        let firm = shares.first().ok_or(ClientError::Unfit)?.firm();
        let mut directory: Option<Directory> = None;
        let mut handles;
        loop {
            let answer = self.answer(firm, &shares).await?;
            let seq = directory.as_ref().map_or(0, |directory| directory.head().next);
            let page = self.call(&ReadBySheets { answer, seq }).await?;
            let mut entries = page.entries.iter();
            let mut read = match directory.take() {
                Some(directory) => directory,
                None => {
                    let first = entries.next().ok_or(ClientError::Unreadable)?;
                    Directory::begin(&first.statement.0, firm)?
                }
            };
            read.now = self.host.now();
            entries.try_for_each(|entry| read.apply(entry))?;
            handles = page.handles;
            if !page.more {
                let quorum = opened(&read, &shares)?;
                return Ok(BySheets { directory: read, quorum, shares, handles });
            }
            directory = Some(read);
        }
    }

    /// Says that somebody comes back, and makes the account that waits for it; gives the recovery words.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] when nobody would take it: a recovery of this key goes on, or the person left;
    /// refused when the sign-in name is taken; otherwise as usual.
    pub async fn come_back(
        &self,
        by: &BySheets,
        back: &ComingBack,
    ) -> Result<Secret<String>, ClientError> {
        let ComingBack { lost, account, display_name, handle, ways } = back;
        account::check_handle(handle)?;
        let firm = by.directory.firm();
        let caps = by.directory.member_by_kid(*lost).ok_or(ClientError::Missing)?.caps();
        let identity = Identity::generate(Role::Staff);
        let now = self.host.now();
        let bundle = identity.bundle(Role::Staff, account.0, firm, now, None, caps);
        let (kid, body) = (bundle.kid(), cbor::encode(&bundle));
        let signed = Signed::sign(Namespace::StaffBundle, &identity.signing, kid, &body);
        let bundle = signed.map_err(|_| ClientError::Unfit)?.into_bytes();
        let returning = by.returning(*lost, *account, bundle)?;
        let act = RecoveryAct::Returning(returning);
        by.may(&act, now)?;
        let profile = AccountProfile { name: display_name.clone(), firm_name: String::new() };
        let secrets = AccountSecrets {
            identity,
            root: None,
            recovery: None,
            firm,
            profile: Some(profile),
            device: Some(account::device_secret()),
        };
        let newcomer =
            Newcomer { account: *account, handle: handle.clone(), ways, secrets: &secrets };
        let enlisted = account::enlist(self, newcomer).await?;
        let mut pen = by.pen(now);
        by.write(&mut pen, Namespace::Recovery, act)?;
        let answer = self.answer(firm, &by.shares).await?;
        let account_made = Some(enlisted.new_account);
        let call = ReturnBySheets { answer, account: account_made, acts: pen.append() };
        unlock::keep_device(self, *account, handle, &enlisted.device_secret, firm).await?;
        let reply = self.call(&call).await?;
        pen.check(&reply, &by.directory.root().log)?;
        Ok(enlisted.recovery_words)
    }

    /// The day is over: the root says so, and admits the new keys, which can sign in from now on.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] before, or after somebody said no; otherwise as usual.
    pub async fn end_return(&self, by: &BySheets, session: RecoveryId) -> Result<(), ClientError> {
        let now = self.host.now();
        let one = by.directory.ceremonies().session(session).ok_or(ClientError::Missing)?;
        let waits = one.returning.as_ref().ok_or(ClientError::Missing)?;
        if by.directory.member_by_kid(one.asked.to).is_some() {
            return Ok(());
        }
        let (account, bundle) = (waits.account, waits.bundle.clone());
        let admitted = Admitted { account, bundle, enrolment: None };
        let mut pen = by.pen(now);
        if one.passed().is_none() {
            let act = RecoveryAct::Passed(session);
            by.may(&act, now)?;
            by.write(&mut pen, Namespace::Recovery, act)?;
        }
        by.write(&mut pen, Namespace::Keyring, KeyringAct::Admitted(admitted))?;
        let answer = self.answer(by.directory.firm(), &by.shares).await?;
        let reply =
            self.call(&ReturnBySheets { answer, account: None, acts: pen.append() }).await?;
        pen.check(&reply, &by.directory.root().log).map(drop)
    }

    /// The new keys are signed in: everything that the lost key could open is granted to them, and that key's time
    /// with the firm ends. What is done already is not done again.
    ///
    /// # Errors
    /// [`ClientError::Missing`] when this person did not come back by these sheets; otherwise as usual.
    pub async fn pass_by_sheets(
        &self,
        ring: &Ring,
        by: &BySheets,
        tell: impl AsyncFn(usize, usize) -> bool,
    ) -> Result<PassedOn, ClientError> {
        self.sync_directory(ring).await?;
        let lost = ring.with(|keys| {
            let passed = keys.directory.ceremonies().conducted_by(keys.kid).collect::<Vec<_>>();
            let same = keys.firm() == by.directory.firm();
            passed.first().copied().filter(|_| same).map(|lost| (lost, keys.kid))
        })?;
        let (lost, to) = lost.ok_or(ClientError::Missing)?;
        let passed = self.pass_each(ring, &by.quorum, (lost, to), tell).await?;
        let Some(passed) = passed else { return Ok(PassedOn::default()) };
        self.end_lost(ring, &by.quorum, lost).await?;
        self.enter_office(ring).await?;
        Ok(passed)
    }

    /// Shows the server that these are the shares, by something of its own that they sign.
    async fn answer(&self, firm: Hash32, shares: &[Share]) -> Result<SheetsAnswer, ClientError> {
        let asked = self.call(&StartSheets {}).await?;
        if asked.firm != firm {
            return Err(WRONG);
        }
        let words = shares.iter().map(|share| share.says(Saying::Read(asked.nonce))).collect();
        Ok(SheetsAnswer { nonce: asked.nonce, words })
    }
}

impl BySheets {
    /// The sheets, to open the firm by them once more.
    #[must_use]
    pub fn into_shares(self) -> Vec<Share> {
        self.shares
    }

    /// The firm's fingerprint, as it is printed on each sheet.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        fingerprint::digits(self.directory.firm())
    }

    /// Those who can come back so: lawyers without a last day, whom no wall keeps from anything.
    #[must_use]
    pub fn lost(&self) -> Vec<Lost> {
        let could = |member: &&Member| {
            let placing = member.placing();
            let bound = placing.until.is_some() || placing.matter.is_some();
            let opens = member.bundle.kem.is_some() && member.walls_now().next().is_none();
            member.end().is_none() && opens && !bound
        };
        let one = |member: &Member| Lost {
            kid: member.bundle.kid(),
            handle: self.handle(member.account),
            since: member.bundle.created,
        };
        let mut all: Vec<Lost> = self.directory.members().filter(could).map(one).collect();
        all.sort_by_key(|one| one.since);
        all
    }

    /// Returns by the newest cutting that go on, or were not finished.
    #[must_use]
    pub fn returns(&self) -> Vec<ReturnSeen> {
        let ceremonies = self.directory.ceremonies();
        let goes_on = |one: &&Ceremony| {
            let ended = self.directory.is_ended(one.asked.lost);
            ceremonies.is_open(one) || (one.passed().is_some() && !ended)
        };
        let seen = |one: &Ceremony| {
            Some(ReturnSeen {
                session: one.asked.session,
                lost: one.asked.lost,
                handle: self.handle(one.returning.as_ref()?.account),
                ready: one.ready(|_| true)?,
                admitted: self.directory.member_by_kid(one.asked.to).is_some(),
            })
        };
        ceremonies.sessions().filter(goes_on).filter_map(seen).collect()
    }

    fn handle(&self, account: AccountId) -> String {
        let known = self.handles.iter().find(|one| one.account == account);
        known.map(|one| one.handle.clone()).unwrap_or_default()
    }

    fn returning(
        &self,
        lost: Kid,
        account: AccountId,
        bundle: Vec<u8>,
    ) -> Result<Returning, ClientError> {
        let generation = self.shares.first().ok_or(ClientError::Unfit)?.generation();
        let (session, words) = (RecoveryId::random(), Vec::new());
        let mut act = Returning { session, generation, lost, account, bundle, words };
        let saying = act.saying();
        act.words = self.shares.iter().map(|share| share.says(saying)).collect();
        Ok(act)
    }

    /// Whether every device would take this of the root: the clocks are the server's to compare.
    fn may(&self, act: &RecoveryAct, now: Timestamp) -> Result<(), ClientError> {
        let root = Kid::of_root(self.directory.firm());
        let facts = self.directory.facts(act, root, now);
        let at = When { time: now, arrived: now, leaf: 0 };
        let may = self.directory.ceremonies().may(act, (root, true), &at, &facts);
        may.map_err(|_| ClientError::Unfit)
    }

    fn pen(&self, now: Timestamp) -> Pen {
        Pen::new(now, [(StreamId::Keyring, self.directory.head())])
    }

    fn write<A>(&self, pen: &mut Pen, namespace: Namespace, act: A) -> Result<(), ClientError>
    where
        Placed<A>: minicbor::Encode<()>,
    {
        let root = Kid::of_root(self.directory.firm());
        pen.write(namespace, StreamId::Keyring, act, &self.quorum.root, root).map(drop)
    }
}

/// Puts shares together that the keyring names, each of them.
fn opened(directory: &Directory, shares: &[Share]) -> Result<Quorum, ClientError> {
    let (named, _) = directory.ceremonies().shares().ok_or(WRONG)?;
    let theirs = |share: &Share| {
        let known = named.share(share.number()).map(|named| named.commitment);
        share.generation() == named.generation && known == Some(share.commitment())
    };
    if shares.len() < usize::from(named.threshold) || !shares.iter().all(theirs) {
        return Err(WRONG);
    }
    put_together(directory, named, shares)
}
