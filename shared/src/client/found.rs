//! A firm comes into being on its founder's device: root, recovery key, the founder's own keys,
//! and the office room. The server gets statements and sealed bytes.

use alloc::string::String;

use super::account::{self, Enlisted, Ways};
use super::directory::Directory;
use super::error::ClientError;
use super::host::Host;
use super::opening::Opening;
use super::pen::Pen;
use super::record;
use super::ring::{Keys, Ring};
use super::{Portal, unlock};
use crate::crypto::hash::Hash32;
use crate::crypto::keys::{
    Caps, Identity, KemKey, Kid, MatterKey, PublicBundle, Role, SigningKey, VerifyKey,
};
use crate::crypto::rng;
use crate::crypto::sealed::RecordKind;
use crate::crypto::signed::{Namespace, Signed};
use crate::crypto::slots::{AccountProfile, AccountSecrets};
use crate::crypto::{cbor, fingerprint};
use crate::identity::wire::FoundFirm;
use crate::ids::{AccountId, MatterId, RecordId};
use crate::journal::statement::{Admitted, KeyringAct, MatterAct, RootAct};
use crate::journal::stream::StreamId;
use crate::keys::plain::{FirmV1, PersonV1};
use crate::secret::Secret;

/// What the founder typed.
pub struct Founding {
    /// The firm's name, sealed for its people and its clients.
    pub firm_name: String,
    /// The founder's name, likewise.
    pub display_name: String,
    /// What the founder will type to sign in; visible to the server.
    pub handle: String,
    /// The founder's account, for which passkey and authenticator app were made.
    pub account: AccountId,
    /// How the founder will sign in and unlock.
    pub ways: Ways,
    /// The code that the server printed, where it asks for one.
    pub setup_code: Option<String>,
}

/// What is being made, for a progress that is real.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundingStep {
    /// Root, recovery and identity keys.
    Keys,
    /// The ways in.
    Ways,
    /// The statements.
    Statements,
    /// Sent and confirmed.
    Done,
}

/// A firm that exists.
pub struct Founded {
    /// The founder's unlocked keys.
    pub ring: Ring,
    /// Twelve words to print: the only way in from another device for now.
    pub recovery_words: Secret<String>,
    /// The firm's fingerprint, 12 groups of 5 digits.
    pub fingerprint: String,
}

impl<H: Host> Portal<H> {
    /// Founds the firm and opens the founder's session.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] for a handle the server would not take; the server's refusals.
    pub async fn found(
        &self,
        founding: Founding,
        mut on_step: impl FnMut(FoundingStep),
    ) -> Result<Founded, ClientError> {
        account::check_handle(&founding.handle)?;
        on_step(FoundingStep::Keys);
        let status = self.status().await?;
        let log = VerifyKey::try_from(status.log_key.0.as_slice())
            .map_err(|_| ClientError::Unreadable)?;
        let new = Firm::make(log, self.host.now(), &founding);

        on_step(FoundingStep::Ways);
        let enlisted = account::enlist(
            self,
            account::Newcomer {
                account: new.account,
                handle: founding.handle.clone(),
                ways: &founding.ways,
                secrets: &new.secrets,
            },
        )
        .await?;

        on_step(FoundingStep::Statements);
        let mut pen = Pen::new(self.host.now(), []);
        new.write(&mut pen, &founding)?;
        let Enlisted { new_account, amk, device_secret, recovery_words } = enlisted;
        let call = FoundFirm {
            setup_code: founding.setup_code.clone(),
            account: new_account,
            acts: pen.append(),
        };
        // The device's half of the unlock is kept before the server knows the account, so that no
        // crash can leave an account that this device cannot open.
        unlock::keep_device(self, new.account, &founding.handle, &device_secret, new.firm).await?;
        let reply = self.call(&call).await?;
        pen.check(&reply, &log)?;

        let directory = Directory::begin(&call.acts.statements[0].0, new.firm)?;
        let ring = Ring::new(Keys {
            account: new.account,
            handle: founding.handle,
            kid: new.kid,
            identity: new.secrets.identity,
            amk,
            profile: new.secrets.profile,
            directory,
            rooms: alloc::collections::BTreeMap::new(),
            matter_keys: alloc::collections::BTreeMap::new(),
            papers_keys: alloc::collections::BTreeMap::new(),
            witnessed: None,
        });
        self.sync_directory(&ring).await?;
        on_step(FoundingStep::Done);
        Ok(Founded { ring, recovery_words, fingerprint: fingerprint::digits(new.firm) })
    }
}

