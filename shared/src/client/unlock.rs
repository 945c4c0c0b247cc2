//! Signing in: the passphrase's proof opens the session, and with the device's secret the keys.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::Portal;
use super::account;
use super::directory::Directory;
use super::error::{ClientError, Thing};
use super::factors::{Second, SignedIn};
use super::host::Host;
use super::pin;
use super::ring::{Keys, Ring};
use super::turn::both;
use super::verified::Whose;
use crate::crypto::cbor;
use crate::crypto::hash::Hash32;
use crate::crypto::keys::{AccountKey, Kek, KemKey};
use crate::crypto::opaque;
use crate::crypto::recovery::RecoveryCode;
use crate::crypto::sealed::SlotKind;
use crate::crypto::slots::{self, AccountSecrets, DEVICE_SECRET};
use crate::encoding::B64;
use crate::identity::wire::factors::Factors;
use crate::identity::wire::{
    self, AccountOpened, FinishSignIn, ReplaceUnlock, SignInByRecovery, SignOut, Slot, StartSignIn,
};
use crate::ids::AccountId;
use crate::journal::stream::StreamId;
use crate::journal::wire::From;
use crate::secret::Secret;
use crate::vuln;

const LAST_HANDLE: &str = "device/handle";
const BROKEN: ClientError = ClientError::NotVerified(Thing::Account);

/// What a device keeps for one account.
#[derive(Encode, Decode)]
#[cbor(map)]
pub(super) struct DeviceRecord {
    #[cbor(n(1), with = "minicbor::bytes")]
    secret: [u8; DEVICE_SECRET],
    #[n(2)]
    pub(super) account: AccountId,
    #[n(3)]
    pub(super) firm: Hash32,
}

/// Where a device keeps its halves of the accounts that were opened on it.
pub(crate) const ACCOUNTS: &str = "device/account/";

fn device_key(handle: &str) -> String {
    format!("{ACCOUNTS}{handle}")
}

/// Keeps the device's half of an account's unlock.
pub(crate) async fn keep_device<H: Host>(
    portal: &Portal<H>,
    account: AccountId,
    handle: &str,
    secret: &Secret<[u8; DEVICE_SECRET]>,
    firm: Hash32,
) -> Result<(), ClientError> {
    // EXPOSE: the device's store seals what it keeps.
    let record = DeviceRecord { secret: *secret.expose(), account, firm };
    let host = &portal.host;
    host.save(&device_key(handle), &cbor::encode(&record)).await?;
    host.save(LAST_HANDLE, handle.as_bytes()).await?;
    Ok(())
}

/// A passphrase that the server found right, and this device's half.
pub(super) struct Proven {
    device: DeviceRecord,
    export: Secret<Vec<u8>>,
}

/// The secret that a passphrase needs besides.
type DeviceSecret = Secret<[u8; DEVICE_SECRET]>;

