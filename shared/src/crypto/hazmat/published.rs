//! The vectors of the documents themselves: HPKE with our suite, X-Wing, OPAQUE. The crates take a
//! generator, so one that gives the published bytes makes their messages; what the product calls
//! opens them. Sources stand at the head of each file under `tests/published`.
#![allow(clippy::unwrap_used, reason = "a vector that cannot be read is a failed test")]

use alloc::vec::Vec;
use core::convert::Infallible;

use hpke::{Deserializable as _, Serializable as _};
use opaque_ke::rand;
use opaque_ke::{
    ClientLogin, ClientLoginFinishParameters, ClientRegistration,
    ClientRegistrationFinishParameters, Identifiers, Ristretto255, ServerLogin,
    ServerLoginParameters, ServerRegistration, ServerSetup, TripleDh,
};
use x_wing::{Decapsulate as _, Encapsulate as _, Kem as _, KeyExport as _};

use super::{hash, kem};

const HPKE: &str = include_str!("../../../tests/published/hpke.txt");
const X_WING: &str = include_str!("../../../tests/published/x-wing.txt");
const OPAQUE: &str = include_str!("../../../tests/published/opaque.txt");

/// One vector: lines `name: hex`.
struct Vector<'t>(&'t str);

impl Vector<'_> {
    fn get(&self, name: &str) -> Vec<u8> {
        let value = self.0.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        let digits = value.unwrap_or_else(|| panic!("no {name}")).as_bytes();
        let pairs = digits.chunks_exact(2).map(|pair| core::str::from_utf8(pair).unwrap());
        pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
    }

    fn all(&self, names: &[&str]) -> Vec<u8> {
        names.iter().flat_map(|name| self.get(name)).collect()
    }
}

/// Gives the bytes that a document says were drawn, in their order, and no others.
struct Drawn(Vec<u8>);

impl Drawn {
    fn give(&mut self, out: &mut [u8]) {
        let rest = self.0.split_off(out.len());
        out.copy_from_slice(&core::mem::replace(&mut self.0, rest));
    }

    fn is_used_up(&self) -> bool {
        self.0.is_empty()
    }
}

impl rand_core::TryRng for Drawn {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        rand_core::utils::next_word_via_fill(self)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        rand_core::utils::next_word_via_fill(self)
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        self.give(out);
        Ok(())
    }
}

impl rand_core::TryCryptoRng for Drawn {}

impl rand::RngCore for Drawn {
    fn next_u32(&mut self) -> u32 {
        panic!("nothing here draws words")
    }

    fn next_u64(&mut self) -> u64 {
        panic!("nothing here draws words")
    }

    fn fill_bytes(&mut self, out: &mut [u8]) {
        self.give(out);
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), rand::Error> {
        self.give(out);
        Ok(())
    }
}

impl rand::CryptoRng for Drawn {}

#[test]
fn hpke_seals_and_opens_what_the_draft_publishes() {
    let vector = Vector(HPKE);
    let seed: [u8; 32] = vector.get("skRm").try_into().unwrap();
    let (info, aad, pt) = (vector.get("info"), vector.get("aad"), vector.get("pt"));
    let to = <hpke::kem::XWing as hpke::Kem>::PublicKey::from_bytes(&kem::public(&seed)).unwrap();
    let mut drawn = Drawn(vector.get("ikmE"));
    let (enc, sealed) = hpke::single_shot_seal_with_rng::<
        hpke::aead::ChaCha20Poly1305,
        hpke::kdf::HkdfSha256,
        hpke::kem::XWing,
    >(&hpke::OpModeS::Base, &to, &info, &pt, &aad, &mut drawn)
    .unwrap();
    assert!(drawn.is_used_up());
    // The key depends on every byte of what was encapsulated.
    assert_eq!(sealed, vector.get("ct"));
    let enc: [u8; kem::ENC] = enc.to_bytes().as_slice().try_into().unwrap();
    let key = kem::Expanded::of(&seed);
    assert_eq!(kem::open(&key, &enc, &info, &aad, &sealed).unwrap(), pt);
    assert!(kem::open(&key, &enc, &info, b"Count-1", &sealed).is_none());
    assert!(kem::open(&key, &enc, b"", &aad, &sealed).is_none());
}

