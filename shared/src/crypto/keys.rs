//! Secret keys, one type a use. None can be cloned, printed or serialised, none turns into another
//! by itself, and each is overwritten when it is dropped. Public halves are always recomputed from
//! the seed and never taken from storage, so that a tampered public half has nothing to act on.

use super::rng;
use crate::secret::Secret;

pub use super::bundle::{Caps, KEM_ID, KEM_PUBLIC, KemPublic, Kid, PublicBundle, Role, VerifyKey};

/// An Ed25519 key, kept as its seed.
pub struct SigningKey(Secret<[u8; 32]>);

impl SigningKey {
    /// A fresh key.
    #[must_use]
    pub fn generate() -> Self {
        Self::from_seed(rng::random())
    }

    /// The key of a seed.
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(Secret::new(seed))
    }

    /// The seed, for storage that seals it at once; the server writes its log key to its own disk.
    #[must_use]
    pub fn seed(&self) -> &[u8; 32] {
        // EXPOSE: handed to the caller, who owes the reason.
        self.0.expose()
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> VerifyKey {
        // EXPOSE: the primitive neither logs nor keeps it.
        VerifyKey(super::hazmat::sign::public(self.0.expose()))
    }

    /// Signs bytes that already begin with a label of [`super::purpose`].
    #[must_use]
    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        // EXPOSE: the primitive neither logs nor keeps it.
        super::hazmat::sign::sign(self.0.expose(), message)
    }
}

#[cfg(feature = "plaintext")]
pub use opening::{AccountKey, FileKey, Identity, Kek, KemKey, MatterKey, RecordKey};

/// The keys that open what people write, or that unlock such keys.
#[cfg(feature = "plaintext")]
mod opening {
    use std::sync::OnceLock;

    use super::{Caps, KemPublic, Kid, PublicBundle, Role, SigningKey, rng};
    use crate::crypto::hash::Hash32;
    use crate::crypto::{hazmat, purpose};
    use crate::ids::MatterId;
    use crate::secret::Secret;
    use crate::time::Timestamp;

    /// An X-Wing key, kept as its seed, and as what the seed expands to once it opened something.
    pub struct KemKey {
        seed: Secret<[u8; 32]>,
        expanded: OnceLock<hazmat::kem::Expanded>,
    }

    impl KemKey {
        /// A fresh key.
        #[must_use]
        pub fn generate() -> Self {
            Self::from_seed(rng::random())
        }

        /// The key of a seed.
        #[must_use]
        pub fn from_seed(seed: [u8; 32]) -> Self {
            Self { seed: Secret::new(seed), expanded: OnceLock::new() }
        }

        /// The seed, for storage that seals it at once.
        #[must_use]
        pub fn seed(&self) -> &[u8; 32] {
            // EXPOSE: handed to the caller, who owes the reason.
            self.seed.expose()
        }

        /// The public half.
        #[must_use]
        pub fn public(&self) -> KemPublic {
            KemPublic::of_seed(self.seed())
        }

        /// The bundle that announces a key which opens and signs nothing.
        #[must_use]
        pub fn bundle(
            &self,
            role: Role,
            subject: [u8; 16],
            firm: Hash32,
            created: Timestamp,
        ) -> PublicBundle {
            PublicBundle {
                role,
                subject,
                firm,
                verify_key: None,
                kem: Some(self.public()),
                created,
                previous: None,
                caps: Caps::NONE,
            }
        }

        /// HPKE base mode: opens what was sealed to [`Self::public`].
        pub(crate) fn open(
            &self,
            enc: &[u8; hazmat::kem::ENC],
            info: &[u8],
            aad: &[u8],
            sealed: &[u8],
        ) -> Option<Secret<alloc::vec::Vec<u8>>> {
            let key = self.expanded.get_or_init(|| hazmat::kem::Expanded::of(self.seed()));
            hazmat::kem::open(key, enc, info, aad, sealed).map(Secret::new)
        }
    }

    /// The key of one epoch of one matter; at the same time an age identity.
    pub struct MatterKey(KemKey);

    impl MatterKey {
        /// A fresh key.
        #[must_use]
        pub fn generate() -> Self {
            Self(KemKey::generate())
        }