impl<H: Host> Portal<H> {
    /// The sign-in name that this device used last.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub async fn known_handle(&self) -> Result<Option<String>, ClientError> {
        let bytes = self.host.load(LAST_HANDLE).await?;
        Ok(bytes.and_then(|bytes| String::from_utf8(bytes).ok()))
    }

    /// Signs in and unlocks on a device that the account knows, or comes as far as the second factor.
    ///
    /// # Errors
    /// [`ClientError::SignIn`], [`ClientError::NewDevice`] when this device has no secret of the
    /// account, [`ClientError::NotVerified`] when the server shows other keys.
    pub async fn sign_in(
        &self,
        handle: &str,
        passphrase: &Secret<String>,
    ) -> Result<SignedIn, ClientError> {
        account::check_handle(handle).map_err(|_| ClientError::SignIn)?;
        let device = self.device(handle).await?;
        let (answer, export) = self.prove(handle, passphrase).await?;
        let proven = Proven { device: device.ok_or(ClientError::NewDevice)?, export };
        match (answer.opened, answer.second) {
            (Some(opened), None) => {
                Ok(SignedIn::Open(self.open_proven(handle, opened, &proven).await?))
            }
            (None, Some(wanted)) => {
                Ok(SignedIn::Second(Second { handle: handle.to_string(), proven, wanted }))
            }
            _ => Err(ClientError::Unreadable),
        }
    }

    /// Unlocks by a passphrase that was proven.
    pub(super) async fn open_proven(
        &self,
        handle: &str,
        opened: AccountOpened,
        proven: &Proven,
    ) -> Result<Ring, ClientError> {
        let Proven { device, export } = proven;
        if device.account != opened.account {
            return Err(BROKEN);
        }
        // EXPOSE: the export key goes into the key derivation, which neither logs nor keeps it.
        let kek = slots::kek_from_opaque(export.expose(), &device.secret);
        let known = opened.known.clone();
        let unlocked = self.unlock(handle, opened, &kek, SlotKind::Opaque, Some(device.firm)).await;
        let (ring, _) = unlocked?;
        self.keep_known(handle, &known).await;
        Ok(ring)
    }

    /// Signs in on a new device by the recovery words, and sets a passphrase that holds from now on,
    /// here and on every device that opened the account before.
    ///
    /// # Errors
    /// [`ClientError::SignIn`] for wrong words or name; otherwise as [`Portal::sign_in`].
    pub async fn sign_in_with_words(
        &self,
        handle: &str,
        words: &Secret<String>,
        new_passphrase: &Secret<String>,
    ) -> Result<Ring, ClientError> {
        let ring = self.enter_with_words(handle, words).await?;
        self.set_passphrase(&ring, new_passphrase).await?;
        Ok(ring)
    }

    /// Sets the passphrase that holds from now on, here and on every device that opened the account before.
    ///
    /// # Errors
    /// [`ClientError::StepUp`] when no factor was shown within five minutes; refused as stale when it was
    /// changed elsewhere meanwhile.
    pub async fn set_passphrase(
        &self,
        ring: &Ring,
        passphrase: &Secret<String>,
    ) -> Result<(), ClientError> {
        // Another tab may have signed somebody else in.
        let Factors { account, version, .. } = self.factors().await?;
        let (mine, handle, firm) =
            ring.with(|keys| (keys.account, keys.handle.clone(), keys.firm()))?;
        if mine != account {
            return Err(ClientError::Locked);
        }
        let (record, export) = account::register(self, account, passphrase).await?;
        // Accounts of before have none: then other devices need the words, too.
        let device = self.device(&handle).await?.filter(|device| device.account == account);
        let secret =
            device.map_or_else(account::device_secret, |device| Secret::new(device.secret));
        let slot =
            ring.with(|keys| account::passphrase_slot(account, &keys.amk, &export, &secret))??;
        keep_device(self, account, &handle, &secret, firm).await?;
        let slots = alloc::vec![slot];
        self.call(&ReplaceUnlock { record: B64(record), slots, version }).await?;
        Ok(())
    }

    /// Signs in by the recovery words on a new device and leaves the account as it is: a passkey may be
    /// added next, or another way in.
    ///
    /// # Errors
    /// As [`Portal::sign_in_with_words`].
    pub async fn enter_with_words(
        &self,
        handle: &str,
        words: &Secret<String>,
    ) -> Result<Ring, ClientError> {
        let code = parse_words(words)?;
        let opened = self.prove_words(handle, &code).await?;
        let (account, known) = (opened.account, opened.known.clone());
        let kek = slots::kek_from_recovery(&code);
        let (ring, secret) = self.unlock(handle, opened, &kek, SlotKind::Recovery, None).await?;
        self.keep_known(handle, &known).await;
        if let Some(secret) = secret {
            keep_device(self, account, handle, &secret, ring.with(Keys::firm)?).await?;
        }
        Ok(ring)
    }

    /// Signs in by the recovery words for this once: nothing is kept here, and the account stays as
    /// it is. For a command that does one thing and ends.
    ///
    /// # Errors
    /// As [`Portal::sign_in_with_words`].
    pub async fn visit_with_words(
        &self,
        handle: &str,
        words: &Secret<String>,
    ) -> Result<Ring, ClientError> {
        let code = parse_words(words)?;
        let opened = self.prove_words(handle, &code).await?;
        let kek = slots::kek_from_recovery(&code);
        let unlocked = self.unlock(handle, opened, &kek, SlotKind::Recovery, None).await;
        unlocked.map(|(ring, _)| ring)
    }

    async fn prove_words(
        &self,
        handle: &str,
        code: &RecoveryCode,
    ) -> Result<AccountOpened, ClientError> {
        account::check_handle(handle).map_err(|_| ClientError::SignIn)?;
        let handle = handle.to_string();
        // EXPOSE: the token shows the server that somebody holds the words, and opens nothing.
        let token = B64(code.auth_token().expose().to_vec());
        let known = self.known(&handle).await;
        self.call(&SignInByRecovery { handle, token, known }).await
    }

    /// Ends the session and forgets the keys, and what this device had verified with them.
    ///
    /// # Errors
    /// When the server cannot be reached; the keys are forgotten all the same.
    pub async fn sign_out(&self, ring: &Ring) -> Result<(), ClientError> {
        ring.lock();
        let (_, ended) = both(self.forget_verified(ring), self.end_session(ring)).await;
        ended
    }

    /// Ends the session and forgets the keys, for somebody who comes back: what this device verified
    /// stays, sealed under the account's key.
    ///
    /// # Errors
    /// As [`Portal::sign_out`].
    pub async fn end_session(&self, ring: &Ring) -> Result<(), ClientError> {
        ring.lock();
        if ring.owes_alarm() {
            self.keep_alarm(ring).await;
        }
        self.call(&SignOut {}).await?;
        Ok(())
    }

    pub(super) async fn device(&self, handle: &str) -> Result<Option<DeviceRecord>, ClientError> {
        let Some(bytes) = self.host.load(&device_key(handle)).await? else { return Ok(None) };
        cbor::decode_strict(&bytes, 256).map(Some).map_err(|_| ClientError::Store)
    }

    async fn prove(
        &self,
        handle: &str,
        passphrase: &Secret<String>,
    ) -> Result<(wire::SignedIn, Secret<Vec<u8>>), ClientError> {
        let known = self.known(handle).await;
        // EXPOSE: the passphrase goes into the protocol, which neither logs nor keeps it.
        let (state, message) =
            opaque::login_start(passphrase.expose().as_bytes()).map_err(|_| ClientError::SignIn)?;
        let message = B64(message);
        let call = StartSignIn { handle: handle.to_string(), message, known: known.clone() };
        let started = self.call(&call).await?;
        let (message, export) =
            self.host.finish_sign_in(state.expose(), passphrase, &started.message.0).await?;
        let call = FinishSignIn { attempt: started.attempt, message: B64(message), known };
        let answer = self.call(&call).await?;
        Ok((answer, export))
    }

    pub(super) async fn unlock(
        &self,
        handle: &str,
        opened: AccountOpened,
        kek: &Kek,
        kind: SlotKind,
        pinned: Option<Hash32>,
    ) -> Result<(Ring, Option<DeviceSecret>), ClientError> {
        let amk = open_slot(&opened, kek, kind)?;
        #[cfg(feature = "vuln")]
        vuln::convert(&*self.host, &amk).await;
        let context = account::secrets_context(opened.account);
        // The root and the recovery key stay sealed: nothing in daily work needs them.
        let AccountSecrets { identity, firm, profile, device, .. } =
            slots::open_secrets(&amk, &context, &opened.secrets.0).map_err(|_| BROKEN)?;
        if pinned.is_some_and(|pinned| pinned != firm) {
            return Err(BROKEN);
        }
        let whose = Whose { firm, account: opened.account };
        let directory = match self.resume_directory(whose, &amk).await {
            Some(mut directory) => {
                let extended = self.extend_directory(&mut directory).await;
                if let Err(ClientError::NotVerified(_)) = extended {
                    self.let_go(whose, StreamId::Keyring).await;
                }
                extended.map(|()| directory)?
            }
            None => self.read_directory(firm).await?,
        };
        let member = directory.member_by_account(opened.account).ok_or(BROKEN)?;
        // The public halves are recomputed from the seeds: the server cannot swap either side.
        let public = identity.kem.as_ref().map(KemKey::public);
        let is_mine = member.bundle.verify_key == Some(identity.signing.public())
            && member.bundle.kem == public;
        if !is_mine && !vuln::a08() && !vuln::a09() {
            return Err(BROKEN);
        }
        let kid = member.bundle.kid();
        let ring = Ring::new(Keys {
            account: opened.account,
            handle: handle.to_string(),
            identity,
            kid,
            amk,
            profile,
            directory,
            rooms: BTreeMap::new(),
            matter_keys: BTreeMap::new(),
            papers_keys: BTreeMap::new(),
            witnessed: None,
        });
        self.keep_later(&ring, Vec::new()).await;
        Ok((ring, device))
    }

    async fn read_directory(&self, firm: Hash32) -> Result<Directory, ClientError> {
        // The log's key stands in the first statement, which carries the firm's fingerprint; under it the
        // page is proven that the statement came with.
        let asked = self.ask(firm, alloc::vec![From { stream: StreamId::Keyring, seq: 0 }]).await?;
        let root = asked.page.entries.first().ok_or(ClientError::NotVerified(Thing::Keyring))?;
        let mut directory = Directory::begin(&root.statement.0, firm)?;
        let pin::Proven { news, refused, .. } = self.prove_page(&directory.log(), asked).await?;
        if !refused.is_empty() {
            return Err(ClientError::NotVerified(Thing::Keyring));
        }
        self.hold_leaves(&directory.log(), &news.entries).await?;
        for entry in news.entries.iter().skip(1) {
            directory.apply(entry)?;
        }
        self.remember_ends(firm, [(StreamId::Keyring, directory.head())]).await?;
        if news.more {
            self.extend_directory(&mut directory).await?;
        }
        Ok(directory)
    }
}

fn parse_words(words: &Secret<String>) -> Result<RecoveryCode, ClientError> {
    // EXPOSE: the words become the code's key and token.
    RecoveryCode::parse(words.expose()).map_err(|_| ClientError::SignIn)
}

fn open_slot(opened: &AccountOpened, kek: &Kek, kind: SlotKind) -> Result<AccountKey, ClientError> {
    let of_kind = |slot: &&Slot| slot.kind == kind as u8;
    let opens = |slot: &Slot| {
        let context = account::context(opened.account, slot.slot, kind);
        slots::open_amk(kek, &context, &slot.sealed.0).ok()
    };
    opened.slots.iter().filter(of_kind).find_map(opens).ok_or(BROKEN)
}