/// The keys of a firm about to exist.
struct Firm {
    account: AccountId,
    secrets: AccountSecrets,
    root_act: RootAct,
    firm: Hash32,
    recovery: PublicBundle,
    bundle: PublicBundle,
    kid: Kid,
    office: MatterId,
    office_key: MatterKey,
}

impl Firm {
    fn make(log: VerifyKey, now: crate::time::Timestamp, founding: &Founding) -> Self {
        let root = SigningKey::generate();
        let office = MatterId::random();
        let root_act =
            RootAct { root: root.public(), log, office, created: now, salt: rng::random_id() };
        let firm = root_act.fingerprint();
        let account = founding.account;
        let identity = Identity::generate(Role::Staff);
        let bundle = identity.bundle(Role::Staff, account.0, firm, now, None, Caps::ALL);
        let recovery_key = KemKey::generate();
        let recovery = recovery_key.bundle(Role::Recovery, office.0, firm, now);
        Self {
            account,
            root_act,
            firm,
            recovery,
            kid: bundle.kid(),
            bundle,
            secrets: AccountSecrets {
                identity,
                root: Some(root),
                recovery: Some(recovery_key),
                firm,
                profile: Some(AccountProfile {
                    name: founding.display_name.clone(),
                    firm_name: founding.firm_name.clone(),
                }),
                device: Some(account::device_secret()),
            },
            office,
            office_key: MatterKey::generate(),
        }
    }

    fn write(&self, pen: &mut Pen, founding: &Founding) -> Result<(), ClientError> {
        let root = self.secrets.root.as_ref().ok_or(ClientError::Unfit)?;
        let root = (root, Kid::of_root(self.firm));
        pen.write(Namespace::Root, StreamId::Keyring, self.root_act.clone(), root.0, root.1)?;
        let bundle = Signed::sign(
            Namespace::StaffBundle,
            &self.secrets.identity.signing,
            self.kid,
            &cbor::encode(&self.bundle),
        )
        .map_err(|_| ClientError::Unfit)?;
        let admitted = KeyringAct::Admitted(Admitted {
            account: self.account,
            bundle: bundle.as_bytes().to_vec(),
            enrolment: None,
        });
        pen.write(Namespace::Keyring, StreamId::Keyring, admitted, root.0, root.1)?;
        let recovery = KeyringAct::RecoveryKey(self.recovery.clone());
        pen.write(Namespace::Keyring, StreamId::Keyring, recovery, root.0, root.1)?;

        let opening = Opening { firm: self.firm, matter: self.office, key: &self.office_key };
        let signer = (&self.secrets.identity.signing, self.kid);
        let own = self.bundle.kem.as_ref().ok_or(ClientError::Unfit)?;
        let escrow = self.recovery.kem.as_ref().ok_or(ClientError::Unfit)?;
        opening.write(pen, signer, &[(self.kid, own), (self.recovery.kid(), escrow)])?;
        let firm = FirmV1 { name: founding.firm_name.clone() };
        let person = PersonV1 { account: self.account, name: founding.display_name.clone() };
        self.describe(pen, &firm, RecordKind::Firm, RecordId::random())?;
        // A person's name stands under the account: it counts nowhere else.
        self.describe(pen, &person, RecordKind::Profile, RecordId(self.account.0))
    }

    fn describe<T: minicbor::Encode<()>>(
        &self,
        pen: &mut Pen,
        body: &T,
        kind: RecordKind,
        record: RecordId,
    ) -> Result<(), ClientError> {
        let key = (0, &self.office_key);
        let (at, bytes) = record::seal(body, kind, self.firm, self.office, key, record)?;
        pen.attach(bytes);
        let stream = StreamId::Matter(self.office);
        pen.write(
            Namespace::Matter,
            stream,
            MatterAct::Described(at),
            &self.secrets.identity.signing,
            self.kid,
        )?;
        Ok(())
    }
}