        /// The key of a seed, as a grant carries it.
        #[must_use]
        pub fn from_seed(seed: &[u8; 32]) -> Self {
            Self(KemKey::from_seed(*seed))
        }

        /// The seed, for a grant.
        #[must_use]
        pub fn seed(&self) -> &[u8; 32] {
            self.0.seed()
        }

        /// The X-Wing key itself, for opening files.
        #[must_use]
        pub const fn kem(&self) -> &KemKey {
            &self.0
        }

        /// The public half.
        #[must_use]
        pub fn public(&self) -> KemPublic {
            self.0.public()
        }

        /// The bundle that announces this key.
        #[must_use]
        pub fn bundle(
            &self,
            matter: MatterId,
            firm: Hash32,
            created: Timestamp,
            previous: Option<Kid>,
        ) -> PublicBundle {
            PublicBundle { previous, ..self.0.bundle(Role::Matter, matter.0, firm, created) }
        }

        /// The key for the matter's small records: HKDF(seed, "", "underseal/v1/mrk\0" || matter ||
        /// epoch in four bytes).
        #[must_use]
        pub fn record_key(&self, matter: MatterId, epoch: u32) -> RecordKey {
            let info: [&[u8]; 3] = [purpose::MRK.bytes(), matter.as_bytes(), &epoch.to_be_bytes()];
            RecordKey::from_bytes(*hazmat::kdf::hkdf(self.seed(), &[], &info))
        }
    }

    macro_rules! symmetric {
        ($(#[$doc:meta])* $name:ident, $len:expr) => {
            $(#[$doc])*
            pub struct $name(Secret<[u8; $len]>);

            impl $name {
                /// A fresh key.
                #[must_use]
                pub fn generate() -> Self {
                    Self::from_bytes(rng::random())
                }

                /// The key of these bytes.
                #[must_use]
                pub fn from_bytes(bytes: [u8; $len]) -> Self {
                    Self(Secret::new(bytes))
                }

                /// The bytes, for the primitive that uses them or the envelope that seals them.
                pub(crate) fn bytes(&self) -> &[u8; $len] {
                    // EXPOSE: handed to the caller, who owes the reason.
                    self.0.expose()
                }
            }
        };
    }

    symmetric!(
        /// Seals and opens small records; comes from a matter's key, an account's or a device's.
        RecordKey, 32
    );
    symmetric!(
        /// Unlocks one slot and does nothing else.
        Kek, 32
    );
    symmetric!(
        /// An account's master key (AMK). It only wraps: the account's seeds, and the keys of the
        /// account's own records.
        AccountKey, 32
    );
    symmetric!(
        /// The file key of one age file. Spent when the file is sealed or opened.
        FileKey, 16
    );

    impl AccountKey {
        /// The key for the account's own records.
        #[must_use]
        pub fn record_key(&self) -> RecordKey {
            RecordKey::from_bytes(*hazmat::kdf::hkdf(
                self.bytes(),
                &[],
                &[purpose::ACCOUNT.bytes()],
            ))
        }

        /// As the key of the slot that holds the account's seeds.
        pub(crate) fn as_kek(&self) -> Kek {
            Kek::from_bytes(*self.bytes())
        }
    }

    /// The keys of one person: one to sign, one to open. Administrators have only the first.
    pub struct Identity {
        /// Signs.
        pub signing: SigningKey,
        /// Opens.
        pub kem: Option<KemKey>,
    }

    impl Identity {
        /// Fresh keys for a role; roles that own no KEM key get none.
        #[must_use]
        pub fn generate(role: Role) -> Self {
            let opens = matches!(role, Role::Staff | Role::Client);
            Self { signing: SigningKey::generate(), kem: opens.then(KemKey::generate) }
        }

        /// The public bundle, with the public halves recomputed.
        #[must_use]
        pub fn bundle(
            &self,
            role: Role,
            subject: [u8; 16],
            firm: Hash32,
            created: Timestamp,
            previous: Option<Kid>,
            caps: Caps,
        ) -> PublicBundle {
            PublicBundle {
                role,
                subject,
                firm,
                verify_key: Some(self.signing.public()),
                kem: self.kem.as_ref().map(KemKey::public),
                created,
                previous,
                caps,
            }
        }
    }
}