#[test]
fn x_wing_agrees_with_its_draft() {
    let vectors: Vec<Vector<'_>> = X_WING.split("\n\n").skip(1).map(Vector).collect();
    assert_eq!(vectors.len(), 3);
    for vector in vectors {
        let seed: [u8; 32] = vector.get("seed").try_into().unwrap();
        let (secret, public) =
            x_wing::XWingKem::generate_keypair_from_rng(&mut Drawn(seed.to_vec()));
        let public_bytes = public.to_bytes();
        // The same key that the product computes from a seed.
        assert_eq!(public_bytes.as_slice(), kem::public(&seed));
        assert_eq!(hash::sha256(&[&public_bytes]).to_vec(), vector.get("pk"));
        let (ct, shared) = public.encapsulate_with_rng(&mut Drawn(vector.get("eseed")));
        assert_eq!(hash::sha256(&[&ct]).to_vec(), vector.get("ct"));
        assert_eq!(shared.to_vec(), vector.get("ss"));
        assert_eq!(secret.decapsulate(&ct).to_vec(), vector.get("ss"));
        let opened = kem::Expanded::of(&seed).decapsulate(ct.as_slice().try_into().unwrap());
        assert_eq!(opened.unwrap().to_vec(), vector.get("ss"));
    }
}

/// Our suite with the vector's key stretching, which is none: ours has its own test.
struct Rfc;

impl opaque_ke::CipherSuite for Rfc {
    type OprfCs = Ristretto255;
    type KeyExchange = TripleDh<Ristretto255, sha2_old::Sha512>;
    type Ksf = opaque_ke::ksf::Identity;
}

/// What the crate draws for a name that nobody has, whether it needs it or not.
const DUMMY: usize = 64;

/// A scalar is drawn as 64 bytes and reduced: the scalar itself, then zeros.
fn scalar(bytes: Vec<u8>) -> Drawn {
    Drawn([bytes, alloc::vec![0; 32]].concat())
}

#[test]
fn opaque_says_what_rfc_9807_says() {
    let vector = Vector(OPAQUE);
    let (password, account) = (vector.get("password"), vector.get("credential_identifier"));
    let context = vector.get("context");
    let public = "server_public_key";
    let setup = vector.all(&["oprf_seed", "server_private_key", public]);
    let setup = ServerSetup::<Rfc>::deserialize(&setup).unwrap();

    let mut drawn = scalar(vector.get("blind_registration"));
    let asked = ClientRegistration::<Rfc>::start(&mut drawn, &password).unwrap();
    assert_eq!(asked.message.serialize().to_vec(), vector.get("registration_request"));
    let answer = ServerRegistration::<Rfc>::start(&setup, asked.message, &account).unwrap();
    assert_eq!(answer.message.serialize().to_vec(), vector.get("registration_response"));
    let mut drawn = Drawn(vector.get("envelope_nonce"));
    let parameters = ClientRegistrationFinishParameters::default();
    let done = asked.state.finish(&mut drawn, &password, answer.message, parameters).unwrap();
    assert_eq!(done.message.serialize().to_vec(), vector.get("registration_upload"));
    assert_eq!(done.export_key.to_vec(), vector.get("export_key"));
    let record = ServerRegistration::finish(done.message);

    let mut drawn = scalar(vector.get("blind_login"));
    drawn.0.extend(vector.all(&["client_keyshare_seed", "client_nonce"]));
    let asked = ClientLogin::<Rfc>::start(&mut drawn, &password).unwrap();
    assert_eq!(asked.message.serialize().to_vec(), vector.get("ke1"));
    let mut drawn = Drawn(alloc::vec![0; DUMMY]);
    drawn.0.extend(vector.all(&["masking_nonce", "server_keyshare_seed", "server_nonce"]));
    let server =
        || ServerLoginParameters { context: Some(&context), identifiers: Identifiers::default() };
    let answer =
        ServerLogin::start(&mut drawn, &setup, Some(record), asked.message, &account, server())
            .unwrap();
    assert!(drawn.is_used_up());
    assert_eq!(answer.message.serialize().to_vec(), vector.get("ke2"));
    let parameters = ClientLoginFinishParameters {
        context: Some(&context),
        ..ClientLoginFinishParameters::default()
    };
    let mut none = Drawn(Vec::new());
    let done = asked.state.finish(&mut none, &password, answer.message, parameters).unwrap();
    assert_eq!(done.message.serialize().to_vec(), vector.get("ke3"));
    assert_eq!(done.session_key.to_vec(), vector.get("session_key"));
    assert_eq!(done.export_key.to_vec(), vector.get("export_key"));
    let agreed = answer.state.finish(done.message, server()).unwrap();
    assert_eq!(agreed.session_key.to_vec(), vector.get("session_key"));
}
