//! A passkey in software, as a browser's authenticator is one: ES256, no attestation, a counter. Made from
//! a name, so that whoever knows the name has it. What a test needs to be wrong can be made wrong.

use std::sync::atomic::{AtomicU32, Ordering};

use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use shared::client::passkey::{MadePasskey, Signed};
use shared::crypto::hash::sha256;
use shared::encoding::{B64, to_base64url};
use shared::identity::wire::factors::{Assertion, Ceremony};
use shared::secret::Secret;

/// Where pages of these tests say they are.
pub const ORIGIN: &str = "http://localhost:8080";

/// Bytes of a signature, the most usual.
const DER: usize = 71;

/// Grows with every signature of this process, as one authenticator's does.
static COUNTER: AtomicU32 = AtomicU32::new(1);

/// See the module.
#[derive(Clone)]
pub struct SoftPasskey {
    /// What it signs with.
    pub key: SigningKey,
    /// Its credential id.
    pub id: Vec<u8>,
    /// What its PRF gives; none for one without.
    pub prf: Option<[u8; 32]>,
    /// The site it was made for.
    pub host: String,
    /// What the page says it is.
    pub origin: String,
    /// What it says of whoever touched it: present and verified.
    pub flags: u8,
    /// What its counter says, when not the next number.
    pub counter: Option<u32>,
}

impl SoftPasskey {
    /// The one of this name, that proves and does not unlock.
    pub fn of(name: &str) -> Self {
        let seed = sha256(format!("a passkey of {name}").as_bytes()).0;
        Self {
            key: SigningKey::from_slice(&seed).unwrap(),
            id: sha256(&seed).0[..16].to_vec(),
            prf: None,
            host: "localhost".into(),
            origin: ORIGIN.into(),
            flags: 0x05,
            counter: None,
        }
    }

    /// The same with a PRF.
    pub fn unlocking(name: &str) -> Self {
        let prf = Some(sha256(format!("the prf of {name}").as_bytes()).0);
        Self { prf, ..Self::of(name) }
    }

    fn client_data(&self, kind: &str, challenge: &B64) -> Vec<u8> {
        let challenge = to_base64url(&challenge.0);
        let origin = &self.origin;
        let text = format!(
            r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}","crossOrigin":false}}"#
        );
        text.into_bytes()
    }

    // WebAuthn section 6.1.
    fn authenticator_data(&self, flags: u8) -> Vec<u8> {
        let next = COUNTER.fetch_add(1, Ordering::SeqCst);
        let counter = self.counter.unwrap_or(next).to_be_bytes();
        [&sha256(self.host.as_bytes()).0[..], &[flags], &counter].concat()
    }

    /// Is made.
    pub fn make(&self, ceremony: &Ceremony) -> MadePasskey {
        let mut data = self.authenticator_data(self.flags | 0x40);
        data.extend_from_slice(&[0; 16]);
        data.extend_from_slice(&u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend_from_slice(&self.id);
        data.extend_from_slice(&self.cose_key());
        let mut object = minicbor::Encoder::new(Vec::new());
        object.map(3).unwrap().str("fmt").unwrap().str("none").unwrap();
        object.str("attStmt").unwrap().map(0).unwrap();
        object.str("authData").unwrap().bytes(&data).unwrap();
        MadePasskey {
            attempt: ceremony.attempt.clone(),
            object: object.into_writer(),
            client_data: self.client_data("webauthn.create", &ceremony.challenge),
            prf: self.prf.map(Secret::new),
        }
    }

    // RFC 9053 section 7.1: EC2, ES256, P-256.
    fn cose_key(&self) -> Vec<u8> {
        let point = self.key.verifying_key().to_sec1_point(false);
        let mut key = minicbor::Encoder::new(Vec::new());
        key.map(5).unwrap().i8(1).unwrap().i8(2).unwrap().i8(3).unwrap().i8(-7).unwrap();
        key.i8(-1).unwrap().i8(1).unwrap();
        key.i8(-2).unwrap().bytes(point.x().unwrap()).unwrap();
        key.i8(-3).unwrap().bytes(point.y().unwrap()).unwrap();
        key.into_writer()
    }

    /// Signs. DER has lengths of its own; here it always has the same, for whoever compares what goes out.
    pub fn sign(&self, challenge: &B64) -> Assertion {
        let client_data = self.client_data("webauthn.get", challenge);
        loop {
            let data = self.authenticator_data(self.flags);
            let signed = [&data[..], &sha256(&client_data).0].concat();
            let signature: Signature = self.key.sign(&signed);
            let signature = signature.to_der().as_bytes().to_vec();
            if signature.len() == DER || self.counter.is_some() {
                return Assertion {
                    credential: B64(self.id.clone()),
                    authenticator: B64(data),
                    client_data: B64(client_data),
                    signature: B64(signature),
                };
            }
        }
    }

    /// Signs and gives its PRF, as the browser hands both over.
    pub fn touched(&self, challenge: &B64) -> Signed {
        Signed { assertion: self.sign(challenge), prf: self.prf.map(Secret::new) }
    }
}
