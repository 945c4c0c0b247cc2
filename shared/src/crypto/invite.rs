//! Links: a secret in the fragment that the server never sees, and what is derived from it.
//!
//! The fragment is `1.<base64url of the secret, 32 bytes>.<base64url of the firm's fingerprint,
//! first 20 bytes>`.

#![cfg(feature = "plaintext")]

use alloc::format;
use alloc::string::String;

use super::error::FormatError;
use super::hash::Hash32;
use super::keys::RecordKey;
use super::{hazmat, purpose, rng};
use crate::encoding::{from_base64url, to_base64url};
use crate::ids::InviteId;
use crate::secret::Secret;

/// Bytes of the fingerprint in a link: a second preimage of 160 bits is out of reach.
pub const SHORT_FRF: usize = 20;

/// The secret of a link.
pub struct LinkSecret(Secret<[u8; 32]>);

impl LinkSecret {
    /// A fresh secret.
    #[must_use]
    pub fn generate() -> Self {
        Self::from_bytes(rng::random())
    }

    /// The secret of these bytes, out of the firm's own sealed copy.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Secret::new(bytes))
    }

    /// The bytes, for the firm's own sealed copy.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        // EXPOSE: handed to the caller, who owes the reason.
        self.0.expose()
    }

    /// What the link can do.
    #[must_use]
    pub fn derive(&self) -> LinkKeys {
        let key = |purpose: purpose::Purpose| {
            *hazmat::kdf::hkdf::<32>(self.bytes(), &[], &[purpose.bytes()])
        };
        LinkKeys {
            seal: RecordKey::from_bytes(key(purpose::INVITE)),
            auth: Secret::new(key(purpose::INVITE_AUTH)),
            mac: Secret::new(key(purpose::CI_MAC)),
        }
    }
}

/// What a link's secret gives.
pub struct LinkKeys {
    /// Opens the invitation's blob, a record of kind `Invitation`.
    pub seal: RecordKey,
    /// Shows the server that someone holds the link; the server keeps its SHA-256.
    pub auth: Secret<[u8; 32]>,
    mac: Secret<[u8; 32]>,
}

impl LinkKeys {
    /// Binds a client's keys to the link: HMAC(mac key, "underseal/v1/ci-mac\0" || bundle
    /// length in four bytes || bundle || invitation id || SHA-256 of the blob).
    #[must_use]
    pub fn ci_mac(&self, bundle: &[u8], invite: InviteId, blob: Hash32) -> [u8; 32] {
        let length = u32::try_from(bundle.len()).unwrap_or(u32::MAX).to_be_bytes();
        // EXPOSE: the primitive neither logs nor keeps it.
        hazmat::hash::hmac_sha256(
            self.mac.expose(),
            &[purpose::CI_MAC.bytes(), &length, bundle, invite.as_bytes(), &blob.0],
        )
    }

    /// Checks [`Self::ci_mac`] in constant time.
    #[must_use]
    pub fn check_ci_mac(
        &self,
        mac: &[u8; 32],
        bundle: &[u8],
        invite: InviteId,
        blob: Hash32,
    ) -> bool {
        hazmat::hash::equal(&self.ci_mac(bundle, invite, blob), mac)
    }
}

/// The fragment of a link.
pub struct Fragment {
    /// The link's secret.
    pub secret: LinkSecret,
    /// The beginning of the firm's fingerprint.
    pub firm: [u8; SHORT_FRF],
}

impl Fragment {
    /// The fragment of a link whose secret is known otherwise: from the firm's own sealed copy.
    #[must_use]
    pub fn new(secret: LinkSecret, firm: Hash32) -> Self {
        let mut short = [0; SHORT_FRF];
        short.copy_from_slice(&firm.0[..SHORT_FRF]);
        Self { secret, firm: short }
    }

    /// Reads a fragment, without its `#`.
    ///
    /// # Errors
    /// When it is anything but the one form.
    pub fn parse(text: &str) -> Result<Self, FormatError> {
        let mut parts = text.split('.');
        let (Some(version), Some(secret), Some(firm), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(FormatError::Length);
        };
        if version != "1" {
            return Err(match version.parse::<u8>() {
                Ok(number) => FormatError::VersionUnknown(number),
                Err(_) => FormatError::Magic,
            });
        }
        let secret = Secret::new(from_base64url(secret).ok_or(FormatError::NotCanonical)?);
        let firm = from_base64url(firm).ok_or(FormatError::NotCanonical)?;
        // EXPOSE: the bytes move into their type.
        let secret = secret.expose().as_slice().try_into().map_err(|_| FormatError::Length)?;
        Ok(Self {
            secret: LinkSecret::from_bytes(secret),
            firm: firm.try_into().map_err(|_| FormatError::Length)?,
        })
    }

    /// The fragment of a secret and a firm, without `#`.
    #[must_use]
    pub fn format(secret: &LinkSecret, firm: Hash32) -> Secret<String> {
        let secret = Secret::new(to_base64url(secret.bytes()));
        // EXPOSE: the link is handed to the person who sends it.
        Secret::new(format!("1.{}.{}", secret.expose(), to_base64url(&firm.0[..SHORT_FRF])))
    }

    /// Whether the link is one of this firm.
    #[must_use]
    pub fn is_of(&self, firm: Hash32) -> bool {
        firm.0.starts_with(&self.firm)
    }
}
