//! `USK1`: a key for one recipient, signed inside and sealed outside, with recipient and place
//! bound into both, so that no server can make one, move one or pass one on.
//!
//! ```text
//! off   field           size
//! 0     "USK1"          4
//! 4     suite           1      1
//! 5     recipient kid   32
//! 37    enc             1120   HPKE base, KEM 0x647a, KDF 0x0001, AEAD 0x0003
//! 1157  ct length       4      big endian
//! 1161  ct              n      of a USS1, namespace 6
//! ```
//! HPKE `info` = "underseal/v1/keywrap\0" || SHA-256(CBOR of the context); `aad` = bytes 0..37.

use super::error::FormatError;
use super::hazmat::kem;
use super::keys::Kid;

const MAGIC: &[u8; 4] = b"USK1";
const SUITE: u8 = 1;
const ENC_AT: usize = 37;
const LEN_AT: usize = ENC_AT + kem::ENC;
const CT_AT: usize = LEN_AT + 4;
/// The largest envelope.
pub const MAX_WRAPPED: usize = CT_AT + 4096;

/// An envelope taken apart.
struct Parts<'a> {
    recipient: Kid,
    #[cfg_attr(not(feature = "plaintext"), allow(dead_code))]
    enc: &'a [u8; kem::ENC],
    #[cfg_attr(not(feature = "plaintext"), allow(dead_code))]
    sealed: &'a [u8],
}

fn parse(bytes: &[u8]) -> Result<Parts<'_>, FormatError> {
    if bytes.len() > MAX_WRAPPED {
        return Err(FormatError::TooLong);
    }
    if bytes.len() < CT_AT {
        return Err(FormatError::Length);
    }
    if !bytes.starts_with(MAGIC) {
        return Err(FormatError::Magic);
    }
    if bytes[4] != SUITE {
        return Err(FormatError::VersionUnknown(bytes[4]));
    }
    let (head, sealed) = bytes.split_at(CT_AT);
    let length = head.last_chunk::<4>().map_or(0, |length| u32::from_be_bytes(*length));
    if usize::try_from(length) != Ok(sealed.len()) {
        return Err(FormatError::Length);
    }
    Ok(Parts {
        recipient: Kid::try_from(&bytes[5..ENC_AT])?,
        enc: bytes[ENC_AT..LEN_AT].try_into().map_err(|_| FormatError::Length)?,
        sealed,
    })
}

/// To whom an envelope claims to be sealed, after a check of its shape. What a server can check.
///
/// # Errors
/// When the bytes are no envelope.
pub fn recipient_of(bytes: &[u8]) -> Result<Kid, FormatError> {
    parse(bytes).map(|parts| parts.recipient)
}

#[cfg(feature = "plaintext")]
pub use opening::{Signer, WrapContext, WrappedSeed, open, seal};

#[cfg(feature = "plaintext")]
mod opening {
    use alloc::vec::Vec;

    use minicbor::{Decode, Encode};
    use zeroize::Zeroize as _;

    use super::{ENC_AT, MAGIC, SUITE, parse};
    use crate::crypto::error::{FormatError, OpenError};
    use crate::crypto::hash::{Hash32, sha256};
    use crate::crypto::keys::{KemKey, KemPublic, Kid, SigningKey, VerifyKey};
    use crate::crypto::signed::{MAX_BODY, Namespace, Signed};
    use crate::crypto::{cbor, hazmat, purpose};
    use crate::ids::MatterId;
    use crate::secret::Secret;
    use crate::vuln;

    /// What the wrapped key is for, and where: `{1: firm, 2: matter, 3: epoch, 4: purpose}`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
    #[cbor(map)]
    pub struct WrapContext {
        /// The firm's fingerprint.
        #[n(1)]
        pub firm: Hash32,
        /// The matter.
        #[n(2)]
        pub matter: MatterId,
        /// The matter's epoch.
        #[n(3)]
        pub epoch: u32,
        /// What for: 1 a grant, 2 escrow, 3 a share.
        #[n(4)]
        pub purpose: u8,
    }

    impl WrapContext {
        fn info(&self) -> Vec<u8> {
            let Hash32(context) = sha256(&cbor::encode(self));
            [purpose::KEYWRAP.bytes(), &context].concat()
        }
    }

    /// The signed inside.
    #[derive(Encode, Decode)]
    #[cbor(map)]
    struct Inner {
        #[n(1)]
        version: u8,
        #[n(2)]
        context: WrapContext,
        #[n(3)]
        recipient: Kid,
        #[cbor(n(4), with = "minicbor::bytes")]
        seed: [u8; 32],
        #[n(5)]
        pub_kid: Kid,
        #[n(6)]
        log_seq: u64,
    }

    impl Drop for Inner {
        fn drop(&mut self) {
            self.seed.zeroize();
        }
    }

    /// Who seals an envelope.
    #[derive(Clone, Copy)]
    pub struct Signer<'a> {
        /// The key.
        pub key: &'a SigningKey,
        /// Its id.
        pub kid: Kid,
    }

    /// A seed that came out of an envelope, with what its signer said of it. The caller still
    /// compares: the signer's right to grant at that number, and the key with the one on record.
    pub struct WrappedSeed {
        inner: Inner,
        signer: Kid,
    }

    impl WrappedSeed {
        /// The seed.
        #[must_use]
        pub const fn seed(&self) -> &[u8; 32] {
            &self.inner.seed
        }

        /// Which public bundle it belongs to.
        #[must_use]
        pub const fn pub_kid(&self) -> Kid {
            self.inner.pub_kid
        }

        /// Who sealed it.
        #[must_use]
        pub const fn signer(&self) -> Kid {
            self.signer
        }

        /// The number of the statement that announces it.
        #[must_use]
        pub const fn log_seq(&self) -> u64 {
            self.inner.log_seq
        }
    }

    /// Seals a seed to a recipient.
    ///
    /// # Errors
    /// [`FormatError::Value`] when the recipient's key is not sound.
    pub fn seal(
        recipient: (Kid, &KemPublic),
        context: &WrapContext,
        signer: Signer<'_>,
        seed: &[u8; 32],
        pub_kid: Kid,
        log_seq: u64,
    ) -> Result<Vec<u8>, FormatError> {
        let (rcpt_kid, rcpt_key) = recipient;
        let inner = Inner {
            version: 1,
            context: *context,
            recipient: rcpt_kid,
            seed: *seed,
            pub_kid,
            log_seq,
        };
        let body = Secret::new(cbor::encode(&inner));
        // EXPOSE: the signed body holds the seed and leaves this function only sealed.
        let signed = Signed::sign(Namespace::Grant, signer.key, signer.kid, body.expose())?;
        let signed = Secret::new(signed.into_bytes());
        let mut out = Vec::new();
        out.extend_from_slice(MAGIC);
        out.push(SUITE);
        out.extend_from_slice(&rcpt_kid.0);
        // EXPOSE: the primitive seals it.
        let (enc, sealed) =
            hazmat::kem::seal(rcpt_key.as_bytes(), &context.info(), &out, signed.expose())
                .ok_or(FormatError::Value)?;
        let length = u32::try_from(sealed.len()).map_err(|_| FormatError::TooLong)?;
        out.extend_from_slice(&enc);
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(&sealed);
        Ok(out)
    }

    /// Opens an envelope that must be for me, for this place, from someone known.
    ///
    /// # Errors
    /// [`OpenError::KeyMissing`] when it is for somebody else, [`OpenError::UntrustedKey`] when
    /// `verify` knows no key for the signer or the signature fails, [`OpenError::WrongPlace`] when
    /// the signed context is another, [`OpenError::Tampered`] otherwise.
    pub fn open(
        bytes: &[u8],
        my_kid: Kid,
        my_key: &KemKey,
        context: &WrapContext,
        verify: impl FnOnce(Kid) -> Option<VerifyKey>,
    ) -> Result<WrappedSeed, OpenError> {
        let parts = parse(bytes)?;
        if parts.recipient != my_kid {
            return Err(OpenError::KeyMissing);
        }
        let signed = my_key
            .open(parts.enc, &context.info(), &bytes[..ENC_AT], parts.sealed)
            .ok_or(OpenError::Tampered)?;
        // EXPOSE: parsed in place; the copy inside `Signed` is overwritten below.
        let signed = Signed::parse(signed.expose()).map_err(|_| OpenError::Tampered)?;
        let signer = signed.signer();
        let inner = verify(signer).ok_or(OpenError::UntrustedKey).and_then(|key| {
            if vuln::a05() || vuln::a06() {
                return cbor::decode_strict(signed.body(), MAX_BODY).map_err(OpenError::from);
            }
            signed.body_as::<Inner>(Namespace::Grant, &key).map_err(|_| OpenError::UntrustedKey)
        });
        signed.into_bytes().zeroize();
        let inner = inner?;
        if inner.version != 1 {
            return Err(OpenError::VersionUnknown(inner.version));
        }
        if inner.context != *context || inner.recipient != my_kid {
            return Err(OpenError::WrongPlace);
        }
        Ok(WrappedSeed { inner, signer })
    }
}
